#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt nat and the module's generic netlink.
# shellcheck disable=SC2154 # stderr comes from run
load lib
load prt_nat

generation() {
	at r prt -j nat stats | jq -r '.[].generation // .generation'
}

@test "mappings are added, listed, replaced and deleted" {
	nat add dst 198.51.100.1 to 10.0.0.1
	nat add src 10.0.0.2 to 198.51.100.2
	nat add dst 198.51.100.128/25 to 10.0.1.128/25
	diff - <(nat list) <<-'X'
		dst 198.51.100.1 to 10.0.0.1
		src 10.0.0.2 to 198.51.100.2
		dst 198.51.100.128/25 to 10.0.1.128/25
	X
	run -2 --separate-stderr nat add dst 198.51.100.1 to 10.0.0.9
	[[ $stderr == *"prt: one of the addresses has a mapping already: dst 198.51.100.1 to 10.0.0.1" ]]
	run -2 --separate-stderr nat add dst 198.51.100.9 to 10.0.0.1	# the other side of the same
	[[ $stderr == *"already: dst 198.51.100.1 to 10.0.0.1" ]]
	# which the second one has by its other half
	run -2 --separate-stderr nat add dst 198.51.100.2 to 10.0.0.9
	[[ $stderr == *"already: src 10.0.0.2 to 198.51.100.2" ]]
	nat add dst 198.51.100.1/32 to 10.0.0.9/32 && return 1
	before=$(generation)
	nat replace dst 198.51.100.1 to 10.0.0.1
	[[ $(generation) == "$before" ]]
	nat replace dst 198.51.100.1 to 10.0.0.3
	[[ $(generation) == $((before + 1)) ]]
	run -2 --separate-stderr nat replace dst 198.51.100.1 to 10.0.0.2
	[[ $stderr == *"already: src 10.0.0.2 to 198.51.100.2" ]]
	[[ $(nat list dst 198.51.100.1) == "dst 198.51.100.1 to 10.0.0.3" ]]
	run -2 --separate-stderr nat delete dst 198.51.100.1 to 10.0.0.1
	[[ $stderr == *"there is no such mapping"* ]]
	nat delete dst 198.51.100.1 to 10.0.0.3
	nat delete dst 198.51.100.128/25 to 10.0.1.128/25
	[[ $(nat list) == "src 10.0.0.2 to 198.51.100.2" ]]
	nat flush
	[[ -z $(nat list) ]]
}

@test "lists and flushes by a filter, JSON and statistics" {
	nat add dst 198.51.100.1 to 10.0.0.1
	nat add src 10.0.0.2 to 198.51.100.2
	nat add dst 198.51.100.3 to 10.0.0.3 dev lo
	[[ $(at r prt -j nat list | jq -c '[.[] | [.kind, .from, .to, .dev]]') == \
	   '[["dst","198.51.100.1","10.0.0.1",null],["src","10.0.0.2","198.51.100.2",null],["dst","198.51.100.3","10.0.0.3","lo"]]' ]]
	[[ $(at r prt -j nat stats | jq '.. | .mappings? // empty') == 3 ]]
	[[ $(nat stats) == "mappings     3 of "*"dropped      0"* ]]
	[[ $(at r prt -s nat list src) == "src 10.0.0.2 to 198.51.100.2"*"dst: 0 packets 0 bytes  src: 0 packets 0 bytes" ]]
	[[ $(at r prt -s -j nat list src | jq -c '.[0].stats | .dst, .src') == *'"packets":0'*'"packets":0'* ]]
	[[ $(nat list dev lo) == "dst 198.51.100.3 to 10.0.0.3 dev lo" ]]
	[[ $(nat list src) == "src 10.0.0.2 to 198.51.100.2" ]]
	nat flush dev lo
	nat flush src
	nat list
	run -1 --separate-stderr at r bash -c 'prt nat list >/dev/full'
	[[ $stderr == *"prt: cannot write: No space left on device" ]]
	[[ $(nat list) == "dst 198.51.100.1 to 10.0.0.1" ]]
	nat flush 10.0.0.0/24
	[[ -z $(nat list) ]]
}

@test "events" {
	background r stdbuf -oL prt nat monitor >"$BATS_TEST_TMPDIR/m"
	listening() { at r cat /proc/net/netlink | busybox awk '$2 == 16 && $4 != "00000000"' | grep -q .; }
	wait_for 10 listening
	nat add dst 198.51.100.1 to 10.0.0.1
	nat replace dst 198.51.100.1 to 10.0.0.2
	at r bash -c 'echo +198.51.100.9 10.0.0.9 dst >/proc/net/static_nat'
	nat flush dst
	nat add dst 198.51.100.1 to 10.0.0.1
	nat flush
	echo "add dst 198.51.100.1 to 10.0.0.1" | nat restore --replace
	mappings 0 100 | nat restore
	last() { grep -q 10.0.0.99 "$BATS_TEST_TMPDIR/m"; }
	wait_for 10 last
	diff - <(head -9 "$BATS_TEST_TMPDIR/m") <<-'X'
		dst 198.51.100.1 to 10.0.0.1
		Deleted dst 198.51.100.1 to 10.0.0.1
		dst 198.51.100.1 to 10.0.0.2
		dst 198.51.100.9 to 10.0.0.9
		Deleted dst 198.51.100.1 to 10.0.0.2
		Deleted dst 198.51.100.9 to 10.0.0.9
		dst 198.51.100.1 to 10.0.0.1
		Flushed all
		Replaced all
	X
}

@test "a batch, and the NAT forms of route and rule" {
	at r prt -batch - <<-'X'
		nat add dst 198.51.100.1 to 10.0.0.1
		nat add dst 198.51.100.2 to 10.0.0.2
		nat delete dst 198.51.100.1 to 10.0.0.1
	X
	at r prt route add nat 198.51.100.4 via 10.0.0.4
	at r prt rule add from 10.0.0.5 nat 198.51.100.5 prio 1000
	diff - <(nat list) <<-'X'
		dst 198.51.100.2 to 10.0.0.2
		dst 198.51.100.4 to 10.0.0.4
		src 10.0.0.5 to 198.51.100.5
	X
	at r prt rule list | grep '^1000:.*from 10.0.0.5 lookup main'
	at r prt route delete nat 198.51.100.4
	at r prt rule delete from 10.0.0.5 nat 198.51.100.5 prio 1000
	[[ $(nat list) == "dst 198.51.100.2 to 10.0.0.2" ]]
}

# rule: what ip says of the rule of the tests below
rule() {
	at r ip rule list pref 320
}

@test "the pair of route and rule is one mapping, in either order" {
	local route=(nat 192.203.80.142 via 193.233.7.83) rule=(prio 320 from 193.233.7.83 nat 192.203.80.142)
	at r prt route add "${route[@]}"
	at r prt rule add "${rule[@]}"
	[[ $(nat list) == "dst 192.203.80.142 to 193.233.7.83" ]]
	[[ $(rule) == *"from 193.233.7.83 lookup main" ]]
	run -2 at r prt route add "${route[@]}"
	run -2 at r prt rule add "${rule[@]}"	# the kernel has the rule
	[[ $(nat list) == "dst 192.203.80.142 to 193.233.7.83" ]]
	at r prt rule delete "${rule[@]}"	# the mapping is the route's
	[[ -z $(rule) && $(nat list) == "dst 192.203.80.142 to 193.233.7.83" ]]
	at r prt rule add "${rule[@]}"
	at r prt route delete "${route[@]}"
	[[ -z $(nat list) && -n $(rule) ]]
	run -0 --separate-stderr at r prt rule delete "${rule[@]}"
	[[ $stderr == *"prt: Warning: there is no such mapping: the rule alone is deleted" ]]
	[[ -z $(rule) ]]
	run -2 at r prt rule delete "${rule[@]}"

	at r prt rule add "${rule[@]}"
	at r prt route add "${route[@]}"
	at r prt route replace "${route[@]}"
	[[ $(nat list) == "src 193.233.7.83 to 192.203.80.142" ]]
	for words in "192.203.80.142" "192.203.80.142 via 193.233.7.83"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr at r prt route delete nat $words
		[[ $stderr == *"prt: Warning: the mapping is that of a NAT rule, and stays"* ]]
	done
	[[ $(nat list) == "src 193.233.7.83 to 192.203.80.142" && -n $(rule) ]]
	at r prt rule delete "${rule[@]}"
	[[ -z $(nat list) && -z $(rule) ]]
}

@test "a route or rule of NAT that says something else than what is there is refused" {
	nat add dst 192.203.80.142 to 193.233.7.83
	run -2 --separate-stderr at r prt rule add prio 320 from 193.233.7.83 nat 192.203.80.143
	[[ $stderr == *"already: dst 192.203.80.142 to 193.233.7.83" ]]
	run -2 at r prt rule add prio 320 from 193.233.7.84 nat 192.203.80.142
	run -1 at r prt rule add prio 320 from 193.233.7.83/32 nat 193.233.7.83
	run -2 at r prt route add nat 192.203.80.142 via 193.233.7.84
	run -1 at r prt route add nat 192.203.80.142 via 127.0.0.1
	run -1 at r prt rule add prio 320 from 127.0.0.0/8 nat 192.0.0.0
	[[ -z $(rule) && $(nat list) == "dst 192.203.80.142 to 193.233.7.83" ]]
	at r prt rule add prio 320 from 193.233.7.83
	run -2 at r prt rule delete prio 320 from 193.233.7.83 nat 192.203.80.143
	[[ -n $(rule) ]]
}

@test "save, flush, restore, save: the same; a bad line changes nothing" {
	nat add dst 198.51.100.1 to 10.0.0.1
	nat add src 10.0.0.2 to 198.51.100.2 dev lo
	nat add dst 198.51.100.128/25 to 10.0.1.128/25
	nat add dst 2001:db8::1 to fd00::1
	nat add src fd00:1:2::/48 to 2001:db8:1::/48 nptv6
	nat save >"$BATS_TEST_TMPDIR/a"
	[[ $(sed -n '1p;$p' "$BATS_TEST_TMPDIR/a") == $'# prt nat save: begin\n# prt nat save: end' ]]
	(($(wc -l <"$BATS_TEST_TMPDIR/a") == 7))
	nat flush
	nat restore "$BATS_TEST_TMPDIR/a"
	nat save | diff "$BATS_TEST_TMPDIR/a" -
	nat restore --replace "$BATS_TEST_TMPDIR/a"
	nat save | diff "$BATS_TEST_TMPDIR/a" -
	{ mappings 0 1500; echo "add dst 198.51.100.1 to 9.9.9.9"; mappings 2000 10; } >"$BATS_TEST_TMPDIR/b"
	run -2 --separate-stderr nat restore "$BATS_TEST_TMPDIR/b"
	[[ $stderr == *"b:1501: one of the addresses has a mapping already: dst 198.51.100.1 to 10.0.0.1" ]]
	{ mappings 0 1500; echo "add dst 10.0.0.1 to 9.9.9.9"; mappings 2000 10; } >"$BATS_TEST_TMPDIR/b"
	run -2 --separate-stderr nat restore --replace "$BATS_TEST_TMPDIR/b"
	[[ $stderr == *"b:1501: one of the addresses has a mapping already, by a line before this one" ]]
	run -2 --separate-stderr nat restore "$BATS_TEST_TMPDIR/b"
	[[ $stderr == *"b:1501: one of the addresses has a mapping already, by a line before this one" ]]
	nat save | diff "$BATS_TEST_TMPDIR/a" -
	run -1 --separate-stderr nat restore /
	[[ $stderr == *"prt: /: the file cannot be read: Is a directory" ]]
	[[ $(at r prt -j nat stats | jq '.. | .staged? // empty') == 0 ]]
}

@test "a table is replaced by none only if that is said" {
	nat add dst 198.51.100.1 to 10.0.0.1
	for text in '' '\n' '# a remark\n\n' '# prt nat saved\n' ' # prt nat save\n' '# prt nat save' \
		'# prt nat save: end\n'; do
		# shellcheck disable=SC2059
		printf "$text" >"$BATS_TEST_TMPDIR/e"
		run -1 --separate-stderr nat restore --replace "$BATS_TEST_TMPDIR/e"
		[[ $stderr == *"prt: $BATS_TEST_TMPDIR/e: nothing in it: \"prt nat flush\" deletes all" ]]
		run -1 nat restore --replace - <"$BATS_TEST_TMPDIR/e"
		nat restore "$BATS_TEST_TMPDIR/e"
	done
	run -1 nat restore -r </dev/null
	[[ $(nat list) == "dst 198.51.100.1 to 10.0.0.1" ]]
	[[ $(at r prt -j nat stats | jq '.. | .staged? // empty') == 0 ]]
	nat save src >"$BATS_TEST_TMPDIR/none"
	[[ $(<"$BATS_TEST_TMPDIR/none") == $'# prt nat save: begin\n# prt nat save: end' ]]
	nat restore "$BATS_TEST_TMPDIR/none"
	[[ $(nat list) == "dst 198.51.100.1 to 10.0.0.1" ]]
	nat restore --replace <"$BATS_TEST_TMPDIR/none"
	[[ -z $(nat list) ]]
	nat add dst 198.51.100.1 to 10.0.0.1
	echo "# prt nat save" | nat restore --replace # of an older prt
	[[ -z $(nat list) ]]
}

@test "what a pipe brought of a save is not taken for all of it" {
	mappings 0 3000 | nat restore
	nat save >"$BATS_TEST_TMPDIR/all"
	nat flush
	nat add dst 198.51.100.1 to 10.0.0.1
	head -n 2500 "$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/part"
	for option in "" --replace; do
		# shellcheck disable=SC2086
		run -1 --separate-stderr nat restore $option <"$BATS_TEST_TMPDIR/part"
		[[ ${stderr_lines[-1]} == 'prt: -: "# prt nat save: end" is missing: what is here may be a part of what was saved' ]]
		[[ $(nat list) == "dst 198.51.100.1 to 10.0.0.1" ]]
	done
	[[ $(at r prt -j nat stats | jq '.. | .staged? // empty') == 0 ]]
	nat restore --replace <"$BATS_TEST_TMPDIR/all"
	nat save | diff "$BATS_TEST_TMPDIR/all" -
}

# noted WORDS...: the note of prt explain WORDS about static_nat, without its name
noted() {
	at r prt explain "$@" | sed -n 's/^  static_nat  *//p'
}

@test "explain names the mapping that changes the destination, and the question to ask" {
	ip -n r link add o type veth peer name p
	ip -n r address add 203.0.113.254/24 dev o
	ip -n r link set o up
	ip -n r link set p up
	[[ -z $(noted 198.51.100.2 from 203.0.113.1 iif o) ]]
	nat add dst 198.51.100.2 to 10.0.0.2
	nat add src 10.0.0.9 to 198.51.100.9
	nat add dst 198.51.100.128/25 to 10.0.1.128/25 dev o
	nat add src fd00:1:2::/48 to 2001:db8:1::/48 nptv6
	[[ $(noted 198.51.100.2 from 203.0.113.1 iif o ipproto udp dport 53) == \
	   "the destination is changed first, by dst 198.51.100.2 to 10.0.0.2: ask prt explain 10.0.0.2 from 203.0.113.1 iif o ipproto 17 dport 53" ]]
	[[ $(noted 198.51.100.9) == *"by src 10.0.0.9 to 198.51.100.9: ask prt explain 10.0.0.9" ]]
	[[ $(noted 198.51.100.130 from 203.0.113.1 iif o) == \
	   *"by dst 198.51.100.128/25 to 10.0.1.128/25 dev o: ask prt explain 10.0.1.130 from 203.0.113.1 iif o" ]]
	[[ -z $(noted 198.51.100.130)$(noted 10.0.0.2 from 203.0.113.1 iif o)$(noted 10.0.0.9) ]]
	[[ $(noted 2001:db8:1::5) == *" nptv6: ask prt explain ADDRESS" ]]
	[[ $(at r prt -j explain 198.51.100.2 | jq -c '.notes[] | select(.name == "static_nat") | .lost') == false ]]
	at r prt snapshot "$BATS_TEST_TMPDIR/snap"
	[[ -z $(noted --file "$BATS_TEST_TMPDIR/snap" 198.51.100.2) ]]
	# it is not loaded for this
	rmmod static_nat
	[[ -z $(noted 198.51.100.2) ]]
	[[ ! -e /sys/module/static_nat ]]
	insmod "$LAB_NAT"
}

@test "a table that is being prepared goes with its process" {
	mkfifo "$BATS_TEST_TMPDIR/f"
	nat add dst 198.51.100.1 to 10.0.0.1
	background r prt nat restore --replace "$BATS_TEST_TMPDIR/f"
	exec 4>"$BATS_TEST_TMPDIR/f"
	mappings 0 3000 >&4
	staged() { [[ $(at r prt -j nat stats | jq '.. | .staged? // empty') == "$1" ]]; }
	wait_for 10 staged 1
	kill -9 $!
	wait_for 10 staged 0
	exec 4>&-
	[[ $(nat list) == "dst 198.51.100.1 to 10.0.0.1" ]]
}
