#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl rs on a real server of a real director, and lvsctl check with its cures.
#
#   c: client --c0-- d0 director d --d1-- s0 real server s
#      10.0.0.1      10.0.0.254   10.2.0.254  10.2.0.1         2001:db8:1:: 2001:db8:2::
#      `------c1------------- 10.3.0.0/24 -------------s1 ------´   the answers' way
load lib

VIP=10.9.0.9 VIP6=2001:db8:9::9
ECHO=$LAB_TOP/tests/cli/udp_echo.py

setup() {
	local name
	progress "$BATS_TEST_NAME"
	load_modules ip_vs ip_vs_rr ip_vs_wrr ipip ip6_tunnel
	namespaces c d s
	veth c c0 10.0.0.1/24,2001:db8:1::1/64 d d0 10.0.0.254/24,2001:db8:1::fe/64
	veth d d1 10.2.0.254/24,2001:db8:2::fe/64 s s0 10.2.0.1/24,2001:db8:2::1/64
	veth c c1 10.3.0.1/24,2001:db8:3::1/64 s s1 10.3.0.2/24,2001:db8:3::2/64
	for name in c s; do
		sysctls "$name" net.ipv4.conf.all.rp_filter=0
	done
	ip -n c route add default via 10.0.0.254
	ip -n c -6 route add default via 2001:db8:1::fe
	ip -n s route add default via 10.3.0.1
	ip -n s -6 route add default via 2001:db8:3::1
	ip -n d address add $VIP/32 dev d0
	ip -n d address add $VIP6/128 dev d0 nodad
	wait_for 20 settled
}

# The link-local addresses of the real server's two links are no longer tentative: what
# changes by itself must not be in a comparison of before and after.
settled() {
	(($(ip -n s -6 -o address show scope link -tentative | wc -l) == 2))
}

teardown() {
	lab_end
}

# All that rs may change, of the real server. IPv6 gives tunl0 sysctls of its own when it is first up.
found() {
	at s grep -r . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf 2>/dev/null |
		grep -vE 'stable_secret|ipv6/conf/tunl0/'
	ip -n s -o address show | sed 's/valid_lft.*//'
	ip -n s -br link show
	ls /run/netpath 2>/dev/null || true
}

# balance MODEL: the two services, with the real server by -g or -i
balance() {
	at d ipvsadm -A -u $VIP:7 -s rr
	at d ipvsadm -a -u $VIP:7 -r 10.2.0.1:7 "$1"
	at d ipvsadm -A -u "[$VIP6]:7" -s rr
	at d ipvsadm -a -u "[$VIP6]:7" -r "[2001:db8:2::1]:7" "$1"
}

ask() {
	progress "$BATS_TEST_NAME: ask $1"
	at c python3 "$ECHO" ask "$1" "${2:-5}"
}

serve() {
	background s python3 "$ECHO" serve $VIP $VIP6 >"$BATS_TEST_TMPDIR/said"
	wait_for 20 grep -q ready "$BATS_TEST_TMPDIR/said"
}

# serves MODE OPTION: start, start again, traffic, status, stop
serves() {
	balance "$2"
	progress "$BATS_TEST_NAME: start"
	found >"$BATS_TEST_TMPDIR/before"
	at s lvsctl rs start $VIP "$1"
	at s lvsctl rs start $VIP6 "$1"
	found >"$BATS_TEST_TMPDIR/started"
	progress "$BATS_TEST_NAME: again"
	at s lvsctl rs start $VIP
	at s lvsctl rs start $VIP6 "$1"
	found | diff "$BATS_TEST_TMPDIR/started" -
	at s lvsctl rs status
	serve
	ask $VIP
	ask $VIP6
	at s lvsctl rs stop $VIP
	at s lvsctl rs stop $VIP6
	found | diff "$BATS_TEST_TMPDIR/before" -
	run -3 at s lvsctl rs status
}

@test "DR: the real server answers clients, and is as it was after stop" {
	serves dr -g
}

@test "TUN: the real server answers clients, and is as it was after stop" {
	# strict: what comes out of the tunnel goes back by another way, and would be dropped
	sysctls s net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.s0.rp_filter=1
	serves tun -i
}

# tunnel OPTIONS...: what check prints for the real server lets it take them
tunnel() {
	load_modules fou ip_gre
	at d ipvsadm -A -u $VIP:7 -s rr
	at d ipvsadm -a -u $VIP:7 -r 10.2.0.1:7 -i "$@"
	check_says d listener >"$BATS_TEST_TMPDIR/opens"
	[ -s "$BATS_TEST_TMPDIR/opens" ]
	at s bash "$BATS_TEST_TMPDIR/opens"
	background s python3 "$ECHO" serve $VIP >"$BATS_TEST_TMPDIR/said"
	wait_for 20 grep -q ready "$BATS_TEST_TMPDIR/said"
	at c python3 "$ECHO" ask $VIP 5
}

@test "check: a listener for GUE is told, and opens it" {
	tunnel --tun-type gue --tun-port 6080
}

@test "check: a tunnel for GRE is told, and opens it" {
	tunnel --tun-type gre
}

@test "check: a mark that no rule sets, and those that cannot be known" {
	load_modules nf_tables
	at d ipvsadm -A -f 9 -s rr
	at d ipvsadm -a -f 9 -r 10.2.0.1 -g
	[[ $(at d lvsctl check) == *"no rule here sets mark 9: "* ]] || false
	at d lvsctl mark add $VIP:80 tcp 8
	[ -n "$(check_says d mark)" ]
	at d lvsctl mark add $VIP:81 tcp 9
	[ -z "$(check_says d mark)" ]
	at d lvsctl mark del $VIP:81 tcp
	[ -n "$(check_says d mark)" ]
	at d nft "add table inet t; add chain inet t c { type filter hook prerouting priority 0; }
		add rule inet t c meta mark set ct mark"
	[ -z "$(check_says d mark)" ]
	at d nft "flush table inet t; add rule inet t c meta mark set meta mark or 9"
	[ -z "$(check_says d mark)" ]
	at d nft "flush table inet t; add rule inet t c ct mark set 9"
	[ -n "$(check_says d mark)" ]
	at d nft "flush table inet t; add rule inet t c tcp dport 80 counter mark set 9 accept"
	[ -z "$(check_says d mark)" ]
	at d nft "flush table inet t; add rule inet t c mark set tcp dport map { 80: 9, 81: 7 }"
	[ -z "$(check_says d mark)" ]
}

@test "check: a director with the VIP of a mark on lo is not told to be silent" {
	ip -n d address del $VIP/32 dev d0
	ip -n d address add $VIP/32 dev lo
	at d ipvsadm -A -f 9 -s rr
	at d ipvsadm -a -f 9 -r 10.2.0.1 -g
	sysctls d net.ipv4.vs.expire_nodest_conn=1
	run -0 at d lvsctl check
	[[ $output == *"$VIP is on lo, and "*" answers ARP for it"* && $output != *"sysctl -w"* ]]
}

@test "check: a source of FULLNAT that nobody has" {
	at d lvsctl -A -u $VIP:7 -s rr
	at d lvsctl -a -u $VIP:7 -r 10.2.0.1 --fullnat=10.2.0.250
	sysctls d net.ipv4.vs.expire_nodest_conn=1 net.ipv4.ip_forward=1
	run -2 at d lvsctl check
	cure d source
	run -0 at d lvsctl check
}

# cure NAMESPACE CHECK: runs what check prints for it, after which it has no more to say
cure() {
	local command
	progress "$BATS_TEST_NAME: $2"
	check_says "$1" "$2" >"$BATS_TEST_TMPDIR/cure"
	while read -r command; do
		at "$1" bash -c "$command"
	done <"$BATS_TEST_TMPDIR/cure"
	[ -s "$BATS_TEST_TMPDIR/cure" ]
	[ -z "$(check_says "$1" "$2")" ]
}

check_says() {
	{ at "$1" lvsctl check -j || true; } | python3 -c '
import json, sys
for finding in json.load(sys.stdin):
    if finding["name"] == sys.argv[1]:
        print(*finding["remedy"] or ["false"], sep="\n")' "$2"
}

@test "check: each finding is cured by the command that it prints" {
	at d ipvsadm -A -t 10.9.0.8:80 -s rr -p
	at d ipvsadm -a -t 10.9.0.8:80 -r 10.2.0.1:80 -m -w 0
	at d ipvsadm -a -t 10.9.0.8:80 -r 10.2.0.2:80 -m
	sysctls d net.ipv4.ip_forward=0 net.ipv4.vs.conn_reuse_mode=0 net.ipv4.vs.sloppy_tcp=1 \
		net.ipv4.vs.drop_entry=3 net.ipv4.vs.pmtu_disc=0
	run -2 at d lvsctl check
	cure d address
	cure d forwarding
	cure d sysctls
	cure d quiescent
	ip -n d address add 10.9.0.8/32 dev d1
	cure d redirects
	run -0 at d lvsctl check
	at d ipvsadm -a -t 10.9.0.8:80 -r 10.2.0.3 -i
	cure d pmtu_disc
	run -1 at d lvsctl check
	[[ $output == *"the tunnel holds packets of 1480 bytes"* ]]

	run -0 at s lvsctl check
	ip -n s address add $VIP/32 dev lo
	cure s arp
	ip -n s address add 10.9.0.8/32 dev tunl0
	ip -n s link set tunl0 up
	sysctls s net.ipv4.conf.all.rp_filter=1
	cure s rp_filter
	run -0 at s lvsctl check
}

@test "check: what has no command of ours" {
	at d ipvsadm -A -t $VIP:80 -s rr
	run -2 at d lvsctl check
	[[ $output == *"TCP $VIP:80 rr, 0 real servers"*"ERROR    it has no real server"* ]]
	at d ipvsadm -a -t $VIP:80 -r 10.2.0.1 -g -w 0
	run -2 at d lvsctl check
	[[ $output == *"ERROR    all weights are 0"* ]]
	at d ipvsadm -e -t $VIP:80 -r 10.2.0.1 -g -w 1
	at d ipvsadm -a -t $VIP:80 -r 10.0.0.77 -g
	ip -n d route add 10.4.0.0/24 via 10.2.0.1
	at d ipvsadm -a -t $VIP:80 -r 10.4.0.1 -g
	at d ipvsadm -a -t $VIP:80 -r 10.5.0.1 -g
	run -2 at d lvsctl check
	[[ $output == *"ERROR    10.4.0.1 is not on a link of ours: DR cannot reach it"* ]]
	[[ $output == *"ERROR    no way to 10.5.0.1: Network is unreachable"* ]]
	[[ $output != *"10.0.0.77"* ]]
}
