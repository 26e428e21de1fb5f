#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The timelines that pkttrace-live(8) shows are those of tests/golden, which
# tests/lab/long/golden.bats holds against a kernel.
load lib

quoted() {	# NAME: the display behind `.\" golden NAME`, as it is read
	awk -v name="$1" '$1 == ".\\\"" && $2 == "golden" && $3 == name { at = 1; next }
		at == 1 && /^\.Bd/ { at = 2; next }
		at == 2 && /^\.Ed/ { exit }
		at == 2' "$NP_TOP/man/pkttrace-live.8"
}

@test "each is quoted, to the letter" {
	local file name n=0
	for file in "$NP_TOP"/tests/golden/*.txt; do
		name=$(basename "$file" .txt)
		diff <(quoted "$name") "$file"
		n=$((n + 1))
	done
	((n == 13))
}
