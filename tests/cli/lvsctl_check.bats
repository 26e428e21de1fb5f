#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl check on a real server: findings, exit status, and that its commands cure. Directors need
# IPVS: tests/lab/lvs_rs.bats; each check on its own: tests/unit/test_lvs_check.c.
# shellcheck disable=SC2016
load lib

@test "a VIP on lo that the networks hear of: two warnings, cured by what is printed" {
	run -0 unshare -n bash -uc '
		ip link set lo up
		lvsctl check >/dev/null || exit 1
		ip addr add 10.1.1.1/32 dev lo
		lvsctl check
		[ $? = 1 ] || exit 2
		lvsctl check -j | python3 -c "
import json, sys
for f in json.load(sys.stdin):
    if f[\"severity\"] == \"warning\":
        assert f[\"name\"] == \"arp\" and f[\"on\"] == \"this_host\"
        print(*f[\"remedy\"])" >/tmp/cure.$$
		[ $(wc -l </tmp/cure.$$) = 2 ] || exit 3
		bash -e /tmp/cure.$$; rm /tmp/cure.$$
		lvsctl check >/dev/null'
	[[ $output == *"warning  arp_ignore=0: this host answers ARP for 10.1.1.1 on lo"* ]]
	[[ $output == *"sysctl -w net.ipv4.conf.all.arp_ignore=1"* ]]
	[[ $output == *"0 errors, 2 warnings"* ]]
}

@test "ARP that is quiet by the only link's own sysctls is as good as by all" {
	run -0 unshare -n bash -uc '
		ip link set lo up
		ip addr add 10.1.1.1/32 dev lo
		ip link add eth0 type veth peer name eth0.1
		ip link set eth0 up
		ip link set eth0.1 up
		sysctl -qw net.ipv4.conf.eth0.arp_ignore=1 net.ipv4.conf.eth0.arp_announce=2
		lvsctl check
		[ $? = 1 ] || exit 2
		sysctl -qw net.ipv4.conf.eth0/1.arp_ignore=1 net.ipv4.conf.eth0/1.arp_announce=2
		lvsctl check >/dev/null'
	[[ $output == *"warning  arp_ignore=0 on eth0.1: this host answers ARP for 10.1.1.1 on lo"* ]]
	[[ $output == *"0 errors, 2 warnings"* ]]
}

@test "rs start leaves nothing for check to say, stop neither" {
	run -0 unshare -nm bash -uc '
		mount -t tmpfs none /run
		ip link set lo up
		lvsctl rs start 10.1.1.1
		lvsctl check >/dev/null || exit 1
		lvsctl rs stop 10.1.1.1
		lvsctl check >/dev/null'
}

@test "JSON is an array, also without a finding; a word too many is an error" {
	run unshare -n lvsctl check -j
	python3 -c 'import json, sys; assert isinstance(json.loads(sys.argv[1]), list)' "$output"
	run unshare -n bash -c 'lvsctl check -jp; lvsctl rs status -jp; lvsctl mark list -jp'
	[[ $output == *$'[\n    {'* && $output != *unknown* && ${lines[-1]} == '[]' ]]
	run -1 lvsctl check everything
	[[ $output == *"unknown word \"everything\""* ]]
}
