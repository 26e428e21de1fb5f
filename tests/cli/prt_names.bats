#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The names of tables, protocols and realms, from the files of iproute2, by prt and by ip.
# shellcheck disable=SC2016,SC2154
load lib
load prt_lib

@test "names come from the files of iproute2, also under -N" {
	mkdir -p "$BATS_TEST_TMPDIR/etc"
	cp -r /etc/iproute2/. "$BATS_TEST_TMPDIR/etc"
	mkdir -p "$BATS_TEST_TMPDIR/etc/rt_tables.d"
	echo '300 dropin' >"$BATS_TEST_TMPDIR/etc/rt_tables.d/x.conf"
	echo '77 myproto' >>"$BATS_TEST_TMPDIR/etc/rt_protos"
	run -0 unshare -rnm bash -c 'mount --bind "$1" /etc/iproute2
		for t in ip prt; do
			$t rule add table dropin protocol myproto pref 5
			$t -d rule; $t -N rule; $t -j rule; $t rule del pref 5
		done' _ "$BATS_TEST_TMPDIR/etc"
	half=$((${#lines[@]} / 2))
	[ "${lines[*]:0:half}" = "${lines[*]:half}" ]
	[[ $output == *'lookup dropin proto myproto'* ]]
}

@test "odd lines in the files of names are read as sscanf reads them" {
	mkdir -p "$BATS_TEST_TMPDIR/etc"
	cp -r /etc/iproute2/. "$BATS_TEST_TMPDIR/etc"
	printf '%s\n' '2147483647 max' '2147483648 high' '4294967301 five' '0xffffffff neg' '0X6 six' \
		'0x 9 nine' $'8\vname' '0x7zz' '0x0x8 eight' '+11 plus' '12foo bar' '0xe' '-4 minus' 'bad' \
		'10 ten' >"$BATS_TEST_TMPDIR/etc/rt_tables"
	cp "$BATS_TEST_TMPDIR/etc/rt_tables" "$BATS_TEST_TMPDIR/etc/rt_protos"
	for tool in ip prt; do
		unshare -rnm bash -c 'mount --bind "$2" /etc/iproute2
			for word in max high five neg six X6 nine name zz x7zz eight plus foo bar xe e minus ten; do
				"$1" rule add table $word pref 5; echo "$word $((!!$?))"
				"$1" rule add table 5 proto $word pref 6; echo "$word $((!!$?))"
			done
			for n in 0 5 6 7 8 9 10 11 12 2147483647; do "$1" rule add table $n pref 7; done
			"$1" rule; "$1" -d rule list pref 6' _ $tool "$BATS_TEST_TMPDIR/etc" \
			2>/dev/null >"$BATS_TEST_TMPDIR/$tool"
	done
	diff "$BATS_TEST_TMPDIR/ip" "$BATS_TEST_TMPDIR/prt"
	grep -q 'lookup five' "$BATS_TEST_TMPDIR/prt"
	grep -q 'proto eight' "$BATS_TEST_TMPDIR/prt"
}

@test "a namespace's own names of tables, as with ip -n; nobody else sees them" {
	command -v ip >/dev/null || skip "no ip to compare with"
	cd "$BATS_TEST_TMPDIR"
	run -1 --separate-stderr unshare -rnm bash -c 'mount -t tmpfs tmpfs /run
		mkdir -p /run/etc/netns/a /run/netns && cp -r /etc/iproute2 /run/etc/
		cp -r /etc/iproute2 /run/etc/netns/a/ && echo none >/run/etc/netns/a/not-in-etc
		echo 77 uplink >>/run/etc/netns/a/iproute2/rt_tables
		mount --bind /run/etc /etc && ip netns add a && ip netns add b || exit 3
		prt -n a rule add table uplink pref 5 && ip -n b rule add table 77 pref 5 || exit 4
		for ns in a b; do ip -n $ns rule list >ip.$ns && prt -n $ns rule list >prt.$ns || exit 5; done
		prt rule add table uplink pref 5'
	[[ $stderr == *uplink* ]]
	cmp ip.a prt.a && grep -q 'lookup uplink' prt.a
	cmp ip.b prt.b && grep -q 'lookup 77' prt.b
}
