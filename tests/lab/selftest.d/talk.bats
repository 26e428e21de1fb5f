#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

@test "hangs, and its kernel talks" {
	while :; do
		echo "<3>selftest: still here" >/dev/kmsg
		sleep 1
	done
}
