#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The seven examples of "Policy Routing" (Matthew G. Marsh, Linux 2.2) in its words,
# and the gateway that each inside host gets.
# shellcheck disable=SC2016,SC2154
load lib

# router SCRIPT: in the article's router (see policy_ns.bash)
router() {
	unshare -rnm bash -c '. "$1/policy_ns.bash" "$2"; eval "$3"' _ \
		"$BATS_TEST_DIRNAME" "$BATS_TEST_TMPDIR" "$1"
}

@test "example 1: a subnet is denied the Internet" {
	router '
		prt route add default via 172.17.1.254 proto static
		goes 192.168.2.5 203.0.113.1 172.17.1.254
		prt rule del priority 5000 && fail "no such rule"
		prt rule add from 192.168.2.0/24 priority 5000 prohibit || fail add
		prt route flush cache || fail "flush cache"
		# people are told that the cache is gone, scripts are not
		script -qec "prt route flush cache" /dev/null | grep -q "no IPv4 routing cache" ||
			fail "flush cache says nothing"
		refused 192.168.2.5 203.0.113.1 "Permission denied"
		goes 192.168.1.5 203.0.113.1 172.17.1.254'
	router 'prt rule add from 192.168.2.0/24 prio 32777 reject || fail reject
		prt rule | grep -q "^32777:.from 192.168.2.0/24 unreachable$" || fail list'
}

@test "example 2: tables by name and by number" {
	router '
		prt route add 10.10.10.0/24 via 192.168.1.2 table goodnet1 || fail add
		prt route add 10.10.11.0/24 via 192.168.1.2 table goodnet2
		prt route add 10.10.12.0/24 via 192.168.1.2 table badnet1
		prt route add 10.10.13.0/24 via 192.168.1.2 table badnet1
		# the article has .254, which is the router itself
		prt route add default via 192.168.1.253 table internet
		[ "$(prt route list table 1)" = "$(prt route list table goodnet1)" ] || fail names
		[ "$(prt route list table badnet1 | wc -l)" = 2 ] || fail badnet1
		[ "$(prt route list table 5)" = "default via 192.168.1.253 dev eth1 " ] || fail internet'
}

@test "example 3: several addresses, and the routes that come with them" {
	router '
		ip link add eth3 type veth peer name p3; ip link set eth3 up
		ip addr add 192.168.5.1/32 dev eth3
		ip addr add 192.168.5.128/32 dev eth3
		ip addr add 192.168.3.1/24 dev eth3
		[ "$(prt route list dev eth3 | wc -l)" = 1 ] || fail "routes of /32"
		prt route list dev eth3 | grep -q "^192.168.3.0/24 proto kernel" || fail "route of /24"'
}

@test "example 4: by source, with two tables" {
	router '
		# the article has .2, which is the router itself
		prt route add 10.10.0.0/16 via 10.254.254.1 table goodnet1 proto static || fail add
		prt route add default via 172.17.1.254 table goodnet1 proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 table goodnet2 proto static
		prt route add default via 172.17.1.254 table goodnet2 proto static
		prt rule add from 192.168.1.32/27 to 172.18.0.0/16 pref 15000 table goodnet1
		prt rule add from 192.168.2.64/28 to 10.10.0.0/16 pref 15001 table goodnet2
		prt rule add from 192.168.1.0/24 pref 15002 table goodnet1
		prt rule add from 192.168.2.0/24 pref 15003 table goodnet2
		goes 192.168.1.40 172.18.0.9 172.17.1.254
		goes 192.168.2.70 10.10.0.9 172.17.1.254
		goes 192.168.1.5 10.10.0.9 10.254.254.1
		goes 192.168.2.5 172.18.0.9 172.17.1.1
		goes 192.168.1.5 203.0.113.1 172.17.1.254
		goes 192.168.2.5 203.0.113.1 172.17.1.254'
}

@test "example 4, the other way: by interface, with throw routes" {
	router '
		prt route add 10.10.0.0/16 via 10.254.254.1 table int1 proto static || fail add
		prt route add throw 0/0 table int1 proto static || fail throw
		prt route add 172.18.0.0/16 via 172.17.1.1 table int2 proto static
		prt route add throw 0/0 table int2 proto static
		prt route add 0/0 via 172.17.1.254 table main proto static || fail 0/0
		prt rule add pref 15000 table int1 iif eth1
		prt rule add pref 15001 table int2 dev eth2 # the word of 2.2
		prt rule add pref 15002 to 10.10.0.0/16 table int1
		prt rule add pref 15003 to 172.18.0.0/16 table int2
		goes 192.168.1.5 10.10.0.9 10.254.254.1
		goes 192.168.1.5 172.18.0.9 172.17.1.1
		goes 192.168.2.5 172.18.0.9 172.17.1.1
		goes 192.168.2.5 10.10.0.9 10.254.254.1
		goes 192.168.1.5 203.0.113.1 172.17.1.254
		goes 192.168.2.5 203.0.113.1 172.17.1.254'
}

@test "example 5: by mark" {
	router '
		for t in goodnet1 goodnet2 badnet1 badnet2 internet; do
			prt route add 198.51.100.0/24 via 172.17.1.1 table $t
			prt route flush table $t || fail "flush $t"
		done
		prt route flush cache
		# 16 in the article, whose tools read the mark of a rule as hex
		nft -f - <<-END || fail nft
			table ip t { chain pre { type filter hook prerouting priority mangle;
				ip saddr 192.168.2.0/24 tcp dport 80 meta mark set 2
				ip saddr 192.168.1.0/24 tcp dport 80 meta mark set 10
			}
			chain post { type filter hook postrouting priority 0;
				rt ip nexthop 172.17.1.254 tcp dport 80 counter
			}
			}
		END
		prt rule add fwmark 2  table goodnet1 || fail rule
		prt rule add fwmark 10 prohibit
		prt route add default via 172.17.1.254 table goodnet1
		goes 192.168.2.5 203.0.113.1 172.17.1.254 mark 2
		refused 192.168.1.5 203.0.113.1 "Permission denied" mark 10
		syn 192.168.1.5 203.0.113.1 80
		nft list chain ip t post | grep -q "counter packets 0 " || fail "A came through"
		syn 192.168.2.5 203.0.113.1 80
		nft list chain ip t post | grep -q "counter packets 0 " && fail "B did not come through"
		true'
}

@test "examples 6 and 7: source addresses, marks, throw, a blackhole" {
	router '
		ip addr add 172.17.1.2/32 dev eth0
		prt route add 10.10.0.0/16 via 10.254.254.1 src 10.254.254.2 table goodnet1 proto static
		prt route add default via 172.17.1.254 src 172.17.1.128 table goodnet1 proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 src 172.17.1.2 table goodnet2 proto static
		prt route add default via 172.17.1.254 src 172.17.1.128 table goodnet2 proto static
		prt rule add from 192.168.1.0/24 pref 15000 table goodnet2
		prt rule add from 192.168.2.0/24 pref 15001 table goodnet1
		prt route list table goodnet2 |
			grep -q "^172.18.0.0/16 via 172.17.1.1 dev eth0 proto static src 172.17.1.2 $" || fail src
		goes 192.168.1.5 172.18.0.9 172.17.1.1
		goes 192.168.2.5 10.10.0.9 10.254.254.1
		goes 192.168.1.5 203.0.113.1 172.17.1.254
		goes 192.168.2.5 203.0.113.1 172.17.1.254

		ip addr add 172.17.1.3/32 dev eth0
		ip addr add 172.17.1.4/32 dev eth0
		prt route del default table goodnet1 || fail del
		prt route del default table goodnet2
		prt route add throw 0/0 table goodnet1 proto static
		prt route add throw 0/0 table goodnet2 proto static
		prt route add default via 172.17.1.254 src 172.17.1.128 table internet proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 src 172.17.1.3 table badnet1 proto static
		prt route add 172.18.0.0/16 via 172.17.1.1 src 172.17.1.4 table badnet2 proto static
		prt rule add from 192.168.1.32/27 to 172.18.0.0/16 pref 14999 table badnet1
		prt rule add fwmark 1 pref 14998 table badnet2
		prt rule add fwmark 2 pref 14997 table goodnet1
		prt rule add fwmark 3 pref 14996 blackhole
		prt rule add pref 15003 table internet
		nft -f - <<-END || fail nft
			table ip t { chain pre { type filter hook prerouting priority mangle;
				ip saddr 192.168.1.64/28 ip daddr 172.18.0.0/16 tcp dport 80 meta mark set 1
				ip saddr 192.168.2.64/28 ip daddr 10.10.0.0/16 tcp dport 80 meta mark set 2
				ip saddr 192.168.2.32/27 ip daddr 172.18.0.0/16 tcp dport 80 meta mark set 3
			}
			chain post { type filter hook postrouting priority 0;
				meta mark 1 rt ip nexthop 172.17.1.1 counter comment "one"
				meta mark 2 rt ip nexthop 10.254.254.1 counter comment "two"
				meta mark 3 counter comment "three"
				meta mark 0 rt ip nexthop 172.17.1.254 counter comment "internet"
			}
			}
		END
		goes 192.168.1.40 172.18.0.9 172.17.1.1
		goes 192.168.1.66 172.18.0.9 172.17.1.1 mark 1
		goes 192.168.2.70 10.10.0.9 10.254.254.1 mark 2
		refused 192.168.2.40 172.18.0.9 "Invalid argument" mark 3
		goes 192.168.1.5 203.0.113.1 172.17.1.254
		goes 192.168.2.5 203.0.113.1 172.17.1.254
		syn 192.168.1.66 172.18.0.9 80
		syn 192.168.2.70 10.10.0.9 80
		syn 192.168.2.40 172.18.0.9 80
		syn 192.168.2.5 203.0.113.1 80
		count() { nft list chain ip t post | grep "comment \"$1\"" | grep -o "packets [0-9]*"; }
		[ "$(count one)" != "packets 0" ] || fail "mark 1"
		[ "$(count two)" != "packets 0" ] || fail "mark 2"
		[ "$(count three)" = "packets 0" ] || fail "mark 3 came through"
		[ "$(count internet)" != "packets 0" ] || fail internet'
}

@test "equalize is passed over with a warning" {
	router '
		prt route add 198.51.100.0/24 equalize nexthop via 172.17.1.1 nexthop via 172.17.1.254 \
			2>"$folder/warning" || fail add
		grep -q equalize "$folder/warning" || fail "no warning"
		prt route list 198.51.100.0/24 | grep -q "nexthop via 172.17.1.1 dev eth0 weight 1" || fail list'
}
