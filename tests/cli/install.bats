#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
load lib

@test "make install puts every tool, its page and its completion in place; uninstall takes all away" {
	local d=$BATS_TEST_TMPDIR/d
	cd "$NP_TOP"
	run -0 make install "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[ -x "$d/usr/sbin/pkttrace" ]
	[ -f "$d/usr/share/man/man8/pkttrace.8" ]
	[ -f "$d/usr/share/bash-completion/completions/pkttrace" ]
	run -0 "$d/usr/sbin/pkttrace" -V
	run -0 make uninstall "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[ -z "$(find "$d" -type f)" ]
}
