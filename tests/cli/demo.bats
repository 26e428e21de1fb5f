#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What `make demo` tells; its live part is tests/lab/story.bats.
load lib

@test "the logs' timelines, and that no VM can be had where that is so" {
	LAB_KERNEL=0.0-none run -0 "$NP_TOP/tests/demo" </dev/null
	[[ $output == *"pkttrace show story-sent.log"*"sent by enp5s0, 248 µs"*"routed again: out enp3s0 ⇒ enp5s0"* ]]
	[[ $output == *"VANISHED after nat:PREROUTING, 168 µs"*"sent 1   vanished 1"* ]]
	[[ $output == *"the lab cannot run here: no kernel 0.0-none"*"told from its logs alone"*"make lab"* ]]
	[[ $output != *$'\033'* ]]
}
