# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of prt explain, behind `load lib`. Each case runs on a host of its own:
#
#        p3 (nothing behind) ==== enp3s0 192.168.235.14/24   rp_filter as the test says
#        p5 (nothing behind) ==== enp5s0 10.0.1.12/24
# shellcheck shell=bash disable=SC2154

NS=$BATS_TEST_DIRNAME/explain_ns.bash

# host SCRIPT: run in a new namespace with the links above
host() {
	run --separate-stderr unshare -rn bash -ec "source '$NS'; cd '$BATS_TEST_TMPDIR'; $1"
	[ "$status" = 0 ] || printf '%s\n' "$output" "$stderr"
}

# The k-th object of JSON lines (from 0), through a jq-like path of python.
json() { # LINE EXPRESSION
	python3 -c 'import json, sys
d = json.loads(sys.argv[1].splitlines()[int(sys.argv[2])])
print(eval(sys.argv[3]))' "$output" "$1" "$2"
}

# shows PART…: each is a part of a line of the output, one line after the other; others may
# stand between. Blanks are counted once.
shows() {
	local line want=("$@")
	while IFS= read -r line && [ ${#want[@]} -gt 0 ]; do
		[[ $line != *"${want[0]}"* ]] || want=("${want[@]:1}")
	done < <(tr -s ' ' <<<"$output")
	[ ${#want[@]} = 0 ] || {
		printf 'not shown: %s\n--- in\n%s\n' "${want[0]}" "$output"
		return 1
	}
}

# agrees N: the kernel gave each of the N answers, too
agrees() {
	[ "$(grep -c 'kernel agrees' <<<"$output")" = "$1" ] || {
		printf 'not %s agreements:\n%s\n' "$1" "$output"
		return 1
	}
}
