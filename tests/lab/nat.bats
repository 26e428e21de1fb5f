#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# static_nat in the small: the article's own commands, its listing, a translated ping.
load lib

setup() {
	load_static_nat
}

teardown() {
	nat_end
}

@test "the module translates a ping both ways and lists it" {
	namespaces c r s
	veth c e 203.0.113.1/24 r o 203.0.113.254/24
	veth r i 10.0.0.254/24 s e 10.0.0.1/24
	ip -n c route add default via 203.0.113.254
	ip -n s route add default via 10.0.0.254
	sysctls r net.ipv4.ip_forward=1
	at r bash -c 'echo +198.51.100.1 10.0.0.1 dst >/proc/net/static_nat'
	at c busybox ping -c 2 -W 5 198.51.100.1
	diff - <(at r cat /proc/net/static_nat) <<-'END'
		Source trans table:
		From:10.0.0.1        To:198.51.100.1       [AUTO]  [Bytes:168  Packet:2]

		Destination trans table:
		From:198.51.100.1    To:10.0.0.1           [STATIC]  [Bytes:168  Packet:2]
	END
}
