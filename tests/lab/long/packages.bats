#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # stderr comes from run
#
# The Debian packages on a machine: installed, used, purged. Run by tests/lab/long/packages, which
# builds them first.
load ../lib

debs=$LAB_TOP/build/deb
# What a user has: the tools of the build folder are not in it.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# What programs that the packages call may leave behind, where they leave things.
traces_of_it() {
	find /etc /usr/sbin /usr/src /var/lib/dkms /var/lib/dpkg "/lib/modules/$LAB_KERNEL/updates" \
		"/lib/modules/$LAB_KERNEL/extra" -name '*netpath*' -o -name '*static_nat*' 2>/dev/null | sort
}

setup_file() {
	[[ -e $debs/with/kdir ]] || { echo "no packages: run tests/lab/long/packages" >&2; return 1; }
	ln -sfn "$(<"$debs/with/kdir")" "/lib/modules/$LAB_KERNEL/build"
	# a database of all the pages of the host is not what this is about
	rm -f /var/lib/man-db/auto-update
	export DEBIAN_FRONTEND=noninteractive
	traces_of_it >/run/before
}

@test "the packages install, and the tools run from PATH" {
	dpkg -i "$debs"/netpath_*.deb
	[ "$(command -v prt)" = /usr/sbin/prt ]
	run -0 prt rule
	[[ $output == *"lookup main"* ]]
	run -0 lvsctl -L -n
	[[ $output == "IP Virtual Server version"* ]]
	run -0 pkttrace show -b "$LAB_TOP/tests/fixtures/story-vanished.log"
	[[ $output == *vanished* ]]
}

@test "the pages open" {
	local page
	for page in pkttrace prt lvsctl prt-explain netpath; do
		run -0 man "$page"
		[[ $output == *"SEE ALSO"* ]]
	done
}

@test "netpath-compat waits for ipvsadm to go, and has its names then" {
	if dpkg-query -W -f '${db:Status-Abbrev}' ipvsadm 2>/dev/null | grep -q '^ii'; then
		run ! dpkg -i "$debs"/netpath-compat_*.deb
		[[ $output == *"conflicting packages"* ]]
		dpkg --purge ipvsadm
	fi
	dpkg -i "$debs"/netpath-compat_*.deb
	[ "$(readlink -f "$(command -v ipvsadm)")" = /usr/sbin/lvsctl ]
	run -0 ipvsadm -L -n
	[[ $output == "IP Virtual Server version"* ]]
	run -0 man ipvsadm
	[[ $output == *lvsctl* ]]
}

@test "DKMS builds the module for this kernel, and it translates" {
	ls "$debs"/with/dkms_*.deb >/dev/null 2>&1 && dpkg -i "$debs"/with/dkms_*.deb
	dpkg -i "$debs"/netpath-dkms_*.deb
	run -0 dkms status
	[[ $output == *"netpath"*"$LAB_KERNEL"*installed* ]]
	modprobe static_nat
	prt nat add dst 192.0.2.80 to 10.0.0.80
	run -0 prt nat list
	[[ $output == *192.0.2.80*10.0.0.80* ]]
	prt nat flush
	rmmod static_nat
}

@test "purge leaves nothing" {
	local file
	dpkg -L netpath-dkms netpath-compat netpath >/run/files
	dpkg --purge netpath-dkms netpath-compat netpath
	run ! modprobe -n static_nat
	[ ! -e /usr/sbin/prt ]
	[ ! -L /usr/sbin/ipvsadm ]
	while read -r file; do
		[[ -d $file || ! -e $file && ! -L $file ]] || { echo "left: $file"; false; }
	done </run/files
	traces_of_it >/run/after
	diff /run/before /run/after
}
