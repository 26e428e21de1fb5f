#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl in the place of ipvsadm: where ../shared/corpus is next to the checkout, its
# transcripts of the real tool; and tests of its own in one namespace, d.
# shellcheck disable=SC2154 # stderr comes from run
load lib

corpus=$(realpath "$BATS_TEST_DIRNAME/../../../shared/corpus/lvs" 2>/dev/null) || corpus=

setup() {
	load_modules ip_vs ip_vs_rr ip_vs_wrr ip_vs_wlc ip_vs_sh ip_vs_pe_sip
	namespaces d
	ip -n d address add 198.51.100.254/24 dev lo
	ip -n d address add 192.0.2.254/24 dev lo
	ip -n d -6 address add 2001:db8::fe/64 dev lo nodad
}

teardown() {
	lab_end
}

# transcripts GLOB...: each scenario of the corpus that fits is as recorded; one in three of
# them without LAB_APPEND=lab.all
transcripts() {
	local files=() glob file n=0 every=6
	! lab_all || every=1
	[[ $corpus && -d $corpus/t ]] || skip "no corpus next to the checkout"
	for glob; do
		for file in "$corpus"/t/$glob; do
			((n++ % every)) || files+=("${file##*/}")
		done
	done
	python3 "$corpus/runner.py" check --cmd "$NP_BUILD/lvsctl" "$corpus/t" "${files[@]}" |
		while IFS= read -r line; do
			progress "$line"
			echo "$line"
		done
	return "${PIPESTATUS[0]}"
}

@test "transcripts: services, marks, persistence" {
	transcripts 'svc-*' 'fwmark-*' 'persist-*' 'ipv6-*' 'sched-*' 'zero-*'
}

@test "transcripts: real servers, tunnels, daemons, timeouts" {
	transcripts 'dest-*' 'tun-*' 'daemon-*' 'set-*' 'seed-*'
}

@test "transcripts: errors, spellings, lists" {
	transcripts 'err-*' 'help-*' 'list-*' 'popt-*' 'names-*'
}

@test "transcripts: what goes with what" {
	transcripts 'matrix-*'
}

@test "transcripts: save and restore" {
	transcripts 'save-*'
}

@test "transcripts: with traffic" {
	transcripts 'traffic-*'
}
