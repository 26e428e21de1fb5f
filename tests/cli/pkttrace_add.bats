#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace add, del, list, flush: rules that trace, as nft reads them and packets meet them.
# shellcheck disable=SC2016,SC2154 # scripts in quotes are the namespace's; bats sets stderr
load lib

host() {
	run --separate-stderr unshare -rnm bash -uc "ip link set lo up; $1"
}

@test "the article's two commands work with the program's name alone changed" {
	host 'pkttrace -t raw -I PREROUTING -p tcp -m tcp --dport 8081   -j TRACE &&
		pkttrace -t raw -I OUTPUT -p tcp -m tcp --dport 8081   -j TRACE &&
		nft list ruleset | grep comment
		pkttrace -t raw -D PREROUTING -p tcp -m tcp --dport 8081   -j TRACE &&
		pkttrace list | tail -n +2'
	[ "$status" = 0 ]
	[ "$output" = '	comment "pkttrace add"
		tcp dport 8081 limit rate 50/second burst 50 packets counter packets 0 bytes 0 meta nftrace set 1 comment "PREROUTING -p tcp --dport 8081"
		tcp dport 8081 limit rate 50/second burst 50 packets counter packets 0 bytes 0 meta nftrace set 1 comment "OUTPUT -p tcp --dport 8081"
  1          0            0  OUTPUT -p tcp --dport 8081' ]
	[ -z "$stderr" ]
}

@test "nft reads every match as it was meant, and can load its own listing" {
	host 'pkttrace add -p udp -s 10.0.0.0/9 ! -d 10.1.1.1 --dport 80:90 -i eth+ -m mark --mark 1/0xf &&
		pkttrace add ip6 daddr != 2001:db8::/33 tcp flags syn limit rate 5/minute &&
		pkttrace add -o lo ! --mark 7 --limit none &&
		nft -s list ruleset | grep nftrace | sed "s/comment.*//"
		nft list ruleset >/tmp/add.$$; nft -c -f /tmp/add.$$; echo "nft $?"; rm /tmp/add.$$'
	[ "$output" = '		ip saddr 10.0.0.0/9 ip daddr != 10.1.1.1 udp dport 80-90 iifname "eth*" meta mark & 0x0000000f == 0x00000001 limit rate 50/second burst 50 packets counter meta nftrace set 1 
		ip6 daddr != 2001:db8::/33 tcp flags syn / fin,syn,rst,ack limit rate 5/minute counter meta nftrace set 1 
		ip6 daddr != 2001:db8::/33 tcp flags syn / fin,syn,rst,ack limit rate 5/minute counter meta nftrace set 1 
		oifname "lo" meta mark != 0x00000007 counter meta nftrace set 1 
nft 0' ]
}

@test "the counters count what matches, and only that" {
	host 'pkttrace add -p udp --dport 7 -d 127.0.0.1; pkttrace add -d ::1 udp dport 7
		pkttrace add OUTPUT udp dport != 7; pkttrace add OUTPUT --new
		for to in 127.0.0.1/7 127.0.0.2/7 127.0.0.1/8 ::1/7; do echo x >"/dev/udp/$to"; done
		: 2>/dev/null </dev/tcp/127.0.0.1/9
		pkttrace list -j | jq -r ".[] | \"\(.match): \(.packets)\""'
	[ "$output" = '-p udp -d 127.0.0.1 --dport 7: 2
-p udp -d ::1 --dport 7: 2
OUTPUT -p udp ! --dport 7: 1
OUTPUT -p tcp --new: 1' ]
}

@test "the limit holds" {
	host 'pkttrace add OUTPUT -p udp --limit 20/hour
		for ((i = 0; i < 50; i++)); do echo x >/dev/udp/127.0.0.1/7; done
		pkttrace list -j | jq -c "map(.packets)"'
	[ "$output" = '[20]' ]
}

@test "twice is once; del by number and by words; the table goes with the last" {
	host 'pkttrace add icmp; pkttrace add -p icmp; pkttrace add -p tcp --dport 22; pkttrace add -6
		pkttrace list -j | jq -c "map(.match)"
		pkttrace del 2 && pkttrace del icmp && pkttrace list -j | jq -c "map(.match)"
		pkttrace del 2; echo $?; pkttrace del -p udp; echo $?
		pkttrace del 1; nft list tables; pkttrace flush; echo $?'
	[ "$output" = '["-p icmp","-p tcp --dport 22","-6"]
["-6"]
1
1
0' ]
	[ "$stderr" = 'pkttrace: there is no rule 2: there is 1
pkttrace: nothing is traced by "-p udp": `pkttrace list` shows what is' ]
}

@test "flush leaves nothing, and touches nothing that is not ours" {
	host 'nft "add table inet other; add chain inet other c"; nft list ruleset >/tmp/b.$$
		pkttrace add icmp; pkttrace add -4 -p tcp; pkttrace flush
		nft list ruleset | diff /tmp/b.$$ -; echo $?; rm /tmp/b.$$'
	[ "$output" = 0 ]
}

@test "del and flush leave the rules that somebody else has put into the table" {
	host 'rest() { nft list table inet netpath_trace | grep -E "counter|accept comm"; pkttrace list; }
		pkttrace add icmp
		nft add rule inet netpath_trace output udp dport 9 counter
		nft add chain inet netpath_trace mine; nft add rule inet netpath_trace mine accept comment x
		pkttrace del 1; rest; pkttrace add icmp; pkttrace add -4; pkttrace flush; rest
		nft flush table inet netpath_trace; pkttrace add icmp; pkttrace del icmp; nft list table inet netpath_trace | grep chain
		nft delete chain inet netpath_trace mine; pkttrace add icmp; pkttrace del icmp; nft list tables'
	[ "$output" = '		udp dport 9 counter packets 0 bytes 0
		accept comment "x"
		udp dport 9 counter packets 0 bytes 0
		accept comment "x"
	chain prerouting {
	chain output {
	chain mine {' ]
	[ -z "$stderr" ]
}

@test "whatever else is in the table: a set, an empty chain, a chain of ours that has gone" {
	host 'pkttrace add icmp; nft add set inet netpath_trace s "{ type ipv4_addr; }"; pkttrace flush
		nft list table inet netpath_trace | grep -c "set s"
		nft delete set inet netpath_trace s; pkttrace flush; nft list tables
		pkttrace add icmp; nft flush chain inet netpath_trace output; nft delete chain inet netpath_trace output
		pkttrace list | grep -c icmp; pkttrace del 1; pkttrace list; pkttrace add icmp; pkttrace flush; nft list tables; pkttrace flush'
	[ "$output" = '1
1' ]
	[ -z "$stderr" ]
}

@test "another network namespace" {
	host 'mount -t tmpfs none /run && ip netns add red
		pkttrace add -n red icmp && pkttrace list -n red -j | jq -c "map(.match)"
		pkttrace list -j; pkttrace add -n blue icmp'
	[ "$output" = '["-p icmp"]
[]' ]
	[[ $stderr == 'pkttrace: cannot open the network namespace "blue"'* ]]
}

@test "errors point at the word, and change nothing" {
	host 'pkttrace add -p tcp -j DROP; pkttrace add -p tcp --dport 80x; pkttrace add; nft list ruleset'
	[ -z "$output" ]
	[ "${stderr_lines[2]}" = '                ^^^^' ]
	[ "${stderr_lines[3]}" = 'pkttrace: "80x" is not a port or range' ]
	[[ ${stderr_lines[6]} == "pkttrace: which packets?"* ]]
}

@test "help and completion know the words" {
	run -0 pkttrace add --help
	[[ $output == "Usage: pkttrace add "*"--dport PORT"* ]]
	[ "$(pkttrace --complete add -p t)" = tcp ]
	[ "$(pkttrace --complete add ii)" = $'iif\niifname' ]
	[[ $'\n'"$(pkttrace --complete fl)" == *$'\nflush'* ]]
}

@test "only options that the command takes are offered" {
	local verb words word
	for verb in monitor run add list collect; do
		words=$(pkttrace --complete -b "$verb" --)
		[ -n "$words" ] || { echo "$verb: none"; return 1; }
		for word in $words; do
			pkttrace "$verb" --help | grep -qE -e "(^|[^a-z-])$word([^a-z-]|\$)" || { echo "$verb $word"; return 1; }
		done
	done
	[ "$(pkttrace --complete -b --brief mon --ut)" = --utc ]
	[ "$(pkttrace --complete --dot --s | head -n 1)" = --summary ]
}

@test "a closed standard file is no place for a socket" {
	host 'pkttrace add -p tcp && pkttrace list >&-; echo "out $?"; pkttrace list <&- | wc -l; pkttrace list 2>&- | wc -l'
	[ "$output" = $'out 0\n2\n2' ]
}
