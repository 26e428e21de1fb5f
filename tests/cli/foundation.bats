#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
load lib

@test "a C file that breaks the style is named with its line" {
	# style reads the tree git knows: a copy of it with one breach
	git -C "$NP_TOP" ls-files -co --exclude-standard '*.[ch]' tests/style | (cd "$NP_TOP" && cpio -pdm --quiet "$BATS_TEST_TMPDIR")
	cd "$BATS_TEST_TMPDIR"
	git init -q .
	printf 'int x;\n' >lib/bad.c
	run -1 tests/style
	[[ $output == *"lib/bad.c:1: no SPDX line"* ]]
	printf '// SPDX-License-Identifier: GPL-2.0-or-later\nint np_bad(void)\n{\n}\n' >lib/bad.c
	run -1 tests/style
	[[ $output == "lib/bad.c:2: nobody else calls np_bad()" ]]
	rm lib/bad.c
	run -0 tests/style
}
