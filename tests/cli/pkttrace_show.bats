#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# pkttrace show: its forms, what it reads, and how it fails.
# shellcheck disable=SC2154 # bats sets stderr and stderr_lines
load lib

setup() {
	cd "$NP_TOP/tests/fixtures" || return 1
	export TZ=UTC TERM=dumb
}

# json FILTER WORDS…: what jq makes of pkttrace's JSON
json() {
	local filter=$1
	shift
	pkttrace -j show "$@" | jq -c "$filter"
}

@test "the packet that was sent is a timeline with its DNAT and its second routing" {
	run -0 --separate-stderr pkttrace show story-sent.log
	[ "${lines[0]}" = "ceph4  May  8 16:30:29  TCP 192.168.235.13:18130 → 10.43.206.251:8081  SYN  60 bytes  id 57266    sent by enp5s0, 248 µs" ]
	[ "${lines[1]}" = "  OUTPUT           out enp3s0" ]
	[ "${lines[6]}" = "      93                └ KUBE-SEP-OR6JECCPPINGGGRC   rule 2    DNAT  10.43.206.251 ⇒ 10.0.1.12" ]
	[ "${lines[13]}" = "  ── routed again: out enp3s0 ⇒ enp5s0" ]
	[ "${lines[14]}" = "  POSTROUTING      out enp5s0" ]
	[ "${#lines[@]}" = 19 ]
	[ -z "$stderr" ]
}

@test "the packet that vanished says what should have come and what to ask" {
	run -0 --separate-stderr pkttrace show story-vanished.log
	[[ ${lines[0]} == *"  VANISHED after nat:PREROUTING, 168 µs" ]]
	[[ $output == *"✗ expected next: INPUT (mangle or filter) or FORWARD"* ]]
	[[ $output == *"martian addresses "*"prt explain 10.0.1.12 from 192.168.235.13 iif enp5s0"* ]]
	[[ $output == *"the way back (rp_filter)"* ]]
	[ -z "$stderr" ]
}

@test "a locale without UTF-8 gets the same words in ASCII" {
	run -0 env LC_ALL=C pkttrace show story-sent.log story-vanished.log
	[[ $output == *"18130 > 10.43.206.251:8081"*"|- KUBE-SERVICES"*"-- routed again"*"x expected"* ]]
	printf '%s' "$output" >"$BATS_TEST_TMPDIR/out"
	run -1 grep -P '[^\x00-\x7f]' "$BATS_TEST_TMPDIR/out"
}

@test "-j: steps, outcome, rewrite and times as the page describes them" {
	run -0 json '[.[]|[(.steps|length),.outcome.state]]' story-sent.log story-vanished.log
	[ "$output" = '[[15,"sent"],[8,"vanished"]]' ]
	run -0 json '.[0]|[.host,.family,.protocol,.src,.dst,.sport,.dport,.id,.seq,.len,.ttl,.first_seen,.uptime,.duration_us]' story-sent.log
	[ "$output" = '["ceph4","ipv4","tcp","192.168.235.13","10.43.206.251",18130,8081,57266,2213090174,60,64,"May  8 16:30:29",324781.838361,248]' ]
	run -0 json '.[0].steps[0]|del(.target)' story-sent.log
	[ "$output" = '{"table":"raw","chain":"OUTPUT","event":"policy","number":2,"hook":"output","offset_us":0,"in":null,"out":"enp3s0","changes":{}}' ]
	run -0 json '.[0].steps|map(.changes)|map(select(.!={}))' story-sent.log
	[ "$output" = '[{"dst":["10.43.206.251","10.0.1.12"]},{"out":["enp3s0","enp5s0"]}]' ]
	run -0 json '.[0]|[.nat,.outcome.at]' story-sent.log
	[ "$output" = '[{"dst":["10.43.206.251","10.0.1.12"]},"nat:POSTROUTING:policy:10"]' ]
	run -0 json '.[0].outcome|[.at,.expected,.causes[0:3]]' story-vanished.log
	[ "$output" = '["nat:PREROUTING:policy:3",["mangle:INPUT","filter:INPUT","mangle:FORWARD","filter:FORWARD"],["martian","no_route","forwarding"]]' ]
}

@test "-j is one line, -p indents it, before the verb or after" {
	[ "$(pkttrace -j show story-sent.log | wc -l)" = 1 ]
	[ "$(pkttrace show -jp story-sent.log | wc -l)" -gt 100 ]
	[ "$(pkttrace -j -p sh story-sent.log | jq -cS .)" = "$(pkttrace show story-sent.log --json | jq -cS .)" ]
}

@test "-b: one line a packet" {
	run -0 --separate-stderr pkttrace show -b story-sent.log story-vanished.log
	[ "${lines[0]}" = "May  8 16:30:29 ceph4 TCP 192.168.235.13:18130>10.43.206.251:8081    SYN    id=57266 dnat=10.0.1.12 out=enp5s0   sent      15 steps" ]
	[ "${lines[1]}" = "May  8 15:51:07 ceph3 TCP 192.168.235.13:14024>10.0.1.12:8081        SYN    id=28265 in=enp5s0                   vanished  after nat:PREROUTING:policy:3" ]
}

@test "--summary counts and says where they ended" {
	run -0 --separate-stderr pkttrace show --summary story-sent.log story-vanished.log
	[ "${lines[0]}" = "2 packets in 23 lines, 2 hosts, May  8 15:51:07 to 16:30:29" ]
	[ "${lines[1]}" = "  sent 1   vanished 1" ]
	[ "${lines[2]}" = "vanished after" ]
	[[ ${lines[3]} =~ ^"  1  nat:PREROUTING:policy:3 "\ +"ceph3 in enp5s0"$ ]]
}

@test "--summary of logs that write times in other ways has both in one" {
	sed -E 's/^May  8 15:51:07/2026-05-08T17:51:07.25+02:00/' story-vanished.log >"$BATS_TEST_TMPDIR/iso"
	run -0 pkttrace show --summary story-sent.log "$BATS_TEST_TMPDIR/iso"
	[[ ${lines[0]} == *", 2026-05-08T15:51:07.250000Z to 16:30:29Z" ]]
	sed -E 's/^[^[]*//' story-vanished.log >"$BATS_TEST_TMPDIR/dmesg"
	run -0 pkttrace show --summary story-sent.log "$BATS_TEST_TMPDIR/dmesg"
	[[ ${lines[0]} == *", May  8 16:30:29 to 16:30:29" ]]
}

@test "a journey is told in the order of its way, whichever log is first" {
	for i in "65 gwA" "64 gwB" "63 gwC"; do
		sed "s/TTL=64/TTL=${i% *}/; s/ceph4/${i#* }/" story-sent.log >"$BATS_TEST_TMPDIR/${i#* }"
	done
	cd "$BATS_TEST_TMPDIR" || return 1
	for order in "gwA gwB gwC" "gwC gwA gwB" "gwC gwB gwA" "gwB gwC gwA"; do
		# shellcheck disable=SC2086 # words
		[ "$(json '[.[]|[.host,.journey]]' $order)" = '[["gwA",1],["gwB",1],["gwC",1]]' ]
	done
}

@test "--dot is a graph that dot can read" {
	run -0 pkttrace show --dot story-sent.log story-vanished.log
	[[ ${lines[0]} == "digraph packets {" && ${lines[-1]} == "}" ]]
	[ "$(grep -o '{$' <<<"$output" | wc -l)" = "$(grep -c '^}$' <<<"$output")" ]
	[ "$(grep -c '^n[0-9]* \[' <<<"$output")" = 25 ] # 15 + 8 steps, 2 ends
	[ "$(grep -c -- '->' <<<"$output")" = 23 ]
	if command -v dot >/dev/null; then
		dot -Tsvg <<<"$output" >/dev/null
	fi
}

@test "--mermaid is a flowchart whose groups are closed" {
	run -0 pkttrace show --mermaid story-sent.log story-vanished.log
	[ "${lines[0]}" = "flowchart TB" ]
	[ "$(grep -c '^subgraph' <<<"$output")" = "$(grep -c '^end$' <<<"$output")" ]
	[ "$(grep -c -- '-->' <<<"$output")" = 23 ]
	[[ $output == *'|"dst 10.43.206.251:8081 ⇒ 10.0.1.12:8081"|'* ]]
}

@test "--pcapng: tshark reads the packets and their comments" {
	command -v tshark >/dev/null || skip "tshark is not installed (make deps)"
	pkttrace show --pcapng "$BATS_TEST_TMPDIR/c" story-sent.log story-vanished.log
	run -0 --separate-stderr tshark -r "$BATS_TEST_TMPDIR/c" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE \
		-T fields -e ip.src -e tcp.srcport -e ip.dst -e tcp.dstport -e tcp.seq_raw -e ip.id -e frame.len \
		-e eth.src -e tcp.checksum.status -e ip.checksum.status
	[ "${lines[0]}" = $'192.168.235.13\t18130\t10.43.206.251\t8081\t2213090174\t0xdfb2\t60\t\t1\t1' ]
	[ "${lines[1]}" = $'192.168.235.13\t14024\t10.0.1.12\t8081\t1726587944\t0x6e69\t74\t00:21:5a:ef:39:fe\t1\t1' ]
	[[ $stderr != *"tshark:"* ]]
	run -0 tshark -r "$BATS_TEST_TMPDIR/c" -V -c 2 -Y 'frame.number == 2'
	[[ $output == *"ceph3: vanished after nat:PREROUTING:policy:3; expected mangle:INPUT"* ]]
	[[ $output == *"Interface name: ceph3 enp5s0"* ]]
	[[ $output != *Malformed* ]]
	pkttrace show --pcapng - story-sent.log story-vanished.log | cmp - "$BATS_TEST_TMPDIR/c"
}

@test "filters select by each field, alone and together" {
	local row
	while read -r want row; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr pkttrace show -b $row story-sent.log story-vanished.log
		[ "${#lines[@]}" = "$want" ] || {
			echo "$row: ${#lines[@]}, not $want"
			return 1
		}
	done <<-'END'
		2 --src 192.168.235.13
		2 --src=192.168.235.0/24
		0 --src 192.168.236.0/24
		1 --dst 10.43.206.251
		2 --dst 10.0.1.12
		1 --sport 18000-19000
		2 --dport 8081
		0 --dport 80
		2 --proto tcp
		0 --proto 17
		1 --id 57266
		1 --seq 1726587944
		1 --host ceph3
		2 --host ceph+
		2 --host ceph3 --host ceph4
		1 --since 310000
		1 --until 310000
		1 --ended vanished
		2 --ended sent,vanished
		1 --in enp5s0
		1 --out enp5s0
		1 --table filter
		1 --chain DOCKER
		0 --host ceph3 --ended sent
		2 --since 2000-01-01
		0 --since -10s
	END
}

@test "a time as the log has it selects" {
	run -0 --separate-stderr pkttrace show -b --since "May  8 16:00" story-sent.log story-vanished.log
	[[ ${#lines[@]} = 1 && $output == *ceph4* ]]
}

@test "--follow: prints as the file grows, through rotation, and all that is open at an interrupt" {
	local log=$BATS_TEST_TMPDIR/l out=$BATS_TEST_TMPDIR/o pid i
	head -n 14 story-sent.log >"$log"
	: >"$out" # there before it is looked at
	pkttrace show -j -f "$log" >"$out" &
	pid=$!
	wait_lines() { # until the output has N lines
		for i in $(seq 100); do
			[ "$(wc -l <"$out")" -lt "$1" ] || return 0
			sleep 0.1
		done
		return 1
	}
	wait_lines 1
	mv "$log" "$log.1"
	cat story-vanished.log >"$log"
	wait_lines 2
	sed 's/ID=57266/ID=1/; s/SEQ=22/SEQ=33/' story-sent.log >>"$log"
	sleep 0.2
	kill -INT $pid
	wait $pid
	run -0 jq -c '[(.steps|length),.outcome.state]' "$out"
	[ "${lines[1]}" = '[8,"vanished"]' ]
	[ "${lines[2]}" = '[15,"sent"]' ]
}

@test "--follow waits for a file that is not there yet, and says so once" {
	local log=$BATS_TEST_TMPDIR/l out=$BATS_TEST_TMPDIR/o pid i
	pkttrace show -b -f "$log" >"$out" 2>"$out.err" &
	pid=$!
	for i in {1..100}; do [ ! -s "$out.err" ] || break; sleep 0.05; done
	sleep 0.3
	cp story-sent.log "$log"
	for i in {1..100}; do [ ! -s "$out" ] || break; sleep 0.05; done
	kill -INT $pid
	wait $pid
	[ "$(<"$out.err")" = "pkttrace: $log is not there yet: waiting for it" ]
	[[ $(<"$out") == *" sent      15 steps" ]]
}

@test "--follow reads a pipe until its end, and does not wait for a next line to print" {
	local out=$BATS_TEST_TMPDIR/o i
	(cat story-sent.log; sleep 3) | pkttrace show -b -f >"$out" &
	for i in $(seq 20); do
		[ ! -s "$out" ] || break
		sleep 0.1
	done
	grep -q 'sent      15 steps' "$out"
	wait $!
}

@test "filters that leave nothing say that there was something" {
	run -0 --separate-stderr pkttrace show --dport 80 story-sent.log
	[ -z "$output" ]
	[ "$stderr" = "pkttrace: 1 packet, but the options select none" ]
}

@test "--rules shows each rule's text" {
	printf '%s\n' '*nat' ':OUTPUT ACCEPT [0:0]' ':KUBE-SERVICES - [0:0]' \
		'-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES' COMMIT >"$BATS_TEST_TMPDIR/r"
	run -0 --separate-stderr pkttrace show --rules "$BATS_TEST_TMPDIR/r" story-sent.log
	[[ $output == *'rule 1    -m comment --comment "kubernetes service portals" -j KUBE-SERVICES'* ]]
	run -0 json '.[0].steps[1].rule' --rules "$BATS_TEST_TMPDIR/r" story-sent.log
	[ "$output" = '"-m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES"' ]
}

@test "--rules that cannot be read, or are none, end it with the place" {
	run -1 --separate-stderr pkttrace show --rules /nonexistent story-sent.log
	[ -z "$output" ]
	[[ $stderr == "pkttrace: "*/nonexistent*"No such file or directory"* ]]
	printf '*nat\n-A NOWHERE\nnonsense\n' >"$BATS_TEST_TMPDIR/r"
	run -1 --separate-stderr pkttrace show --rules "$BATS_TEST_TMPDIR/r" story-sent.log
	[[ $stderr == "pkttrace: $BATS_TEST_TMPDIR/r:"* ]]
}

@test "--utc gives times in UTC" {
	run -0 env TZ=Asia/Tokyo pkttrace show -b --utc story-sent.log
	[[ $output =~ ^[0-9]{4}-05-08T07:30:29Z\ ceph4 ]]
}

@test "a log packed by a program that we do not read is named with what to type" {
	printf '\xfd7zXZ\x00rest' >"$BATS_TEST_TMPDIR/s.xz"
	run -1 pkttrace show "$BATS_TEST_TMPDIR/s.xz"
	[ "$output" = "pkttrace: $BATS_TEST_TMPDIR/s.xz: packed by xz; try: xz -dc $BATS_TEST_TMPDIR/s.xz | pkttrace show" ]
}

@test "a log of damaged lines alone gets no advice to trace" {
	run -0 bash -c "echo 'TRACE: raw:PREROUTING:policy:2 IN=' | pkttrace show"
	[ "$output" = "pkttrace: 1 damaged TRACE line was skipped (-v shows them)" ]
}

@test "a state's beginning that fits two states is refused" {
	run -1 pkttrace show --ended d story-sent.log
	[[ $output == 'pkttrace: "d" is not a state: '* ]]
	run -0 pkttrace show -b --ended sen story-sent.log
	[ "${#lines[@]}" = 1 ]
}

@test "stdin, named or not, and gzip" {
	run -0 --separate-stderr pkttrace show -b <story-sent.log
	[[ $output == *ceph4* ]]
	run -0 --separate-stderr pkttrace show -b - story-vanished.log <story-sent.log
	[ "${#lines[@]}" = 2 ]
	gzip -c story-sent.log >"$BATS_TEST_TMPDIR/s.gz"
	[ "$(pkttrace show "$BATS_TEST_TMPDIR/s.gz")" = "$(pkttrace show story-sent.log)" ]
	[ "$(pkttrace show <"$BATS_TEST_TMPDIR/s.gz")" = "$(pkttrace show story-sent.log)" ]
}

@test "files are read in the order of their times, whichever is named first" {
	local dir=$BATS_TEST_TMPDIR whole
	head -n 9 story-sent.log >"$dir/kern.log.1"
	tail -n +10 story-sent.log >"$dir/kern.log"
	whole=$(json 'del(.[].file, .[].line)' story-sent.log)
	[ "$(json 'del(.[].file, .[].line)' "$dir"/kern.log*)" = "$whole" ]
	gzip "$dir/kern.log.1"
	[ "$(json 'del(.[].file, .[].line)' "$dir"/kern.log*)" = "$whole" ]
	# a pipe tells nothing before it is read: it stays where it stands
	[ "$(zcat "$dir/kern.log.1.gz" | json 'del(.[].file, .[].line)' - "$dir/kern.log")" = "$whole" ]
}

@test "a log that runs backwards: said, and no packet of it is judged" {
	tac story-sent.log >"$BATS_TEST_TMPDIR/log"
	run -0 --separate-stderr pkttrace show -b "$BATS_TEST_TMPDIR/log"
	[ "$stderr" = "pkttrace: the log of ceph4 runs backwards: a packet's lines come apart, and how it ended is not known; give it oldest first" ]
	[[ $output != *@(sent|dropped|vanished)* ]]
	# days that stand the wrong way round; a boot starts the uptime again, and is none
	sed 's/May  8/May  7/; s/\[3/[2/' story-sent.log >"$BATS_TEST_TMPDIR/before"
	run -0 --separate-stderr pkttrace show -b - < <(cat story-sent.log "$BATS_TEST_TMPDIR/before")
	[ "$stderr" = "pkttrace: the log of ceph4 runs backwards at a place: a packet there comes apart; give it oldest first" ]
	[ "${#lines[@]}" = 2 ]
	sed 's/May  8/May  9/; s/\[3/[2/' story-sent.log >"$BATS_TEST_TMPDIR/boot"
	run -0 --separate-stderr pkttrace show -b - < <(cat story-sent.log "$BATS_TEST_TMPDIR/boot" "$BATS_TEST_TMPDIR/boot")
	[ "$stderr" = "pkttrace: 15 TRACE lines that were read before: left out" ]
}

@test "a file that cannot be read is named, the others are read, the status is 1" {
	run -1 --separate-stderr pkttrace show -b /nonexistent story-sent.log . story-vanished.log
	[ "${#lines[@]}" = 2 ]
	[[ $stderr == *"pkttrace: /nonexistent: No such file or directory"* ]]
	[[ $stderr == *"pkttrace: .: Is a directory"* ]]
}

@test "no TRACE line: a hint how to make some, and status 0" {
	run -0 --separate-stderr pkttrace show README.md
	[ -z "$output" ]
	[[ $stderr == "pkttrace: no TRACE line in README.md"*"-t raw -I PREROUTING"*"-j TRACE"* ]]
	run -0 --separate-stderr pkttrace show --src fd00::1 README.md
	[[ $stderr == *"ip6tables-legacy -t raw"* ]]
	run -0 --separate-stderr pkttrace show -j /dev/null
	[ "$output" = "[]" ]
}

@test "damaged lines are counted, and -v shows them" {
	{
		cat story-sent.log
		echo 'May  8 16:30:29 ceph4 kernel: [324781.9] TRACE: raw:OUTPUT:pol'
		printf 'May  8 16:30:29 ceph4 kernel: [324781.9] TRACE: raw:\033[2J:pol\n'
	} >"$BATS_TEST_TMPDIR/l"
	run -0 --separate-stderr pkttrace show -b "$BATS_TEST_TMPDIR/l"
	[ "$stderr" = "pkttrace: 2 damaged TRACE lines were skipped (-v shows them)" ]
	run -0 --separate-stderr pkttrace show -bv "$BATS_TEST_TMPDIR/l"
	[[ $stderr == "pkttrace: $BATS_TEST_TMPDIR/l:16: skipped: "*"TRACE: raw:OUTPUT:pol"*":17: skipped: "*"TRACE: raw:?[2J:pol"* ]]
	[ "${#lines[@]}" = 1 ]
}

@test "lines cut before the ports, or the ID: a packet is one beyond its DNAT" {
	for width in 150 165 180 200; do
		cut -c1-$width story-sent.log >"$BATS_TEST_TMPDIR/log"
		run -0 --separate-stderr json '[.[]|[(.steps|length),.outcome.state,.nat.dst[1]]]' "$BATS_TEST_TMPDIR/log"
		[ "$output" = '[[15,"sent","10.0.1.12"]]' ]
		[ -z "$stderr" ]
	done
	# some lines have no addresses any more: how the packet ended is not known
	cut -c1-137 story-sent.log >"$BATS_TEST_TMPDIR/log"
	run -0 --separate-stderr json '[.[]|.outcome.state]' "$BATS_TEST_TMPDIR/log"
	[[ $stderr == "pkttrace: "*" damaged TRACE lines were skipped"* ]]
	[[ $output != *@(dropped|vanished)* ]]
}

@test "colour: only on a terminal, NO_COLOR wins, -c forces it" {
	local esc=$'\e'
	run -0 pkttrace show story-sent.log
	[[ $output != *"$esc"* ]]
	run -0 pkttrace show -c story-sent.log
	[[ $output == *"${esc}[1mceph4${esc}[0m"* ]]
	run -0 env NO_COLOR=1 pkttrace show -c=always story-sent.log
	[[ $output == *"$esc"* ]]
	command -v script >/dev/null || skip "script(1) is not installed"
	run -0 env TERM=xterm script -qec "pkttrace show story-sent.log" /dev/null
	[[ $output == *"$esc"* ]]
	run -0 env TERM=xterm NO_COLOR=1 script -qec "pkttrace show story-sent.log" /dev/null
	[[ $output != *"$esc"* ]]
	run -0 env TERM=xterm script -qec "pkttrace show -c=never story-sent.log" /dev/null
	[[ $output != *"$esc"* ]]
}

@test "a reader that goes away ends it quietly, a full disk is an error" {
	for i in $(seq 400); do sed "s/ID=57266/ID=$i/; s/SEQ=2213/SEQ=$i/" story-sent.log; done >"$BATS_TEST_TMPDIR/l"
	run -141 --separate-stderr bash -c "pkttrace show -j $BATS_TEST_TMPDIR/l | head -c 1; exit \${PIPESTATUS[0]}"
	[ -z "$stderr" ]
	run -1 --separate-stderr bash -c "pkttrace show story-sent.log >/dev/full"
	[ "$stderr" = "pkttrace: standard output: No space left on device" ]
	run -1 --separate-stderr pkttrace show --pcapng /dev/full story-sent.log
	[ "$stderr" = "pkttrace: /dev/full: No space left on device" ]
	run -1 --separate-stderr pkttrace show --pcapng /nonexistent/x story-sent.log
	[ "$stderr" = "pkttrace: /nonexistent/x: No such file or directory" ]
}

@test "a capture is not written to a terminal" {
	command -v script >/dev/null || skip "script(1) is not installed"
	run -1 script -qec "pkttrace show --pcapng - story-sent.log" /dev/null
	[[ $output == *"a terminal cannot read a capture"* ]]
}

@test "wrong words: quoted, with the nearest right one, and pointed at" {
	run -1 --separate-stderr pkttrace show --summry story-sent.log
	[ "$stderr" = "pkttrace: unknown option \"--summry\": did you mean \"--summary\"?
  show --summry story-sent.log
       ^^^^^^^^" ]
	run -1 --separate-stderr pkttrace show --ended sent,vanishd story-sent.log
	[ "${stderr_lines[0]}" = 'pkttrace: unknown state "vanishd": did you mean "vanished"?' ]
	run -1 --separate-stderr pkttrace shwo
	[ "${stderr_lines[0]}" = 'pkttrace: unknown command "shwo": did you mean "show"?' ]
	run -1 --separate-stderr pkttrace show --src 300.1.1.1
	[ "${stderr_lines[0]}" = 'pkttrace: "300.1.1.1" is not an address or prefix' ]
	[ "${stderr_lines[2]}" = '             ^^^^^^^^^' ]
	run -1 --separate-stderr pkttrace show --since someday
	[[ ${stderr_lines[0]} == 'pkttrace: "someday" is not a time'* ]]
	run -1 --separate-stderr pkttrace show -j -b
	[ "${stderr_lines[0]}" = 'pkttrace: --json and --brief: one form at a time' ]
	run -1 --separate-stderr pkttrace show --rules
	[ "${stderr_lines[0]}" = 'pkttrace: option "--rules" wants an argument: FILE' ]
	run -1 --separate-stderr pkttrace
	[[ $stderr == "pkttrace: which command?"* ]]
}

@test "help and version" {
	run -0 pkttrace -h
	[[ $output == "Usage: pkttrace "*"show [OPTION…] [FILE…|-]"*"--summary"* ]]
	[ "$output" = "$(pkttrace help)" ]
	run -0 pkttrace show -h
	[[ $output == "Usage: pkttrace show "* ]]
	run -0 pkttrace -V
	[[ $output == "pkttrace, netpath "* ]]
}

@test "the manual page has every option, outcome and cause" {
	local page=$NP_TOP/man/pkttrace.8 word
	for word in $(pkttrace --complete show --); do
		grep -qE "^\.(It|Op|Fl|Ar).* (Fl )?-*${word#--}( |$)|Fl -${word#--}( |$)" "$page" || {
			echo "$word is missing"
			return 1
		}
	done
	for word in sent delivered dropped vanished unfinished; do
		grep -q "^\.It Sy $word$" "$page"
	done
}

@test "the live commands' names of what to select by do, and a mark" {
	local log=$BATS_TEST_TMPDIR/log
	sed 's/ *$/ MARK=0x15/' "$NP_TOP/tests/fixtures/story-sent.log" >"$log"
	cat "$NP_TOP/tests/fixtures/story-vanished.log" >>"$log"
	count() { pkttrace show -j "$@" "$log" | jq length; }
	[ "$(count)" = 2 ]
	[ "$(count --source 192.168.235.13 --protocol tcp --destination 10.43.0.0/16)" = 1 ]
	[ "$(count --source 10.9.9.9 --src 192.168.235.13)" = 2 ]
	[ "$(count --prot udp)" = 0 ]
	[ "$(count --mark 0x15)" = 1 ]
	[ "$(count --mark 5/0xf)" = 1 ]
	[ "$(count --mark 0)" = 1 ]
	run -1 pkttrace show --mark x "$log"
	[ "${lines[0]}" = 'pkttrace: "x" is not a mark (VALUE[/MASK])' ]
}

@test "completion: verbs, options, words and files" {
	[ "$(pkttrace --complete s)" = show ]
	[ "$(pkttrace --complete show --su)" = --summary ]
	[ "$(pkttrace --complete show --ended v)" = vanished ]
	[ "$(pkttrace --complete show --rules '')" = "<FILE>" ]
	[ "$(pkttrace --complete show -j '')" = "<FILE>" ]
	[ "$(pkttrace --complete show --in '')" = "<DEV>" ]
}

@test "bash completes with it" {
	# shellcheck disable=SC2016
	run -0 bash -c '. "$0"
		for COMP_LINE in "pkttrace show --pc" "pkttrace show story-s" "lvsctl --start-daemon " \
			"lvsctl -L --sort=outb" "lvsctl -L --sort=outbytes:x"; do
			COMP_POINT=${#COMP_LINE}
			_netpath "${COMP_LINE%% *}"
			echo "${COMPREPLY[*]}"
		done' "$NP_TOP/completion/netpath"
	[ "${lines[0]}" = --pcapng ]
	[ "${lines[1]}" = story-sent.log ]
	[ "${lines[2]}" = "master backup" ]
	[ "${lines[3]}" = "outbytes outbps" ]
	[ "${lines[4]}" = "" ]
}

@test "a log that has lost lines is not sure that the kernel dropped it" {
	run -0 --separate-stderr pkttrace show story-vanished.log
	[[ $output == *"No rule dropped it: the kernel did, between the hooks."* ]]
	grep -v "nat:KUBE-SERVICES:rule" story-vanished.log >"$BATS_TEST_TMPDIR/gap"
	run -0 --separate-stderr pkttrace show "$BATS_TEST_TMPDIR/gap"
	[[ $output == *"lines are missing here"* ]]
	[[ $output == *"VANISHED after nat:PREROUTING"* ]]
	[[ $output == *"or this line is lost too, as others of this log are."* ]]
	# damaged lines are known too
	{ echo "May  8 15:51:06 ceph3 kernel: [309853.1] TRACE: raw:PREROUTING:po"; cat story-vanished.log; } >"$BATS_TEST_TMPDIR/cut"
	run -0 --separate-stderr pkttrace show "$BATS_TEST_TMPDIR/cut"
	[[ $stderr == *"1 damaged TRACE line was skipped"* ]]
	[[ $output == *"or this line is lost too"* ]]
}

@test "--pcapng names one file, once" {
	run -1 --separate-stderr pkttrace show --pcapng a --pcapng b story-sent.log
	[ "${stderr_lines[0]}" = "pkttrace: --pcapng was given before: one file at a time" ]
	[ ! -e a ] && [ ! -e b ]
}
