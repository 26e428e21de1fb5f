#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The seven examples of an article on Linux 2.2, typed as they stand there (less
# its slips: it names its own address as a gateway). The router is in policy_ns.bash.
load lib

router() {
	cat >"$BATS_TEST_TMPDIR/script"
	run -0 timeout 60 bash "$BATS_TEST_DIRNAME/policy_ns.bash" "$BATS_TEST_TMPDIR/script"
}

@test "1: a subnet that may not reach the Internet" {
	router <<-'END'
		prt route add default via 172.17.1.254 dev eth0 proto static
		prt route list table 254 | grep default
		prt rule add from 192.168.2.0/24 priority 5000 prohibit
		prt rule del priority 5000
		prt rule add from 192.168.2.0/24 prio 5000 prohibit
		prt rule add from 192.168.3.0/24 prio 5001 reject
		prt route flush cache
		prt rule list
		asked 192.168.1.40 198.51.100.1
		asked 192.168.2.40 198.51.100.1
	END
	[ "$output" = "default via 172.17.1.254 dev eth0 proto static 
0:	from all lookup local
5000:	from 192.168.2.0/24 prohibit
5001:	from 192.168.3.0/24 unreachable
32766:	from all lookup main
32767:	from all lookup default
172.17.1.254
RTNETLINK answers: Permission denied" ]
}

@test "2: tables with names" {
	router <<-'END'
		prt route add 10.10.10.0/24 via 172.17.1.2 table goodnet1
		prt route add 10.10.12.0/24 via 172.17.1.2 table badnet1
		prt route add default via 172.17.1.254 table internet
		prt route list table 1
		prt route list table badnet1
		prt route list table internet
	END
	[ "$output" = "10.10.10.0/24 via 172.17.1.2 dev eth0 
10.10.12.0/24 via 172.17.1.2 dev eth0 
default via 172.17.1.254 dev eth0 " ]
}

@test "3: several addresses, and the routes that come with them" {
	router <<-'END'
		ip addr add 192.168.3.1/32 dev eth0
		ip addr add 192.168.3.128/32 dev eth0
		ip addr add 192.168.4.1/24 dev eth0
		prt route list exact 192.168.3.0/24
		prt route list exact 192.168.4.0/24
		prt get 192.168.3.128
	END
	[ "$output" = "192.168.4.0/24 dev eth0 proto kernel scope link src 192.168.4.1 
local 192.168.3.128 dev lo src 192.168.3.128 uid 0 
    cache <local> " ]
}

@test "4: three networks, told apart by who asks" {
	router <<-'END'
		prt route add 10.10.0.0/16 via 10.254.254.1 table goodnet1 proto static
		prt route add default via 172.17.1.254 table goodnet1 proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 table goodnet2 proto static
		prt route add default via 172.17.1.254 table goodnet2 proto static
		prt rule add from 192.168.1.32/27 to 172.18.0.0/16 pref 15000 table goodnet2
		prt rule add from 192.168.2.64/28 to 10.10.0.0/16 pref 15001 table goodnet1
		prt rule add from 192.168.1.0/24 pref 15002 table goodnet1
		prt rule add from 192.168.2.0/24 pref 15003 table goodnet2
		for src in 192.168.1.40 192.168.1.70 192.168.2.40 192.168.2.70; do
			for dst in 172.18.0.1 10.10.0.1 198.51.100.1; do
				echo "$src $dst $(asked $src $dst) $(gateway $src $dst 80)"
			done
		done
	END
	[ "$output" = "192.168.1.40 172.18.0.1 172.17.1.1 network_a
192.168.1.40 10.10.0.1 10.254.254.1 network_c
192.168.1.40 198.51.100.1 172.17.1.254 internet
192.168.1.70 172.18.0.1 172.17.1.254 internet
192.168.1.70 10.10.0.1 10.254.254.1 network_c
192.168.1.70 198.51.100.1 172.17.1.254 internet
192.168.2.40 172.18.0.1 172.17.1.1 network_a
192.168.2.40 10.10.0.1 172.17.1.254 internet
192.168.2.40 198.51.100.1 172.17.1.254 internet
192.168.2.70 172.18.0.1 172.17.1.1 network_a
192.168.2.70 10.10.0.1 10.254.254.1 network_c
192.168.2.70 198.51.100.1 172.17.1.254 internet" ]
}

@test "4 again: by the way in, with throw and 0/0" {
	router <<-'END'
		prt route add 10.10.0.0/16 via 10.254.254.1 table 1 proto static
		prt route add throw 0/0 table 1 proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 table 2 proto static
		prt route add throw 0/0 table 2 proto static
		prt route add 0/0 via 172.17.1.254 table main proto static
		prt rule add pref 15000 table 1 dev eth1
		prt rule add pref 15001 table 2 iif eth2
		for src in 192.168.1.40 192.168.2.40; do
			for dst in 172.18.0.1 10.10.0.1 198.51.100.1; do
				echo "$src $dst $(asked $src $dst) $(gateway $src $dst 80)"
			done
		done
		prt rule list | sed -n 2,3p
	END
	[ "$output" = "192.168.1.40 172.18.0.1 172.17.1.254 internet
192.168.1.40 10.10.0.1 10.254.254.1 network_c
192.168.1.40 198.51.100.1 172.17.1.254 internet
192.168.2.40 172.18.0.1 172.17.1.1 network_a
192.168.2.40 10.10.0.1 172.17.1.254 internet
192.168.2.40 198.51.100.1 172.17.1.254 internet
15000:	from all iif eth1 lookup goodnet1
15001:	from all iif eth2 lookup goodnet2" ]
}

@test "5: the web for B, not for A, by marks" {
	router <<-'END'
		nft 'table ip marks {
			chain input {
				type filter hook prerouting priority mangle
				ip saddr 192.168.2.0/24 tcp dport 80 meta mark set 2
				ip saddr 192.168.1.0/24 tcp dport 80 meta mark set 16
			}
		}'
		prt rule add fwmark 2 table goodnet1
		prt rule add fwmark 0x10 prohibit
		prt route add default via 172.17.1.254 table goodnet1
		asked 192.168.2.40 198.51.100.1 mark 2
		asked 192.168.1.40 198.51.100.1 mark 16
		asked 192.168.2.40 198.51.100.1
		gateway 192.168.2.40 198.51.100.1 80
		gateway 192.168.1.40 198.51.100.1 80
		gateway 192.168.2.40 198.51.100.1 443
	END
	[ "$output" = "172.17.1.254
RTNETLINK answers: Permission denied
RTNETLINK answers: Network is unreachable
internet
none
none" ]
}

@test "6: the source address that a route brings for masquerading" {
	router <<-'END'
		ip addr add 172.17.1.2/32 dev eth0
		prt route add 10.10.0.0/16 via 10.254.254.1 src 10.254.254.2 table goodnet1 proto static
		prt route add default via 172.17.1.254 src 172.17.1.128 table goodnet1 proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 src 172.17.1.2 table goodnet2 proto static
		prt route add default via 172.17.1.254 src 172.17.1.128 table goodnet2 proto static
		prt rule add from 192.168.1.0/24 pref 15000 table goodnet2
		prt rule add from 192.168.2.0/24 pref 15001 table goodnet1
		for src in 192.168.1.40 192.168.2.40; do
			for dst in 172.18.0.1 10.10.0.1; do
				echo "$src $dst $(asked $src $dst) $(gateway $src $dst 80)"
			done
		done
		prt route list table goodnet2
	END
	[ "$output" = "192.168.1.40 172.18.0.1 172.17.1.1 network_a
192.168.1.40 10.10.0.1 172.17.1.254 internet
192.168.2.40 172.18.0.1 172.17.1.254 internet
192.168.2.40 10.10.0.1 10.254.254.1 network_c
default via 172.17.1.254 dev eth0 proto static src 172.17.1.128 
172.18.0.0/16 via 172.17.1.1 dev eth0 proto static src 172.17.1.2 " ]
}

@test "7: all of it together, throw and blackhole and marks" {
	router <<-'END'
		prt route add 10.10.0.0/16 via 10.254.254.1 table goodnet1 proto static
		prt route add throw 0/0 table goodnet1 proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 table goodnet2 proto static
		prt route add throw 0/0 table goodnet2 proto static
		prt route add default via 172.17.1.254 src 172.17.1.128 table internet proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 table badnet1 proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 table badnet2 proto static
		prt rule add from 192.168.1.0/24 pref 15000 table goodnet2
		prt rule add from 192.168.2.0/24 pref 15001 table goodnet1
		prt rule add from 192.168.1.32/27 to 172.18.0.0/16 pref 14999 table badnet1
		prt rule add fwmark 1 pref 14998 table badnet2
		prt rule add fwmark 2 pref 14997 table goodnet1
		prt rule add fwmark 3 pref 14996 blackhole
		prt rule add pref 15003 table internet
		nft 'table ip marks {
			chain input {
				type filter hook prerouting priority mangle
				ip saddr 192.168.1.64/28 ip daddr 172.18.0.0/16 tcp dport 80 meta mark set 1
				ip saddr 192.168.2.64/28 ip daddr 10.10.0.0/16 tcp dport 80 meta mark set 2
				ip saddr 192.168.2.32/27 ip daddr 172.18.0.0/16 tcp dport 80 meta mark set 3
			}
		}'
		gateway 192.168.1.40 172.18.0.1 80
		gateway 192.168.1.70 172.18.0.1 80
		gateway 192.168.2.40 172.18.0.1 80
		gateway 192.168.2.40 172.18.0.1 443
		gateway 192.168.2.70 10.10.0.1 80
		gateway 192.168.1.70 198.51.100.1 80
		asked 192.168.2.40 172.18.0.1 mark 3
		asked 192.168.2.70 10.10.0.1 mark 2
		asked 192.168.1.70 172.18.0.1 mark 1
	END
	[ "$output" = "network_a
network_a
none
internet
network_c
internet
RTNETLINK answers: Invalid argument
10.254.254.1
172.17.1.1" ]
}
