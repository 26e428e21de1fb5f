#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt snapshot and prt explain --file, on the host of tests/cli/explain_ns.bash with
# odd rules and routes:
#
#        p3 (nothing behind) ==== enp3s0 192.168.235.14/24
#        p5 (nothing behind) ==== enp5s0 10.0.1.12/24

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016,SC2154
load lib

NS=$BATS_TEST_DIRNAME/explain_ns.bash

host() {
	run --separate-stderr unshare -rn bash -ec "cd '$BATS_TEST_TMPDIR'; source '$NS'; $1"
}

# What `explain -j` says of each question, without what the kernel alone knows.
answers() { # FILE
	python3 -c 'import json, sys
for line in open(sys.argv[1]):
    d = json.loads(line)
    for key in ("kernel", "route", "snapshot", "errno"):
        d.pop(key, None)
    print(json.dumps(d))' "$1"
}

odd='
	strict enp5s0
	ip route add 50.0.0.0/8 nexthop via 10.0.1.1 nexthop via 10.0.1.2 dev enp5s0
	ip route add 51.0.0.0/8 via inet6 fe80::1 dev enp3s0 onlink
	ip route add blackhole 52.0.0.0/8 metric 7
	ip route add throw 53.0.0.0/8 table 100
	ip route add 53.1.0.0/16 dev enp3s0 table 100 tos 0x10
	ip route add 0/0 dev enp3s0 table 1000000 src 192.168.235.14
	ip route add local 54.0.0.0/8 dev lo
	ip link set enp3s0 group 7
	ip rule add pref 100 fwmark 3/7 lookup 100
	ip rule add pref 110 not from 10.0.0.0/8 iif enp5s0 goto 300
	ip rule add pref 120 to 55.0.0.0/8 prohibit
	ip rule add pref 130 ipproto udp dport 53-60 lookup 1000000
	ip rule add pref 140 iif gone lookup 1000000
	ip rule add pref 150 lookup main suppress_prefixlength 0 suppress_ifgroup 7
	ip rule add pref 300 tos 0x08 blackhole
	ip -6 addr add 2001:db8::1/64 dev enp3s0 nodad
	ip -6 route add 2001:db8:5::/48 via 2001:db8::9 metric 3 pref high
	ip -6 route add prohibit 2001:db8:6::/48
	ip -6 rule add pref 50 from 2001:db8::/64 lookup 77
'

# Questions: each destination with each of these endings.
questions() {
	local dst rest
	for dst in 10.0.1.12 10.0.1.7 192.168.235.14 50.1.1.1 51.0.0.1 52.0.0.1 53.0.0.1 \
		53.1.0.1 54.3.2.1 55.0.0.1 8.8.8.8 224.0.0.1 255.255.255.255 127.0.0.1 0.0.0.0; do
		for rest in '' 'mark 3' 'mark 3 tos 0x10' 'tos 0x08' 'iif enp5s0 from 10.0.1.9' \
			'iif enp5s0 from 192.168.235.13' 'iif enp3s0 from 8.8.4.4' 'from 10.0.1.12' \
			'ipproto udp dport 53' 'oif enp3s0' 'oif enp5s0 uid 7' \
			'iif enp5s0 from 127.0.0.1' 'iif lo' 'from 1.2.3.4'; do
			echo "$dst $rest"
		done
	done
	for dst in 2001:db8::1 2001:db8::7 2001:db8:5::1 2001:db8:6::1 ::1 fe80::1 ff02::1 9::; do
		for rest in '' 'from 2001:db8::1' 'iif enp3s0 from 2001:db8::9' 'oif enp3s0'; do
			echo "$dst $rest"
		done
	done
}

@test "a snapshot answers as the host itself does" {
	questions >"$BATS_TEST_TMPDIR/questions"
	host "$odd"'
		prt -j explain --batch questions >live || true
		prt snapshot host.json'
	[ "$status" = 0 ]
	cd "$BATS_TEST_TMPDIR"
	# another host, without netlink, by a user who may nothing
	prt -j explain --file host.json --batch questions >offline || true
	[ "$(wc -l <offline)" = "$(wc -l <questions)" ]
	diff <(answers live) <(answers offline)
	# and nothing was answered by an error or past the kernel
	run -1 grep -c '"error"' live
	run -1 grep -c '"agrees":false' live
}

@test "… also of tables that are one while no rule was ever changed" {
	printf '%s\n' 127.0.0.1 10.0.1.12 10.0.1.255 10.0.1.7 '10.0.1.12 from 192.168.235.13 iif enp5s0' \
		'10.0.1.12 from 127.0.0.1' >"$BATS_TEST_TMPDIR/questions"
	host 'strict enp5s0
		prt -j explain --batch questions >live
		prt snapshot host.json
		prt -j explain --file host.json --batch questions >offline'
	[ "$status" = 0 ]
	cd "$BATS_TEST_TMPDIR"
	diff <(answers live) <(answers offline)
	grep -q '"table":"main","prefix":"10.0.1.12/32"' offline
}

@test "… also by force_forwarding, which one interface has though all do not forward" {
	[ -e /proc/sys/net/ipv6/conf/all/force_forwarding ] || skip "a sysctl of Linux 6.17"
	printf '2001:db8:1::1 from 2001:db8::9 iif %s\n' enp3s0 enp5s0 >"$BATS_TEST_TMPDIR/questions"
	host 'sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.enp5s0.force_forwarding=1
		ip -6 route add 2001:db8:1::/48 dev enp3s0
		prt -j explain --batch questions >live || true
		prt snapshot host.json
		prt -j explain --file host.json --batch questions >offline || true'
	[ "$status" = 0 ]
	cd "$BATS_TEST_TMPDIR"
	diff <(answers live) <(answers offline)
	[ "$(jq -r .verdict live | xargs)" = "forwarding-off unicast" ]
}

@test "protocols of rules are read without an /etc/protocols" {
	host 'for i in tcp udp sctp ipv6-icmp ospf 94 4 200; do ip rule add pref 50 ipproto $i table 7; done
		prt -j snapshot >host.json'
	[ "$status" = 0 ]
	cd "$BATS_TEST_TMPDIR"
	run -0 unshare -rm bash -ec 'mount --bind /dev/null /etc/protocols
		for i in 6 17 132 58 89 94 4 200; do
			prt -j explain --file host.json 10.0.1.7 ipproto $i
		done | jq -r ".rules[] | select(.priority == 50) | .selector" | xargs -n 4'
	[ "$output" = "$(printf 'from all ipproto ipproto-%d\n' 6 17 132 58 89 94 4 200)" ]
}

@test "the kernel is not asked, and that is said" {
	host 'strict all; prt snapshot host.json'
	cd "$BATS_TEST_TMPDIR"
	run -0 prt explain --file host.json 10.0.1.12 from 192.168.235.13 iif enp5s0
	[[ ${lines[0]} == "DROPPED by rp_filter on enp5s0 "*" kernel: not asked (snapshot of $(uname -n), 20"*Z\) ]]
	[[ $output == *"cure     sysctl -w net.ipv4.conf.enp5s0.rp_filter=2 "* ]]
	run -0 prt -j explain --file host.json 10.0.1.12 from 192.168.235.13 iif enp5s0
	[[ $output == *'"snapshot":{"host":"'*'"kernel":null}' ]]
	run -0 prt explain --file - 10.0.1.7 <host.json
	[[ ${lines[0]} == "unicast: sent dev enp5s0 "* ]]
}

@test "no socket is opened for a snapshot's answer" {
	host 'prt snapshot host.json'
	cd "$BATS_TEST_TMPDIR"
	# under ASan: LeakSanitizer cannot work beneath strace
	ASAN_OPTIONS=detect_leaks=0 run -0 strace -f -e trace=socket,open,openat -o trace "$NP_BUILD/prt" explain --file host.json 10.0.1.7
	run -1 grep -E 'socket\(|/proc/(sys|net)' trace
}

@test "links are those of the snapshot, never this host's" {
	host 'prt snapshot host.json'
	cd "$BATS_TEST_TMPDIR"
	run -1 --separate-stderr prt explain --file host.json 8.8.8.8 iif nosuch0
	[[ $stderr == *'there is no device "nosuch0"'* ]]
	# the name is there, but under another index or not at all on the host that reads
	run -0 unshare -rn "$NP_BUILD/prt" explain --file host.json 10.0.1.7 oif enp5s0
	[[ $output == "unicast: sent dev enp5s0"* ]]
	run -1 --separate-stderr prt explain --file host.json 8.8.8.8 vrf enp5s0
	[[ $stderr == *'"enp5s0" is not the name of a VRF'* ]]
}

@test "gzip-ed, pretty and from stdout: all the same" {
	host 'prt snapshot | tee a.json | gzip >b.json.gz; prt -p snapshot - >c.json'
	cd "$BATS_TEST_TMPDIR"
	run -0 prt explain --file a.json 10.0.1.7
	local want=${output% (snapshot*}
	for f in b.json.gz c.json; do
		run -0 prt explain --file $f 10.0.1.7
		[ "${output% (snapshot*}" = "$want" ]
	done
	head -c 500 b.json.gz >cut.gz
	run -1 prt explain --file cut.gz 10.0.1.7
	[[ $output == *"cut.gz: the compressed data are cut short"* ]]
}

@test "a snapshot is read by jq in the keys of prt -j" {
	host "$odd"'
		prt snapshot host.json
		prt -j rule | jq -c ".[]" >rules
		jq -c ".rules[] | select(.family == \"inet\") |
			del(.family, .sport_mask, .dport_mask)" host.json >saved
		diff rules saved
		jq -r ".routes[] | select(.table == \"main\" and .family == \"inet\") | .dst" host.json |
			sed "s,/32,," | sort >a
		prt -j route | jq -r ".[].dst" | sort >b
		diff a b'
	[ "$status" = 0 ]
}

@test "a snapshot's file is replaced whole, or not at all" {
	host 'echo old >host.json; prt snapshot host.json
		(ulimit -f 1; trap "" XFSZ; prt snapshot host.json) || echo "status $?"
		prt explain --file host.json 10.0.1.7 | head -n 1; ls host*'
	[[ ${stderr_lines[0]} == "prt: cannot write host.json: File too large" ]]
	[ "${lines[0]}" = "status 1" ]
	[[ ${lines[1]} == "unicast: sent dev enp5s0 "* ]]
	[ "${lines[2]}" = host.json ]
	[ "${#lines[@]}" = 3 ]
}

@test "what is no snapshot is refused with its place" {
	host 'prt snapshot host.json'
	cd "$BATS_TEST_TMPDIR"
	sed 's/"priority":32766/"priority":"main"/' host.json >bad.json
	run -1 prt explain --file bad.json 10.0.1.7
	[ "$output" = 'prt: bad.json: rules[1]: "priority": expected a number from 0 to 4294967295, not "main"' ]
	echo '[' >bad.json
	run -1 prt explain --file bad.json 10.0.1.7
	[[ $output == 'prt: bad.json: line '*': '* ]]
	run -1 prt explain --file /dev/null 10.0.1.7
	run -1 prt snapshot "$BATS_TEST_TMPDIR/no/dir/x"
	[[ $output == "prt: cannot write "*": No such file or directory" ]]
}

@test "each verb's help is its own" {
	for verb in explain snapshot watch; do
		for word in help -h --help; do
			run -0 --separate-stderr prt "$verb" $word
			[[ ${lines[0]} == "Usage: prt $verb "* && -z $stderr ]]
		done
	done
	run -1 --separate-stderr prt get help # as ip has it
	[[ ${stderr_lines[0]} == "Usage: prt get "* && -z $output ]]
	run -0 --separate-stderr prt explain --help
	[[ $output == *"--file FILE"* ]]
	for word in help --help -help -h; do
		run -0 --separate-stderr prt $word
		[[ ${lines[0]} == "Usage: prt "* && -z $stderr ]]
	done
	run -1 --separate-stderr prt route get help
	[[ ${stderr_lines[0]} == "Usage: prt route add "* ]]
	run -1 --separate-stderr prt get 127.0.0.1 from help
	[[ ${stderr_lines[0]} == "Usage: prt get "* ]]
	run -1 --separate-stderr prt explain --batch - <<<"127.0.0.1 help"
	[[ $output == '127.0.0.1 help: error: "help" is no question' && $stderr != *Usage* ]]
	run -0 prt --complete explain --fi
	[[ ${lines[0]} == --file ]]
	run -0 bash -c 'prt snapshot "$1"; diff <(prt explain --file "$1" 127.0.0.1) <(prt explain --snapshot "$1" 127.0.0.1)' \
		_ "$BATS_TEST_TMPDIR/host.json"
	run -0 prt --complete snapshot ''
	[ "$output" = "<FILE>" ]
}
