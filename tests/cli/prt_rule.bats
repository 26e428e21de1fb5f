#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# prt rule against ip rule: what is printed, and success and failure.
# shellcheck disable=SC2016,SC2154
load lib
load prt_lib

# show: every way to list
show() {
	local f=$1 o
	for o in '' -d -N '-d -N' -j '-j -d' '-j -p' -o -s -br '-c=always' '-c=always -d'; do
		echo "$f $o rule"
	done
}

# selectors of both families
selectors() {
	cat <<-END
		fwmark 1
		fwmark 0x10/0xff
		fwmark 0/0xf0
		fwmark 5/0xffffffff
		iif lo
		iif notthere
		dev lo
		oif notthere
		iif lo oif lo
		not fwmark 3
		uidrange 1000-2000
		uidrange 0-4294967294
		ipproto tcp
		ipproto 250
		ipproto udp sport 53
		sport 1-65535
		ipproto tcp sport 5 dport 80-443
		tun_id 77
		tos 0x10
		dsfield 0x4
	END
}
# what a rule does
actions() {
	cat <<-END
		table 100
		lookup main
		table 4294967295
		table 70000 suppress_prefixlength 0
		table main suppress_ifgroup 7
		table 5 sup_pl 4 sup_group default
		blackhole
		unreachable
		prohibit
		type blackhole
		unicast table 9
		nop
		goto 30000
		goto 32766
		protocol 77 table 3
		proto static table 3
		table 4 realms 3
		table 4 realms 3/4
		l3mdev
		throw
		broadcast
		5
	END
}

@test "each selector, IPv4 and IPv6, in every form of output" {
	{
		local n=0 s
		while read -r s; do
			n=$((n + 1))
			echo "rule add $s table 100 pref $n"
			echo "-6 rule add $s table 100 pref $n"
		done < <(selectors)
		echo "rule add from 10.0.0.0/8 to 192.0.2.1 table 5"
		echo "rule add from 0/8 table 5"
		echo "rule add to 10/8 table 5"
		echo "rule add from default to all table 5"
		echo "-6 rule add from 2001:db8::/32 to ::1 table 5"
		echo "-6 rule add from ::/3 table 5"
		show ''
		show -6
	} | same
}

@test "each action, IPv4 and IPv6, in every form of output" {
	{
		local n=0 s
		while read -r s; do
			n=$((n + 1))
			echo "rule add $s pref $n"
			echo "-6 rule add from fd00::/8 $s"
		done < <(actions)
		show ''
		show -6
	} | same
}

@test "what is said twice: the last, and a table's attribute" {
	same <<-END
		rule add table 300 table 6 pref 1
		rule add table 6 table 300 pref 2
		rule add table 300 table 400 pref 3
		rule add table 7 table 6 pref 4
		rule add from 10.0.0.0/8 from 11.0.0.0/8 fwmark 1/5 fwmark 2 table 9 pref 5
		rule add iif a iif b blackhole table 9 goto 32766 pref 5 pref 6
		rule list
		rule list table 300 table 6
		rule del table 300 table 6
		rule
	END
}

@test "each rule is found by the words that made it" {
	{
		local s
		while read -r s; do
			echo "rule add $s table 100"
			echo "rule del $s table 100"
			echo "rule del $s table 100"
			echo "-6 rule add $s"
			echo "-6 rule del $s"
		done < <(selectors)
		while read -r s; do
			echo "rule add $s"
			echo "rule del $s"
		done < <(actions)
		show ''
		show -6
	} | same
}

@test "filters of list" {
	{
		local n=0 s
		while read -r s; do
			n=$((n + 1))
			echo "rule add $s table $n"
		done < <(selectors)
		echo "rule add from 10.1.0.0/16 to 10.2.0.0/16 table 5"
		while read -r s; do
			echo "rule list $s"
			echo "-j rule show $s"
			echo "-6 rule show $s"
		done < <(selectors)
		cat <<-END
			rule list from 10.0.0.0/8
			rule list from 10.1.0.0/16
			rule list from 10.1.1.0/24
			rule list src 10/8
			rule list to 10/8
			rule list dst 10/8
			rule list 10/8
			rule list from all
			rule list not
			rule list table main
			rule list lookup 5
			rule list table 0
			rule list pref 0
			rule list order 32766
			rule list protocol kernel
			rule list protocol all
			rule list proto 99
			rule list prohibit
			rule list from ::/0
			rule list goto 5
			rule list realms 4
			rule list table
			rule list suppress_prefixlength 0
			-f link rule list
			-f inet6 rule list
			-f bridge rule
			-4 rule list l 255
		END
	} | same
}

@test "abbreviations and old words" {
	same <<-END
		ru a p 5 ta 7
		rule ad order 6 ta 8
		rule add prio 7 pro 4 ta 9
		rul add pri 8 re 3 ta 9
		rule add pref 9 b
		rule add pref 10 un
		rule add pref 11 n
		rule add pref 12 g 32766
		rule add pref 13 suppress_p 5 ta 5
		rule add pref 14 t 5 ta 6
		rule add pref 15 ds 8 ta 6
		rule add pref 16 f 10/8
		rule add pref 16 lo 10
		rule add pref 17 proh
		rule add pref 18 prohi
		rule add pref 19 thro
		rule add pref 20 xr
		rule add pref 21 type goto 32766
		rule add pref 22 type help
		rule add pref 23 from 0/0 dev lo blackhole
		rule s
		rule sh
		rule l
		rule li
		rule ls
		ru
		-d ru
		rule de pref 5
		rule d pref 6
		rule f
		rule
		rule help
		rule hel
		rule x
		rulee
		rt
	END
}

@test "what is wrong fails, and with the status that ip has" {
	same <<-END
		rule add
		rule del
		rule add from
		rule add from 10.0.0.0/33
		rule add from 2001:db8::/32 table 5
		rule add from ::/0 table 5
		rule add from 2001:db8::1 table NOSUCH
		rule add to 2001:db8::/32 bogus
		rule add to 2001:db8::/32 help
		rule add to 2001:db8::/32 l3mdev table 5
		rule del from 2001:db8::1 priority x
		rule del from 2001:db8::1
		-6 rule add from 10.0.0.0/8 table 5
		rule add to x
		rule add pref 4294967296
		rule add pref x
		rule add fwmark 1/
		rule add fwmark /1
		rule add fwmark 0x100000000
		rule add tos 256
		rule add iif aaaaaaaaaaaaaaaa table 5
		rule add iif a/b table 5
		rule add iif 'a b' table 5
		rule add iif '' table 5
		rule add uidrange 5
		rule add uidrange 9-3 table 5
		rule add ipproto nosuch
		rule add sport 0 table 5
		rule add sport 70000 table 5
		rule add sport 5-3 table 5
		rule add sport x table 5
		rule add dport 80x table 5
		rule add tun_id -5x table 5
		rule add table nosuch
		rule add suppress_prefixlength -1 table 5
		rule add suppress_ifgroup nosuch table 5
		rule add realms x
		rule add protocol 256
		rule add goto
		rule add goto 3 pref 9
		rule add type
		rule add l3mdev table 5
		rule add nat 192.0.2.1
		rule add nat x
		rule add map-to 192.0.2.2 from 10/8
		rule add table 5 pref 5
		rule add table 5 pref 5
		rule del table 6
		rule add garbage
		rule list garbage
		rule save x
		rule save table 5
		-j rule
		-f mpls rule add table 5
		-f nosuch rule
		-f
		-c=sometimes rule
		-nosuch rule
		-n nosuch rule
		-batch
		-l
		''
		rule ''
		rule add ''
	END
}

@test "flush, by family and by protocol" {
	same <<-END
		rule add table 5 protocol 77
		rule add table 6 protocol static
		-6 rule add table 7
		rule flush proto 77
		rule
		rule flush table 6
		rule
		rule flush protocol all
		rule
		-6 rule
		-6 rule flush
		-6 rule
		rule add table 5
		-j rule flush table 6
		-j -p rule flush
		-j -6 rule flush
		-j rule
	END
}

@test "a family that has no rules: status 1 of list, flush and save, 2 of changes" {
	local family verb
	for family in -0 -M -B '-j -0' '-j -p -f mpls'; do
		for verb in list flush 'flush table 5' 'save >/dev/null' 'add table 5' 'del table 5'; do
			echo "$family rule $verb"
		done
	done | same
}

@test "save files go from ip to prt and back" {
	in_ns bash -e -c '
		cd "$1"
		ip rule add from 10.0.0.0/8 fwmark 1/3 table 1000 pref 10
		ip rule add iif lo ipproto udp dport 5-9 goto 32766 pref 11
		ip rule save >by-ip
		prt rule save >by-prt
		cmp -n 4 by-ip by-prt
		ip rule >want
		for tool in ip prt; do
			for file in by-ip by-prt; do
				ip rule flush; ip rule del pref 0
				$tool rule restore <$file
				ip -d rule >got
				diff want <(sed "s/ proto [a-z]*$//" got)
			done
		done' _ "$BATS_TEST_TMPDIR"
}

@test "restore refuses what is no save file" {
	in_ns bash -c '
		cd "$1"
		prt rule save >good
		for n in 3 4 10 40 100; do
			head -c $n good >cut
			prt rule restore <cut && [ $n != 4 ] && exit 1
		done
		{ head -c 4 good; printf "\0\0\0\0%.0s" 1 2 3 4 5 6 7 8; } >bad
		prt rule restore <bad && exit 1
		{ head -c 4 good; head -c 100000 /dev/zero | tr "\0" "\377"; } >bad
		prt rule restore <bad && exit 1
		prt rule restore </dev/null && exit 1
		exit 0' _ "$BATS_TEST_TMPDIR"
}

@test "errors quote the word, say what was expected and point at it" {
	run -1 --separate-stderr in_ns prt rule add from 10.0.0.0/8 loookup 100
	[ "${stderr_lines[0]}" = 'prt: unknown word "loookup": did you mean "lookup"?' ]
	[ "${stderr_lines[1]}" = '  rule add from 10.0.0.0/8 loookup 100' ]
	[ "${stderr_lines[2]}" = '                           ^^^^^^^' ]
	run -1 --separate-stderr in_ns prt rule add table
	[[ $stderr == *'"table" must be followed by a table'* ]]
	run -1 --separate-stderr in_ns prt rule add fwmark 1/zz
	[[ $stderr == *'"1/zz" is not a mark (MARK or MARK/MASK)'* ]]
	run -2 --separate-stderr in_ns prt rule del pref 77
	[ "${stderr_lines[0]}" = 'RTNETLINK answers: No such file or directory' ]
	run -2 --separate-stderr in_ns prt rule add from 2001:db8::/32 table 5
	[[ $stderr == *'option -6'* ]]
}

@test "reject, a word of Linux 2.2, is unreachable" {
	run -0 in_ns bash -c 'prt rule add from 192.168.2.0/24 prio 32777 reject; ip rule list pref 32777'
	[ "$output" = $'32777:\tfrom 192.168.2.0/24 unreachable' ]
}

@test "without privilege: a clear refusal, and lists all the same" {
	run -2 --separate-stderr prt_as_nobody rule add table 5
	[ "$stderr" = 'RTNETLINK answers: Operation not permitted' ]
	run -0 prt_as_nobody rule
	[[ $output == *'from all lookup main'* ]]
}
prt_as_nobody() {
	in_ns setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all prt "$@" ||
		return $?
}

@test "-echo shows what the kernel made of a change; options that have no effect have none" {
	same <<-'END'
		-echo rule add table 99 pref 99
		-echo -d rule add from 10.0.0.0/8 fwmark 7 table 99
		-echo rule add iif lo blackhole pref 5
		-echo -6 rule add to 2001:db8::/32 unreachable pref 6
		-echo rule del pref 99
		-echo -o rule del pref 5
		-echo rule del pref 12345
		-echo route add 192.0.2.0/24 dev lo table 7
		-echo route add 192.0.2.9 dev lo metric 3
		-echo -4 -d route add blackhole 198.51.100.0/24
		-echo -6 route add 2001:db8:1::/48 dev lo
		-echo route replace 192.0.2.9 dev lo metric 3 mtu 1400
		-echo route change 192.0.2.9 dev lo metric 4
		-echo route append 192.0.2.9 dev lo metric 3 src 127.0.0.1
		-echo route del 192.0.2.0/24 table 7
		-echo route add 192.0.2.9 dev lo metric 3
		-echo rule flush
		-l 3 route flush table 7
		-loops x -4 rule
		-human -iec -a rule list pref 1
		-h -i -r -rc 1000000 rule
		-rc x rule
	END
	# in a batch ip 6.1 takes the first change's acknowledgement for the second's answer
	printf '%s\n' 'rule add table 5 pref 5' 'route add 192.0.2.1 dev lo' 'rule add table 5 pref 5' \
		'rule del pref 5' >"$BATS_TEST_TMPDIR/batch"
	run -1 --separate-stderr in_ns prt -echo -force -b "$BATS_TEST_TMPDIR/batch"
	[ "$output" = $'5:\tfrom all lookup 5\n192.0.2.1 dev lo scope link \nDeleted 5:\tfrom all lookup 5' ]
	[[ $stderr == *batch:3:*"File exists"* ]]
	# what was told and taken back is not shown, and its error is
	run -2 --separate-stderr in_ns bash -c 'ip link add a0 type veth peer name b0
		ip link set a0 up && ip link set b0 up && ip -6 addr add 2001:db8:1::1/64 dev a0 nodad
		ip -6 route add 2001:db8:9::/64 via 2001:db8:1::2 dev a0 || exit 9
		prt -echo -6 route append 2001:db8:9::/64 nexthop via 2001:db8:1::3 dev a0 \
			nexthop via 2001:db8:1::2 dev a0'
	[[ -z $output && $stderr == *"File exists"* ]]
	# JSON is JSON; ip 6.1 doubles its brackets
	run -0 in_ns prt -echo -j rule add iif lo blackhole pref 5
	[ "$(jq -r '.[0] | "\(.priority) \(.iif) \(.action)"' <<<"$output")" = "5 lo blackhole" ]
}

@test "options: with one dash or two, shortened, one after the other" {
	local option
	for option in -4 --4 -6 --6 -0 --0 -M --M -B --B --44 ---6 -4=x --4=x '--4 --6' '--6 --4' --j --d --o \
		--N --c=never -- --- - '- -4' '- 5 -6' '--f inet6' --fam -stat --statistics -statistix -co=auto -c=x \
		'--j --6 --d'; do
		printf '%s rule list\n' "$option"
		printf '%s route list table all\n' "$option"
	done | same
}

@test "a namespace by its name" {
	run -0 unshare -rnm bash -c 'mount -t tmpfs tmpfs /run && mkdir /run/netns &&
		ip netns add a && prt -n a rule add table 5 pref 5 && prt -netns a rule list pref 5 &&
		prt rule list pref 5'
	[ "$output" = $'5:\tfrom all lookup 5' ]
}

@test "a save file that does not fit the disk is an error; a list is none, as with ip" {
	run -1 --separate-stderr in_ns bash -c 'prt rule save >/dev/full'
	[[ $stderr == *'No space left on device'* ]]
	run -0 in_ns bash -c 'prt rule >/dev/full; prt rule >&-; prt rule <&-'
	[[ $output == *'lookup main'* ]]
}

@test "completion comes from the words of rules" {
	run -0 prt --complete rule add fr
	[ "$output" = from ]
	run -0 prt --complete rule add table mai
	[ "$output" = main ]
	run -0 prt --complete rule add iif ''
	[ "$output" = '<DEV>' ]
	[ "$(prt --complete rule list proto ker)" = kernel ]
	[ "$(prt --complete rule add dsfield AF11)" = AF11 ]
	[ "$(prt --complete rule add realms cos)" = cosmos ]
	[ "$(prt --complete rule add suppress_ifgroup d)" = default ]
	run -0 prt --complete rule list suppress
	[ -z "$output" ]
	run -0 prt --complete ru add from 10.0.0.0/8 black
	[ "$output" = blackhole ]
}
