#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

@test "powers off" {
	busybox poweroff -f
}
