# SPDX-License-Identifier: GPL-2.0-or-later
@test "a good test" { [ "$(id -u)" = 0 ]; }
@test "a skip" { skip "because"; }
