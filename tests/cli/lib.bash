# SPDX-License-Identifier: GPL-2.0-or-later
# For every bats file: `load lib`. NP_BUILD is the folder of the binaries.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0
NP_TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
case ${NP_BUILD:=build} in
/*) ;;
*) NP_BUILD=$NP_TOP/$NP_BUILD ;;
esac
PATH=$NP_BUILD:$PATH
export NP_TOP NP_BUILD PATH LC_ALL=C.UTF-8
unset NO_COLOR

# wait_for COMMAND...: until it succeeds, some seconds at most; failure says what did not come
wait_for() {
	local i
	for ((i = 0; i < 1000; i++)); do
		! "$@" || return 0
		sleep .02
	done
	echo "waited in vain for: $*" >&2
	return 1
}

# is_apart PID: it has a network namespace of its own
is_apart() {
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

export -f wait_for is_apart # for scripts that are run in a namespace
