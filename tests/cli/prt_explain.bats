#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain: its forms of answer, and the story it was made for. The cases of rules,
# routes and checks are in prt_explain_*.bats.

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016,SC2154
load lib
load explain_lib

@test "the story: rp_filter is named with its setting and interface, and the remedy works" {
	host 'strict all enp5s0
		prt explain 10.0.1.12 from 192.168.235.13 iif enp5s0 | tee /tmp/explain.$$
		sh -c "$(sed -n "s/^cure  *\(sysctl [^ ]* [^ ]*\).*/\1/p" /tmp/explain.$$)" >&2
		rm -f /tmp/explain.$$
		prt explain 10.0.1.12 from 192.168.235.13 iif enp5s0'
	[ "$status" = 0 ]
	[[ ${lines[0]} == "DROPPED by rp_filter on enp5s0 "*"kernel agrees (E"* ]]
	[[ $output == *"way back"*"192.168.235.13: main 192.168.235.0/24 dev enp3s0, not enp5s0"* ]]
	[[ $output == *"rp_filter"*"1, strict: the larger of all=1 and enp5s0=1"* ]]
	[[ $output == *"cure     sysctl -w net.ipv4.conf.enp5s0.rp_filter=2 "* ]]
	[[ $output == *$'\nlocal: for this host '*"kernel agrees"* ]]
}

@test "the story as JSON" {
	host 'strict all; prt -j explain 10.0.1.12 from 192.168.235.13 iif enp5s0'
	[ "$(json 0 'd["verdict"]')" = rp_filter ]
	[ "$(json 0 'd["kernel"]["agrees"]')" = True ]
	[ "$(json 0 'd["errno"] == d["kernel"]["errno"]')" = True ]
	[ "$(json 0 'd["checks"][0]["decided_by"], d["checks"][0]["reverse_dev"]')" = "('all', 'enp3s0')" ]
	[ "$(json 0 'd["remedy"][0]')" = "sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" ]
	[ "$(json 0 'd["route"]')" = None ]
}

@test "the setting comes from the interface alone: it is named" {
	host 'strict enp5s0; prt -j explain 10.0.1.12 from 192.168.235.13 iif enp5s0'
	[ "$(json 0 'd["verdict"], d["checks"][0]["decided_by"]')" = "('rp_filter', 'enp5s0')" ]
}

@test "each rule's result, the verdict and the errno as JSON" {
	host 'prt route add default via 192.168.235.1
		prt route add throw 8.8.8.0/24 table 100
		prt rule add pref 100 table 100
		prt rule add pref 101 goto 103; prt rule add pref 102 blackhole; prt rule add pref 103 nop
		prt rule add pref 104 table main suppress_prefixlength 0
		prt rule add pref 105 prohibit
		prt -j explain 8.8.8.8
		prt -j explain 8.8.8.8 from 127.0.0.1 iif enp5s0'
	[ "$(json 0 '[(r["priority"], r["result"]) for r in d["rules"]]')" = "[(0, 'miss'), (100, 'throw'), \
(101, 'goto'), (103, 'nop'), (104, 'suppressed'), (105, 'hit')]" ]
	[ "$(json 0 'd["verdict"], d["errno"], d["kernel"]["agrees"]')" = "('prohibit', 'EACCES', True)" ]
	[ "$(json 0 'd["remedy"]')" = "['prt rule del priority 105 from all prohibit']" ]
	[ "$(json 1 'd["verdict"], d["errno"], d["rules"]')" = "('martian-source', 'EINVAL', [])" ]
}

@test "-d and --all-rules: the rules that do not match, and those never reached" {
	host 'prt rule add pref 100 fwmark 7 table 100
		prt -d explain 10.0.1.77
		prt explain --all-rules 10.0.1.77'
	[[ $output == *"100    from all fwmark 0x7 lookup 100 "*"does not match: fwmark"* ]]
	[[ $output == *"32767  from all lookup default "*"not reached"* ]]
	host 'prt rule add pref 40000 goto 40001; prt -j explain -A 10.0.1.77'
	[ "$(json 0 '[(r["priority"], r["action"], r.get("table"), r.get("goto"),
		r.get("reached")) for r in d["rules"][-3:]]')" = "[(32766, 'lookup', 'main', None, None), \
(32767, 'lookup', 'default', None, False), (40000, 'goto', None, 40001, False)]" ]
}

@test "batch: a line an answer, a line that is no question is said and fails at the end" {
	host 'printf "%s\n" 10.0.1.12 "no question" "" "# remark" 10.0.1.77 |
		prt explain --batch - || echo "status $?"'
	[ "${lines[0]}" = "10.0.1.12: local: to this host itself from 10.0.1.12; kernel agrees" ]
	[[ ${lines[1]} == "no question: error: "* ]]
	[[ ${lines[2]} == "10.0.1.77: unicast: sent dev enp5s0 "* ]]
	[ "${lines[3]}" = "status 1" ]
}

@test "explain within a batch of prt answers as alone, and what is refused is an answer" {
	host 'prt rule add pref 100 to 8.0.0.0/8 prohibit
		for i in 10.0.1.12 8.8.8.8 192.168.235.7; do echo "explain $i"; done >lines
		printf "%s\n" 10.0.1.77 8.8.4.4 >questions
		echo "explain --batch questions" >>lines
		prt -batch lines >batch || exit 3
		{ prt explain 10.0.1.12; prt explain 8.8.8.8; prt explain 192.168.235.7
			prt explain --batch questions; } >alone 2>&1
		cmp alone batch && grep -c agrees batch'
	[ "$output" = 5 ]
}

@test "wrong words are usage: status 1" {
	host 'prt explain || echo "status $?"; prt explain --nonsense 1.2.3.4 || echo "status $?"
		prt explain 10.0.1.12 iif nope0 || echo "status $?"'
	[ "${lines[*]}" = "status 1 status 1 status 1" ]
}

@test "IPv6: prohibit, throw, our own address, link-local, forwarding off" {
	host 'for d in enp3s0 enp5s0; do sysctl -qw net.ipv6.conf.$d.accept_dad=0; done
		sysctl -qw net.ipv6.conf.all.forwarding=0
		prt -6 route add 2001:db8:3::/64 dev enp3s0; prt -6 route add prohibit 2001:db8:4::/64
		prt -6 route add throw default table 100; prt -6 rule add pref 9 table 100
		ip -6 addr add 2001:db8:5::1/64 dev enp5s0 nodad
		printf "%s\n" 2001:db8:3::9 2001:db8:4::9 2001:db8:5::1 "fe80::9 oif enp3s0" \
			"2001:db8:3::9 from 2001:db8:5::2 iif enp5s0" 2001:db8:9::1 |
			prt -j explain --batch -'
	[ "$(json 0 'd["verdict"], d["route"]["dev"], d["kernel"]["agrees"]')" = "('unicast', 'enp3s0', True)" ]
	[ "$(json 0 '[r["result"] for r in d["rules"]]')" = "['miss', 'throw', 'hit']" ]
	[ "$(json 1 'd["verdict"], d["errno"], d["kernel"]["agrees"]')" = "('prohibit', 'EACCES', True)" ]
	[ "$(json 2 'd["verdict"], d["table"], d["kernel"]["agrees"]')" = "('local', 'local', True)" ]
	[ "$(json 3 'd["verdict"], d["prefix"], d["kernel"]["agrees"]')" = "('unicast', 'fe80::/64', True)" ]
	[ "$(json 4 'd["verdict"], d["kernel"]["agrees"], d["remedy"]')" = \
		"('forwarding-off', True, ['sysctl -w net.ipv6.conf.all.forwarding=1'])" ]
	[ "$(json 5 'd["verdict"], d["errno"], d["kernel"]["agrees"]')" = "('no-route', 'ENETUNREACH', True)" ]
}


@test "batch: a refusal in every place of a round is heard, and the host is read once" {
	host 'prt rule add pref 100 to 8.0.0.0/8 prohibit
		for i in $(seq 250); do echo 8.8.8.$i; done >questions
		prt explain --batch questions
		ASAN_OPTIONS=detect_leaks=0 strace -o calls -e trace=openat prt explain --batch questions >/dev/null 2>&1
		grep -c /proc/net/igmp calls'
	[ "$(grep -c 'PROHIBITED by rule 100, .*kernel agrees (EACCES)' <<<"$output")" = 250 ]
	[ "${lines[-1]}" = 1 ]
}

@test "an answer that nobody could write is an error" {
	host 'for words in "explain 10.0.1.7" "explain -j 10.0.1.7" "explain -b -" snapshot; do
			echo 10.0.1.7 | prt $words >/dev/full && echo "$words: 0" || echo "$words: $?"
		done
		prt -V >/dev/full || echo "-V: $?"'
	[ "$output" = "explain 10.0.1.7: 1
explain -j 10.0.1.7: 1
explain -b -: 1
snapshot: 1
-V: 1" ]
	[ "$(sort -u <<<"$stderr")" = "prt: cannot write: No space left on device" ]
}
