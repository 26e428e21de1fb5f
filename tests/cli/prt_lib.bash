# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of prt: the same commands by ip and by prt, each in a namespace of its own.
# shellcheck shell=bash disable=SC2016

# in_ns COMMAND…: in a fresh user and network namespace, lo up
in_ns() {
	unshare -rn bash -c 'ip link set lo up && "$@"' _ "$@"
}

# transcript TOOL FILE: runs each line of FILE behind TOOL; stdout, then the status as
# ip(8) has it (2: refused by the kernel, 1: everything else)
transcript() {
	in_ns bash -c '
		while IFS= read -r line; do
			echo "\$ $line"
			eval "$1 $line" 2>"$3"
			s=$?
			[ -s "$3" ] && echo "! (said)"
			[ $s = 0 ] || [ $s = 2 ] || s=1
			[ $s = 0 ] || echo "? $s"
		done <"$2"' _ "$1" "$2" "$BATS_TEST_TMPDIR/stderr"
}

# same: lines from stdin, by ip and by prt; shows the difference
same() {
	cat >"$BATS_TEST_TMPDIR/lines"
	transcript ip "$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/want"
	transcript prt "$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/got"
	diff -u "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
}
