#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

@test "fails" {
	false
}

@test "prints a warning" {
	echo '<4>WARNING: selftest' >/dev/kmsg
}

@test "passes after it" {
	sleep 1
}
