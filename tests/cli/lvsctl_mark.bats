#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl mark: the marks of services of several ports, seen by nft and by packets.
# shellcheck disable=SC2016
load lib

host() {
	unshare -n bash -uc "ip link set lo up; $1"
}

# says WORD TEXT: what is said of WORD when it is to have a mark
says() {
	run -1 host "lvsctl mark add '$1' tcp 5 || exit; lvsctl mark list"
	[ "${lines[0]}" = "lvsctl: $2" ]
}

@test "add, list, del; the table goes with the last" {
	run -0 host '
		lvsctl mark add 10.1.1.1:80,443 tcp 99 || exit 1
		lvsctl mark add [2001:db8::1]:53 udp 0x10 || exit 2
		lvsctl mark add 2001:db8::2 sctp 7 || exit 3
		lvsctl mark list
		nft list table inet netpath_mark | grep "mark set"
		nft list ruleset >/tmp/marks.$$; nft -c -f /tmp/marks.$$ || exit 7; rm /tmp/marks.$$
		lvsctl mark del 10.1.1.1:443,80 tcp 99 || exit 4
		lvsctl mark del 2001:db8::2 sctp || exit 5
		lvsctl mark list
		lvsctl mark del [2001:db8::1]:53 udp || exit 6
		nft list ruleset'
	[ "$output" = '10.1.1.1:80 tcp 99
10.1.1.1:443 tcp 99
[2001:db8::1]:53 udp 16
2001:db8::2 sctp 7
		ip daddr 10.1.1.1 tcp dport 80 meta mark set 0x00000063 comment "tcp 10.1.1.1 80 99"
		ip daddr 10.1.1.1 tcp dport 443 meta mark set 0x00000063 comment "tcp 10.1.1.1 443 99"
		ip6 daddr 2001:db8::1 udp dport 53 meta mark set 0x00000010 comment "udp 2001:db8::1 53 16"
		ip6 daddr 2001:db8::2 meta l4proto sctp meta mark set 0x00000007 comment "sctp 2001:db8::2 0 7"
[2001:db8::1]:53 udp 16' ]
}

@test "IPv6 without a port, with brackets and without them, is all ports" {
	run -0 host '
		lvsctl mark add "[2001:db8::2]" tcp 5 || exit 1
		lvsctl mark add 2001:db8::2 udp 6 || exit 2
		lvsctl mark list
		lvsctl mark del 2001:db8::2 tcp && lvsctl mark del "[2001:db8::2]" udp || exit 3
		lvsctl mark list'
	[ "$output" = $'2001:db8::2 tcp 5\n2001:db8::2 udp 6' ]
	local words
	for words in '[10.0.0.1]' '[10.0.0.1]:80' '[10.0.0.1:80]'; do
		run -1 host "lvsctl mark add '$words' tcp 5"
		[ "${lines[0]}" = "lvsctl: \"$words\" is no service: brackets are for IPv6" ]
	done
	for words in '[2001:db8::2' '[2001:db8::2]x' '[[2001:db8::2]]'; do
		run -1 host "lvsctl mark add '$words' tcp 5"
		[ "${lines[0]}" = "lvsctl: \"$words\" is no service: IPv6 is ADDRESS or [ADDRESS]:PORT" ]
	done
}

@test "marks are decimal, hexadecimal behind 0x; ports are decimal, as with -A" {
	run -0 host '
		lvsctl mark add 10.1.1.1:0100 tcp 010 || exit 1
		lvsctl mark add 10.1.1.1:80 tcp 0X1f || exit 2
		lvsctl mark list'
	[ "$output" = $'10.1.1.1:100 tcp 10\n10.1.1.1:80 tcp 31' ]
}

@test "a packet has the mark, and only those that should" {
	run -0 host '
		lvsctl mark add 127.0.0.2:7,9 udp 5
		lvsctl mark add [::1]:7 udp 6
		nft "add table inet t; add counter inet t c5; add counter inet t c6; add counter inet t c0
			add chain inet t c { type filter hook input priority 0; }
			add rule inet t c meta mark 5 counter name c5
			add rule inet t c meta mark 6 counter name c6
			add rule inet t c meta l4proto udp meta mark 0 counter name c0"
		for to in 127.0.0.2/7 127.0.0.2/9 127.0.0.2/8 127.0.0.3/7 ::1/7; do
			echo >/dev/udp/"$to"
		done
		nft list counters | grep -o "packets [0-9]*"'
	[ "$output" = $'packets 2\npackets 1\npackets 2' ]
}

@test "the mark of a port holds, whether that of all ports comes before or after it" {
	run -0 host '
		lvsctl mark add 127.0.0.2:7,9 udp 5
		lvsctl mark add 127.0.0.3:7 udp 5
		lvsctl mark add 127.0.0.2 udp 6 || exit 1
		lvsctl mark add 127.0.0.2:11 udp 7
		lvsctl mark list
		nft "add table inet t; add chain inet t c { type filter hook input priority 0; }"
		for mark in 5 6 7; do
			nft "add counter inet t c$mark; add rule inet t c meta mark $mark counter name c$mark"
		done
		for port in 7 9 11 8; do
			echo >/dev/udp/127.0.0.2/$port
		done
		nft list counters | grep -o "packets [0-9]*"
		lvsctl mark del 127.0.0.2:7,9,11 udp && lvsctl mark del 127.0.0.2 udp || exit 2
		lvsctl mark list'
	[ "$output" = '127.0.0.3:7 udp 5
127.0.0.2 udp 6
127.0.0.2:7 udp 5
127.0.0.2:9 udp 5
127.0.0.2:11 udp 7
packets 2
packets 1
packets 1
127.0.0.3:7 udp 5' ]
}

@test "adding again changes nothing, another mark is an error; all or nothing" {
	run -0 host '
		lvsctl mark add 10.1.1.1:http tcp 99
		lvsctl mark add 10.1.1.1:80,81,81 tcp 99 || exit 1
		lvsctl mark add 10.1.1.1:82,80 tcp 98 && exit 2
		lvsctl mark del 10.1.1.1:80,83 tcp && exit 3
		lvsctl mark del 10.1.1.1:80 tcp 98 && exit 4
		lvsctl mark list -j'
	[ "${lines[0]}" = "lvsctl: 10.1.1.1:80 tcp has the mark 99 already" ]
	[ "${lines[1]}" = "lvsctl: 10.1.1.1:83 tcp has no mark" ]
	[ "${lines[2]}" = "lvsctl: 10.1.1.1:80 tcp has another mark" ]
	[ "${lines[3]}" = '[{"address":"10.1.1.1","port":80,"protocol":"tcp","fwmark":99},{"address":"10.1.1.1","port":81,"protocol":"tcp","fwmark":99}]' ]
}

@test "nothing there: an empty list; rules of somebody else are not ours" {
	run -0 host '
		lvsctl mark list
		lvsctl mark list -j
		lvsctl mark add 10.1.1.1:80 tcp 99
		nft add rule inet netpath_mark services counter comment "\"mine\""
		lvsctl mark list
		lvsctl mark del 10.1.1.1:80 tcp || exit 1
		nft list chain inet netpath_mark services | grep -c counter
		lvsctl mark add 10.1.1.1:81 tcp 5 || exit 2
		nft flush chain inet netpath_mark services
		nft add set inet netpath_mark s "{ type ipv4_addr; }"
		lvsctl mark add 10.1.1.1:82 tcp 5 && lvsctl mark del 10.1.1.1:82 tcp || exit 3
		nft list ruleset | grep -c "set s"
		nft delete set inet netpath_mark s
		lvsctl mark add 10.1.1.1:82 tcp 5 && lvsctl mark del 10.1.1.1:82 tcp || exit 4
		nft list ruleset'
	[ "$output" = $'[]\n10.1.1.1:80 tcp 99\n1\n1' ]
}

@test "what is wrong with a word is said of what was typed" {
	says 1.2.3.4:80, '"1.2.3.4:80," is no service: behind a "," stands no port'
	says 1.2.3.4:80,443, '"1.2.3.4:80,443," is no service: behind a "," stands no port'
	says 1.2.3.4:80,,443 '"1.2.3.4:80,,443" is no service: behind a "," stands no port'
	says '[2001:db8::1]:80,' '"[2001:db8::1]:80," is no service: behind a "," stands no port'
	says 1.2.3.4:80,x9 '"1.2.3.4:80,x9" is no service: "x9" is no port'
	says 1.2.3.4,443 '"1.2.3.4,443" is no service: ports stand behind ADDRESS:PORT'
	says '[2001:db8::1],443' '"[2001:db8::1],443" is no service: ports stand behind ADDRESS:PORT'
	says 1.2.3.4:,443 '"1.2.3.4:,443" is no service: ADDRESS[:PORT]'
	says 10.0.0.1/24 '"10.0.0.1/24" is no service: one address, and no "/"'
	says 2001:db8::/64 '"2001:db8::/64" is no service: one address, and no "/"'
	says web/24:80,443 '"web/24:80,443" is no service: one address, and no "/"'
}

@test "a word that is too long is refused, not cut" {
	local zeros
	zeros=$(printf %01095d 0)
	says "1.2.3.4:${zeros}80" "\"1.2.3.4:${zeros::192}\" is no service: more than 1099 characters"
	says "1.2.3.4:${zeros}80,443" "\"1.2.3.4:${zeros::192}\" is no service: more than 1099 characters"
	says "1.2.3.4:80,${zeros}443" "\"1.2.3.4:80,${zeros::189}\" is no service: a port of more than 63 characters"
}

@test "words that cannot be" {
	local words
	for words in "10.0.0.1: tcp 5" "10.0.0.1:80, tcp 5" "10.0.0.1:80 icmp 5" "10.0.0.1:80 tcp 0" \
		"10.0.0.1:99999 tcp 1" "x:1 tcp 1" "10.0.0.0/8:1 tcp 1" "10.0.0.1:80 tcp" \
		"10.0.0.1:80 tcp 4294967296" "10.0.0.1,80 tcp 1" \
		"10.0.0.1:0x50 tcp 1" "10.0.0.1:80 tcp 1 2" "[2001:db8::1:80 tcp 1"; do
		# shellcheck disable=SC2086
		run -1 host "lvsctl mark add $words"
	done
	run -1 host "lvsctl mark rename"
}
