#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace show --explain, on the two hosts of the story, each a namespace named like it:
#
#   ceph4, sends:     p3 ==== enp3s0 192.168.235.13/24      p5 ==== enp5s0 10.0.1.13/24
#   ceph3, receives:  p3 ==== enp3s0 192.168.235.12/24      p5 ==== enp5s0 10.0.1.12/24

# shellcheck disable=SC2016,SC2154 # scripts in quotes are the namespace's; bats sets stderr
load lib

NS=$BATS_TEST_DIRNAME/explain_ns.bash

setup() {
	cd "$NP_TOP/tests/fixtures" || return 1
	export TZ=UTC TERM=dumb
}

# Runs a script on a host of the story.
on() { # NAME SCRIPT
	local own=12
	[ "$1" = ceph4 ] && own=13
	run --separate-stderr unshare -rnu bash -ec "hostname $1; source '$NS'
		ip addr flush dev enp3s0; ip addr flush dev enp5s0
		ip addr add 192.168.235.$own/24 dev enp3s0; ip addr add 10.0.1.$own/24 dev enp5s0
		prt route add default via 192.168.235.2 dev enp3s0
		$2"
}

@test "the story: the answer, its cure, and after the cure it passes" {
	on ceph3 'strict all enp5s0
		pkttrace show --explain story-vanished.log | tee /tmp/explained.$$
		sh -c "$(sed -n "s/^ *cure: \(sysctl [^ ]* [^ ]*\).*/\1/p" /tmp/explained.$$)" >/dev/null
		rm -f /tmp/explained.$$
		pkttrace show --explain story-vanished.log'
	[ "$status" = 0 ]
	[[ $output == *$'\n  ✗ rp_filter=1 on enp5s0 (from all): replies to 192.168.235.13 leave by enp3s0\n'* ]]
	[[ $output == *"way back: 192.168.235.13: main 192.168.235.0/24 dev enp3s0, not enp5s0"* ]]
	[[ $output == *"cure: sysctl -w net.ipv4.conf.enp5s0.rp_filter=2 "* ]]
	[[ $output == *"kernel agrees (E"* ]]
	[[ $output == *"The routing model lets it pass today: local: for this host (kernel agrees)"* ]]
	[[ $output == *"another hook (nf_tables, LSM)"* ]]
	[[ $output != *"the way back (rp_filter)"* ]]
	[ -z "$stderr" ]
}

@test "the story as JSON, and in one line" {
	on ceph3 'strict enp5s0
		pkttrace show --explain -j story-vanished.log | jq -c ".[0].outcome | .causes, .explain"
		pkttrace show --explain -b story-vanished.log'
	[ "${lines[0]}" = '["rp_filter"]' ]
	[ "$(jq -c '[.verdict, .says, .decided, .kernel.agrees, .remedy[0], .table]' <<<"${lines[1]}")" = \
		'["rp_filter","rp_filter=1 on enp5s0: replies to 192.168.235.13 leave by enp3s0",true,true,"sysctl -w net.ipv4.conf.enp5s0.rp_filter=2","local"]' ]
	[[ ${lines[2]} == *"after nat:PREROUTING:policy:3: rp_filter=1 on enp5s0: replies to"* ]]
}

@test "each routing decision has its rule and route" {
	on ceph4 'prt rule add pref 100 from 192.168.235.13 to 10.0.1.0/24 lookup 100
		prt route add 10.0.1.0/24 dev enp5s0 table 100
		pkttrace show --explain story-sent.log
		pkttrace show --explain -j story-sent.log | jq -c ".[0].steps[0].routing"'
	[ "$status" = 0 ]
	[ "${lines[1]}" = "  ── routing: rule 32766 from all lookup main → default via 192.168.235.2 dev enp3s0" ]
	[ "${lines[14]}" = "  ── routed again: out enp3s0 ⇒ enp5s0" ]
	[ "${lines[15]}" = "     routing: rule 100 from 192.168.235.13 to 10.0.1.0/24 lookup 100 → 10.0.1.0/24 dev enp5s0" ]
	[ "$(jq -c '[.priority, .selector, .action, .table, .prefix, .gateway, .dev]' <<<"${lines[21]}")" = \
		'[32766,"from all","lookup","main","default","192.168.235.2","enp3s0"]' ]
	[ "${#lines[@]}" = 22 ]
}

@test "a way that rules would not take today is told, not drawn" {
	on ceph4 'prt rule add pref 90 to 10.0.1.0/24 blackhole
		pkttrace show --explain story-sent.log
		pkttrace show --explain -j story-sent.log | jq -c ".[0].steps[11].routing | .verdict, .as_logged, .kernel.agrees"'
	[[ $output == *"     routing: today it would be otherwise: BLACKHOLE by rule 90 (rule 90 from all to 10.0.1.0/24 blackhole)"* ]]
	[ "${lines[-3]}${lines[-2]}${lines[-1]}" = '"blackhole"falsetrue' ]
}

@test "packets of another host are not explained, and counted" {
	on ceph4 'strict all; pkttrace show --explain story-vanished.log'
	[ "$status" = 0 ]
	[[ $output == *"the way back (rp_filter)"* ]]
	[[ $stderr == "pkttrace: 1 vanished packet not explained: ceph3 is another host"* ]]
	on ceph3.example.org 'strict all; pkttrace show --explain story-vanished.log'
	[[ $output == *"✗ rp_filter=1 on enp5s0 (from all)"* ]]
	# a log without names is this host's
	on other 'strict all; sed "s/^.*kernel: //" story-vanished.log | pkttrace show --explain'
	[[ $output == *"✗ rp_filter=1 on enp5s0 (from all)"* ]]
}

@test "no privileges are needed" {
	on ceph3 'strict all; setpriv --no-new-privs --bounding-set -all --inh-caps -all --reuid 0 \
		pkttrace show --explain story-vanished.log'
	[ "$status" = 0 ]
	[[ $output == *"✗ rp_filter=1 on enp5s0 (from all)"*"kernel agrees"* ]]
}

@test "--explain and --summary do not go together" {
	run -1 --separate-stderr pkttrace show --explain --summary story-vanished.log
	[ "${stderr_lines[0]}" = "pkttrace: --explain is for packets, not for --summary" ]
}

@test "a snapshot explains the log of another host, without its kernel" {
	local file=$BATS_TEST_TMPDIR/ceph3.json
	on ceph3 "strict all enp5s0; prt snapshot >$file"
	[ "$status" = 0 ]
	run -0 --separate-stderr pkttrace show --snapshot "$file" story-vanished.log
	[[ $output == *$'\n  ✗ rp_filter=1 on enp5s0 (from all): replies to 192.168.235.13 leave by enp3s0\n'* ]]
	[[ $output == *"cure: sysctl -w net.ipv4.conf.enp5s0.rp_filter=2 "* ]]
	[[ $output == *"    kernel not asked" ]]
	[ -z "$stderr" ]
	# packets of the other host are not of this snapshot; a log without names is
	run -0 --separate-stderr pkttrace show --snapshot "$file" story-sent.log
	[[ $output != *"routing:"* ]]
	run -0 --separate-stderr bash -c "sed 's/^.*kernel: //' story-vanished.log | pkttrace show -b --snapshot $file"
	[[ $output == *": rp_filter=1 on enp5s0 (from all)"* ]]
	on ceph4 "prt snapshot >$file.4"
	run -0 --separate-stderr pkttrace show -j --snapshot "$file" --snapshot "$file.4" story-sent.log story-vanished.log
	[ "$(jq -c '[.[].steps[].routing.as_logged | select(. != null)]' <<<"$output")" = '[true,true]' ]
	[ "$(jq -c '[.[].outcome.explain.verdict | select(.)]' <<<"$output")" = '["rp_filter"]' ]
}

@test "a snapshot that cannot be read ends it before anything is printed" {
	run -1 --separate-stderr pkttrace show --snapshot /nonexistent story-vanished.log
	[ -z "$output" ]
	[ "$stderr" = "pkttrace: cannot open /nonexistent: No such file or directory" ]
	run -1 --separate-stderr pkttrace show -j --snapshot story-sent.log story-vanished.log
	[ -z "$output" ]
	[[ $stderr == "pkttrace: story-sent.log: "* ]]
}
