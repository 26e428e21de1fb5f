# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Questions and cures, for the scripts that run in the namespace of a test of prt explain.

# ask QUESTION…: prt explain, kept for `cure` and `again`
ask() {
	question=("$@")
	answer=$(prt explain "$@")
	printf '%s\n' "$answer"
}

again() {
	ask "${question[@]}"
}

# cure [N] [SED…]: does what the N-th line of the cures says, a placeholder filled in by sed
cure() {
	local command
	command=$(sed -nE 's/^(cure|   or|   and) +([^ ].*[^ ])   *[^ ].*/\2/p' <<<"$answer" |
		sed -n "${1:-1}p" | sed -E "${2-}")
	echo "+ $command"
	sh -c "$command" >/dev/null
}

# carrier_gone DEV: its peer goes down, and the kernel has noticed
carrier_gone() {
	local i=0
	ip link set "p${1//[!35]/}" down
	until ip route show table all dev "$1" | grep -q linkdown || [ $((i++)) -gt 100 ]; do
		sleep .05
	done
}
