#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace doctor: what a host can show, here without and with the right to look.
load lib

states() { # "nf_tables ok" …
	jq -r '.[] | "\(.name) \(.state)"' <<<"$output"
}

@test "root of a namespace: nf_tables can be used, and the namespace is said" {
	run -0 unshare -rn pkttrace doctor -j
	[[ $(states) == *"nf_tables ok"*"permission ok"*"namespace without"* ]]
	[ "$(jq -r '.[] | select(.name == "namespace").remedy[]' <<<"$output")" = \
		"nsenter -t 1 -n sysctl -w net.netfilter.nf_log_all_netns=1" ]
}

@test "without the right to put rules: fatal, 2, and how to get it" {
	run -2 unshare -rn setpriv --bounding-set -net_admin pkttrace doctor
	[[ $output == *"fatal    permission "*"sudo pkttrace doctor"* ]]
}

@test "text and JSON say the same" {
	run -0 unshare -rn bash -c 'pkttrace doctor | grep -c "^[a-z]"; pkttrace doctor -j | jq length'
	[ "${lines[0]}" = "${lines[1]}" ]
	run -1 pkttrace doctor tcp
}

@test "no command loads a module that is not there" {
	run -0 unshare -rn pkttrace doctor -j
	[ "$(jq -c '.[] | select(.name == "drop_reasons").remedy' <<<"$output")" = '[]' ]
}

@test "the log file is the one that show reads, if it can be read" {
	run unshare -rnm bash -c 'mount -t tmpfs none /var/log && touch /var/log/{messages,syslog}
		log() { "$@" pkttrace doctor -j | jq -r ".[] | select(.name == \"log_file\") | .state + \" \" + .says"; }
		log; chmod 0 /var/log/messages; log setpriv --bounding-set -all'
	[ "${lines[0]}" = "ok /var/log/messages: pkttrace show reads it" ]
	[ "${lines[1]}" = "without /var/log/messages: Permission denied" ]
}
