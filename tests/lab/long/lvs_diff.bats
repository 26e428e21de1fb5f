#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Random command lines, to ipvsadm and to lvsctl: the same comes of both. A thousand of them take a
# few minutes; LAB_APPEND=lab.seed=N lab.count=N says which and how many.
load ../lib

word() {	# NAME DEFAULT: what the kernel's command line says
	sed -n "s/.*lab\.$1=\([0-9]*\).*/\1/p;t;s/.*/$2/p" /proc/cmdline
}

@test "lvsctl does and says what ipvsadm does" {
	load_modules ip_vs ip_vs_{rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh,pe_sip} dummy
	python3 -B "$BATS_TEST_DIRNAME/lvs_diff.py" "$NP_BUILD/lvsctl" "$(word seed 1)" "$(word count 1000)" |
		while IFS= read -r line; do
			progress "$line"
			echo "$line"
		done
	((PIPESTATUS[0] == 0))
}
