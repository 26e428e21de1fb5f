# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the tests of prt nat share: each has the module, and a namespace r to use it in.

setup() {
	nat_begin r
}

teardown() {
	nat_end
}

nat() {	# in namespace r
	at r prt nat "$@"
}

# mappings FIRST N: lines for restore, 10.x.y.z to 100.x.y.z
mappings() {
	busybox awk -v first="$1" -v n="$2" 'BEGIN {
		for (i = first; i < first + n; i++) {
			tail = int(i / 65536) "." int(i / 256) % 256 "." i % 256
			print "add dst 10." tail " to 100." tail
		}
	}'
}
