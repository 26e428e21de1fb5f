#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each way for a packet to end, where nf_tables and legacy iptables have rules: see outcomes.bash.
# Either alone is in long/outcomes.bats.
load lib
load outcomes

setup_file() {
	outcomes_begin
}

teardown_file() {
	lab_end
}

@test "nf_tables and legacy iptables: each outcome, its place, its cause, the kernel's reason" {
	rules_both
	outcomes
	outcomes_are
	dropped_at <<-'END'
		[7011,"inet fw:forward:rule:1"]
		[7012,"filter:FORWARD:rule:1"]
		[7013,"filter:INPUT:policy:3"]
		[7111,"inet fw:forward:rule:1"]
		[7112,"filter:FORWARD:rule:1"]
		[7113,"filter:INPUT:policy:3"]
	END
	outcomes_left
	outcomes_reasons
}
