#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What prt(8) says that it does otherwise than ip: each by both.
load lib
load both

setup() {
	need_ip_6_1
	cd "$BATS_TEST_TMPDIR" || exit 1
}

# differ: a script as that of both, by each tool, into the files ip and prt
differ() {
	local script tool
	script=$(both_prelude; cat)
	for tool in ip prt; do
		mkdir -p "$tool.dir"
		(cd "$tool.dir" && TOOL=$tool NO_COLOR='' unshare -rn bash -c "$script" 2>/dev/null) >"$tool"
	done
}

# each FILE: the statuses of its commands, in their order
each() {
	sed -nE 's/^= ([0-9]+)( !)?$/\1/p' "$1" | tr '\n' ' '
}

# statuses FILE STATUS: how many commands had that status
statuses() {
	grep -cE "^= $2( !)?\$" "$1"
}

@test "what ip refuses and prt takes" {
	differ <<'END'
while read -r words; do x $words; done <<'EOS'
route add reject 192.0.2.0/24
route add 192.0.3.0/24 dev v0 equalize
rule add from 192.0.2.0/24 reject
route list nhid 0
-6 route flush nhid 7
-jp rule
-inet6 rule
-family=inet6 rule
-e rule
route add 192.0.4.0/24 dev v0 pervasive
route test 192.0.2.9 encap mpls 100
EOS
ip route save >saved
x route restore < <(cat saved)
x route list
END
	[ "$(statuses ip 1)" = 12 ] && [ "$(statuses ip 0)" = 1 ]
	# the kernel refuses pervasive, and MPLS if it has none
	[[ $(each prt) =~ ^(0 ){9}2\ [02]\ 0\ 0\ $ ]] || { each prt; false; }
	grep -q '^unreachable 192.0.2.0/24' prt
}

@test "what ip takes and prt refuses" {
	differ <<'END'
while read -r words; do x $words; done <<'EOS'
route add 192.0.2.0/24 dev v0 rtt -5
route add 192.0.3.0/24 dev v0 rttvar -5
route add 192.0.4.0/24 dev v0 rto_min -5
route add 192.0.5.0/24 dev v0 rto_min 4294967296
-6 route add fd00::/64 encap seg6 mode encap dev v0
-6 route add fd00:1::/64 encap seg6 mode encap segs fd00::1, dev v0
-6 route add fd00:2::/64 encap seg6 mode encap segs fd00::1 hmac x dev v0
EOS
echo 'route get 10.0.0.2 as 10.0.0.3' >as
x -batch as
echo 'route get 10.0.0.2 from 10.0.0.1/24' >from
x -batch from
echo 'addr add 10.7.0.1/24 dev v0' >addr
x -batch addr
echo 'link set v0 mtu 1400' >link
x -batch link
{ ip rule save | head -c 4; ip route save | tail -c +5; } >mixed
x rule restore <mixed
x monitor link file /dev/null
END
	[ "$(statuses ip 0)" = 13 ]
	[ "$(statuses prt 1)" = 13 ]
}

@test "help that is asked for" {
	differ <<'END'
while read -r words; do x $words; done <<'EOS'
help
-help
-h
route help
monitor help
EOS
x
END
	[ "$(each ip)" = "1 1 1 1 1 1 " ]
	[ "$(each prt)" = "0 0 0 1 1 1 " ]
}

@test "-force goes on behind wrong words; ip ends" {
	differ <<'END'
printf '%s\n' 'route add 192.0.2.0/24 bogus' 'route add 192.0.3.0/24 dev v0' >batch
x -force -batch batch
x route list 192.0.3.0/24
END
	grep -q '^192.0.3.0/24 dev v0' prt
	run ! grep -q '^192.0.3.0/24 dev v0' ip
	[ "$(statuses ip 1)" = 1 ] && [ "$(statuses prt 1)" = 1 ]
}

@test "JSON: save files have none, -echo has it once" {
	differ <<'END'
"$TOOL" -j rule save >saved
ip rule restore <saved && echo restored
x -j -echo rule add table 5 pref 5
x -j monitor all-nsid file /dev/null
END
	grep -qx restored prt
	run ! grep -qx restored ip
	grep -qx '\[{"priority":5,"src":"all","table":"5"}\]' prt
	grep -q '\[{{' ip
	[ "$(statuses ip 0)" = 2 ] && [ "$(statuses prt 1)" = 1 ]
}

@test "monitor label dev: a label stands before what is shown alone" {
	differ <<'END'
printf '\x24\0\0\0\x18\0\0\0\0\0\0\0\0\0\0\0\2\x20\0\0\xfe\3\0\1\0\0\0\0\x08\0\1\0\xc0\0\2\1' >event
x monitor label dev v0 file event
END
	grep -q '^\[ROUTE\]' ip
	run ! grep -q ROUTE prt
}

@test "the page names each of them" {
	local word text
	text=$(mandoc -T ascii "$NP_TOP/man/prt.8" | sed 's/.\x08//g' | sed -n '/^DIFFERENCES/,/^FILES/p')
	for word in addr link -force -jp -family=inet6 -inet6 -echo nhid rtt rttvar rto_min seg6 hmac xfrm mpls pervasive save restore \
		all-nsid label help; do
		grep -qF -- "$word" <<<"$text" || { echo "$word"; false; }
	done
}
