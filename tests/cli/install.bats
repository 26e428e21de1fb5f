#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # stderr comes from run
load lib

@test "make install puts every tool, its page and its completion in place; uninstall takes all away" {
	local d=$BATS_TEST_TMPDIR/d
	cd "$NP_TOP"
	run -0 make install "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[ -x "$d/usr/sbin/pkttrace" ]
	[ -f "$d/usr/share/man/man8/pkttrace.8" ]
	[ -f "$d/usr/share/man/man7/netpath.7" ]
	[ -f "$d/usr/share/bash-completion/completions/pkttrace" ]
	[ -f "$d/usr/share/zsh/site-functions/_netpath" ]
	run -0 "$d/usr/sbin/pkttrace" -V
	run -0 make uninstall "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[ -z "$(find "$d" -type f)" ]
}

@test "make install-compat: ipvsadm's names, beside a tool of another's never; uninstall takes them" {
	local d=$BATS_TEST_TMPDIR/d name
	cd "$NP_TOP"
	run -0 make install-compat "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[ -x "$d/usr/sbin/lvsctl" ]
	for name in ipvsadm ipvsadm-save ipvsadm-restore; do
		[ "$(readlink "$d/usr/sbin/$name")" = lvsctl ]
		[ -s "$d/usr/share/man/man8/$name.8" ]
	done
	run -0 "$d/usr/sbin/ipvsadm" -v
	[[ $output == "ipvsadm v1.31 "* ]]
	run -1 --separate-stderr "$d/usr/sbin/ipvsadm-save" -x
	[[ -z $output && $stderr == "ipvsadm-save: "* ]]
	# shellcheck disable=SC2016 # for the shell within
	run -0 env "PATH=$d/usr/sbin:$PATH" bash -c '. "$0"; complete -p ipvsadm' \
		"$d/usr/share/bash-completion/completions/ipvsadm"
	[[ $output == *_netpath* ]]
	run -0 make uninstall-compat "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[ -z "$(find "$d" -name 'ipvsadm*')" ]
	[ -x "$d/usr/sbin/lvsctl" ]
	run -0 make install-compat "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	run -0 make uninstall "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[ -z "$(find "$d" ! -type d)" ]
	mkdir -p "$d/usr/sbin"
	echo real >"$d/usr/sbin/ipvsadm-save"
	run -2 make install-compat "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[[ $output == *"ipvsadm-save is another's"* ]]
	[ "$(cat "$d/usr/sbin/ipvsadm-save")" = real ]
	[ ! -e "$d/usr/sbin/ipvsadm" ]
	run -0 make uninstall "BUILD=$NP_BUILD" "DESTDIR=$d" PREFIX=/usr
	[ "$(find "$d" ! -type d)" = "$d/usr/sbin/ipvsadm-save" ]
}
