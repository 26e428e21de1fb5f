#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # stderr comes from run
load lib

@test "make deb: three packages, as lintian wants them, with tools that run" {
	local d=$BATS_TEST_TMPDIR/b deb
	cd "$NP_TOP"
	run -0 make deb "BUILD=$d"
	run -0 lintian --fail-on error "$d"/deb/*.deb
	for deb in "$d"/deb/*.deb; do
		dpkg-deb -x "$deb" "$d/root"
	done
	run -0 "$d/root/usr/sbin/prt" -V
	run -0 "$d/root/usr/sbin/ipvsadm" --version
	[ -f "$d/root/usr/share/man/man7/netpath.7.gz" ]
	[ -f "$d/root/usr/share/man/man8/pkttrace.8.gz" ]
	[ -f "$d/root/usr/share/bash-completion/completions/prt" ]
	[ -f "$d/root/usr/share/zsh/vendor-completions/_netpath" ]
	# the module's source, all of it, under the version that dkms.conf names
	run -0 sed -n 's/^PACKAGE_VERSION=//p' "$d"/root/usr/src/netpath-*/dkms.conf
	[ "$output" = "\"$(basename "$d"/root/usr/src/netpath-* | sed 's/netpath-//')\"" ]
	for f in kmod/*.[ch] kmod/Kbuild; do
		cmp "$f" "$d"/root/usr/src/netpath-*/"${f#kmod/}"
	done
}
