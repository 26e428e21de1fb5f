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

# carrier DEV: its link is up
carrier() {
	wait_for eval "ip link show $1 | grep -q LOWER_UP"
}

# carrier_gone DEV: its peer goes down, and the kernel has noticed
carrier_gone() {
	ip link set "p${1//[!35]/}" down
	wait_for eval "ip route show table all dev $1 | grep -q linkdown"
}

# wire …: see wire.py
wire() {
	python3 "${BASH_SOURCE[0]%/*}/wire.py" "$@"
}

# others: who is on the links; all have a link address that is none of this host's
them=00:00:5e:00:01:01
others() {
	local n
	for n in 1 9; do ip neigh replace "10.0.1.$n" lladdr $them dev enp5s0; done
	for n in 1 9 77; do ip neigh replace "192.168.235.$n" lladdr $them dev enp3s0; done
}

# echoes: requests and replies that came to this host itself since it was asked last
echoes() {
	local now
	now=$(awk '$1 == "Icmp:" && $2 ~ /[0-9]/ { print $10, $11 }' /proc/net/snmp)
	echo "echoes $((${now% *} - ${heard[0]:-0})) $((${now#* } - ${heard[1]:-0}))"
	read -ra heard <<<"$now"
}
