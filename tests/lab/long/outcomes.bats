#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each way for a packet to end, where nf_tables has rules, and where legacy iptables has: see
# ../outcomes.bash; both are in ../outcomes.bats.
load ../lib
load ../outcomes

setup_file() {
	outcomes_begin
}

teardown_file() {
	lab_end
}

@test "nf_tables: each outcome, its place, its cause, the kernel's reason" {
	rules_nft
	outcomes
	outcomes_are
	dropped_at <<-'END'
		[7011,"inet fw:forward:rule:1"]
		[7012,"inet fw:forward:rule:2"]
		[7013,"inet fw:input:policy"]
		[7111,"inet fw:forward:rule:1"]
		[7112,"inet fw:forward:rule:2"]
		[7113,"inet fw:input:policy"]
	END
	outcomes_left
	outcomes_reasons
}

@test "legacy iptables: each outcome, its place, its cause, the kernel's reason" {
	at r nft flush ruleset
	rules_legacy
	outcomes
	outcomes_are
	dropped_at <<-'END'
		[7011,"filter:FORWARD:rule:1"]
		[7012,"filter:FORWARD:rule:2"]
		[7013,"filter:INPUT:policy:3"]
		[7111,"filter:FORWARD:rule:1"]
		[7112,"filter:FORWARD:rule:2"]
		[7113,"filter:INPUT:policy:3"]
	END
	outcomes_left
	outcomes_reasons
}
