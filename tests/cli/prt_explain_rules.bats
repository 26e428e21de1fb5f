#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain: what each selector and each action of a rule does to a question.

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016,SC2154
load lib
load explain_lib

@test "throw: the table is left, the next rule is asked" {
	host 'prt rule add pref 100 table 100
		prt route add throw 192.168.235.0/24 table 100
		prt route add blackhole default table 100
		ask 192.168.235.77
		ask 8.8.8.8'
	shows "unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"100 from all lookup 100 throw 192.168.235.0/24: on to the next rule" \
		"32766 from all lookup main 192.168.235.0/24 dev enp3s0" \
		"BLACKHOLE by route default in table 100 kernel agrees (EINVAL)"
}

@test "goto: the rules between are not asked, whatever they say" {
	host 'prt rule add pref 100 to 192.168.235.0/24 goto 300
		prt rule add pref 200 blackhole
		prt rule add pref 300 nop
		ask 192.168.235.77
		ask 10.0.1.77'
	shows "unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"100 from all to 192.168.235.0/24 goto 300 goes on at 300" \
		"300 from all nop does nothing" \
		"32766 from all lookup main 192.168.235.0/24 dev enp3s0" \
		"BLACKHOLE by rule 200 kernel agrees (EINVAL)"
	[ "$(grep -c '^  200 ' <<<"$output")" = 1 ]
}

@test "goto backwards: refused by the kernel, in its own words; to nowhere: does nothing" {
	host 'prt rule add pref 400 goto 100 || echo "status $?"
		prt rule add pref 400 goto 999
		ask 192.168.235.77'
	[[ $stderr == *"Error: Backward goto not supported."* ]]
	shows "status 2" "unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"400 from all goto 999 [unresolved] does nothing"
}

@test "suppress_prefixlength: the default route is turned away, what is longer is not" {
	host 'prt route add default via 192.168.235.1
		prt rule add pref 100 table main suppress_prefixlength 0
		prt rule add pref 200 prohibit
		ask 8.8.8.8
		ask 192.168.235.77'
	shows "PROHIBITED by rule 200 kernel agrees (EACCES)" \
		"100 from all lookup main suppress_prefixlength 0 default via 192.168.235.1 dev enp3s0: turned away, its length 0 is not above 0" \
		"unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"100 from all lookup main suppress_prefixlength 0 192.168.235.0/24 dev enp3s0"
}

@test "suppress_ifgroup: routes by a link of the group are turned away" {
	host 'ip link set enp3s0 group 7
		prt rule add pref 100 table main suppress_ifgroup 7
		prt rule add pref 200 unreachable
		ask 192.168.235.77
		ask 10.0.1.77'
	shows "NO ROUTE to 192.168.235.77: unreachable by rule 200 kernel agrees (ENETUNREACH)" \
		"192.168.235.0/24 dev enp3s0: turned away, its interface is of the group" \
		"unicast: sent dev enp5s0 from 10.0.1.12 kernel agrees"
}

@test "blackhole, prohibit, unreachable: three errors, and the cure takes the rule away" {
	host 'for action in blackhole prohibit unreachable; do
			prt rule add pref 100 to 192.168.235.64/27 $action
			ask 192.168.235.77
			cure
			again
		done'
	shows "BLACKHOLE by rule 100 kernel agrees (EINVAL)" \
		"100 from all to 192.168.235.64/27 blackhole matches" \
		"+ prt rule del priority 100 from all to 192.168.235.64/27 blackhole" \
		"unicast: sent dev enp3s0" \
		"PROHIBITED by rule 100 kernel agrees (EACCES)" "unicast: sent dev enp3s0" \
		"NO ROUTE to 192.168.235.77: unreachable by rule 100 kernel agrees (ENETUNREACH)" \
		"unicast: sent dev enp3s0"
	agrees 6
}

@test "two rules of one number: the one that refuses is shown, and the cure takes that one" {
	host 'prt rule add pref 0 to 192.168.235.64/27 prohibit
		ask 192.168.235.77
		printf "192.168.235.77\n" | prt explain --batch -
		cure
		prt rule show'
	shows "PROHIBITED by rule 0 kernel agrees (EACCES)" "0 from all lookup local no match in table local" \
		"0 from all to 192.168.235.64/27 prohibit matches" \
		"192.168.235.77: PROHIBITED by rule 0, from all to 192.168.235.64/27; kernel agrees" \
		"+ prt rule del priority 0 from all to 192.168.235.64/27 prohibit" \
		"from all lookup local"
	[ "$(sed '1,/^+ prt rule del/d' <<<"$output" | grep -c .)" = 3 ]
}

@test "fwmark with a mask: only the masked bits count" {
	host 'prt rule add pref 100 fwmark 0x10/0xf0 prohibit
		ask 192.168.235.77 mark 0x1f
		ask -d 192.168.235.77 mark 0x20'
	shows "PROHIBITED by rule 100 kernel agrees (EACCES)" "100 from all fwmark 0x10/0xf0 prohibit matches" \
		"unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"100 from all fwmark 0x10/0xf0 prohibit does not match: fwmark"
}

@test "uidrange: the packets of some users" {
	[ "$(id -u)" = 0 ] || skip "only root has more than one user in a namespace"
	run unshare -n bash -ec "source '$NS'
		prt rule add pref 100 uidrange 1000-1010 prohibit
		ask 192.168.235.77 uid 1005
		ask -d 192.168.235.77 uid 1011"
	shows "PROHIBITED by rule 100 kernel agrees (EACCES)" "100 from all uidrange 1000-1010 prohibit matches" \
		"unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"100 from all uidrange 1000-1010 prohibit does not match: uidrange"
}

@test "ipproto with sport and dport, numbers and ranges" {
	host 'prt rule add pref 100 ipproto tcp dport 8000-8081 prohibit
		prt rule add pref 101 ipproto udp sport 53 blackhole
		ask 192.168.235.77 ipproto tcp sport 1024 dport 8081
		ask -d 192.168.235.77 ipproto tcp sport 1024 dport 8082
		ask -d 192.168.235.77 ipproto udp sport 53 dport 8081'
	shows "PROHIBITED by rule 100 kernel agrees (EACCES)" \
		"unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"100 from all ipproto tcp dport 8000-8081 prohibit does not match: dport" \
		"101 from all ipproto udp sport 53 blackhole does not match: ipproto" \
		"BLACKHOLE by rule 101 kernel agrees (EINVAL)" \
		"100 from all ipproto tcp dport 8000-8081 prohibit does not match: ipproto" \
		"101 from all ipproto udp sport 53 blackhole matches"
}

@test "from, to, iif, oif, tos: the first that differs is named" {
	host 'prt rule add pref 100 from 10.0.1.0/24 table 100
		prt rule add pref 101 to 172.16.0.0/12 table 101
		prt rule add pref 102 iif enp5s0 table 102
		prt rule add pref 103 oif enp5s0 table 103
		prt rule add pref 104 tos 0x10 table 104
		prt rule add pref 105 iif gone0 table 105
		ask -d 192.168.235.77'
	shows "unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"100 from 10.0.1.0/24 lookup 100 does not match: from" \
		"101 from all to 172.16.0.0/12 lookup 101 does not match: to" \
		"102 from all iif enp5s0 lookup 102 does not match: iif" \
		"103 from all oif enp5s0 lookup 103 does not match: oif" \
		"104 from all tos 0x10 lookup 104 does not match: tos" \
		"105 from all iif gone0 [detached] lookup 105 does not match: iif"
}

@test "not: the rule is for all that its selectors are not for" {
	host 'prt rule add pref 100 not to 192.168.235.0/24 prohibit
		ask 10.0.1.77
		ask -d 192.168.235.77'
	shows "PROHIBITED by rule 100 kernel agrees (EACCES)" \
		"100 not from all to 192.168.235.0/24 prohibit matches" \
		"unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"100 not from all to 192.168.235.0/24 prohibit does not match: not"
}

@test "an empty table and one without a route for this are two things" {
	host 'prt rule add pref 100 table 100
		prt rule add pref 101 table 101
		prt route add 172.16.0.0/12 dev enp3s0 table 101
		ask 8.8.8.8
		cure 1 "s/GATEWAY/192.168.235.1/"
		again'
	shows "NO ROUTE to 8.8.8.8 kernel agrees (ENETUNREACH)" "100 from all lookup 100 table 100 is empty" \
		"101 from all lookup 101 no match in table 101" "+ prt route add 8.8.8.8 via 192.168.235.1" \
		"unicast: sent via 192.168.235.1 dev enp3s0 from 192.168.235.14 kernel agrees"
}
