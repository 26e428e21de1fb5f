#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace show, and the lines of the module static_nat: its translations are steps of one packet.
# The logs are of a 6.1 kernel.
load lib

forwarded() {
	cat <<-'END'
		[  279.243376] TRACE: raw:PREROUTING:policy:2 IN=i OUT= SRC=10.0.0.1 DST=203.0.113.1 LEN=29 TOS=0x00 PREC=0x00 TTL=63 ID=25061 DF PROTO=UDP SPT=41879 DPT=7002 LEN=9
		[  279.243549] TRACE: mangle:PREROUTING:policy:1 IN=i OUT= SRC=10.0.0.1 DST=203.0.113.1 LEN=29 TOS=0x00 PREC=0x00 TTL=63 ID=25061 DF PROTO=UDP SPT=41879 DPT=7002 LEN=9
		[  279.243585] TRACE: mangle:FORWARD:policy:1 IN=i OUT=o SRC=10.0.0.1 DST=203.0.113.1 LEN=29 TOS=0x00 PREC=0x00 TTL=62 ID=25061 DF PROTO=UDP SPT=41879 DPT=7002 LEN=9
		[  279.243606] TRACE: filter:FORWARD:policy:1 IN=i OUT=o SRC=10.0.0.1 DST=203.0.113.1 LEN=29 TOS=0x00 PREC=0x00 TTL=62 ID=25061 DF PROTO=UDP SPT=41879 DPT=7002 LEN=9
		[  279.243629] TRACE: static_nat:POSTROUTING:rule:1 IN=i OUT=o SRC=10.0.0.1 DST=203.0.113.1 LEN=29 TOS=0x00 PREC=0x00 TTL=62 ID=25061 DF PROTO=UDP SPT=41879 DPT=7002 LEN=9
		[  279.243658] TRACE: mangle:POSTROUTING:policy:1 IN=i OUT=o SRC=198.51.100.1 DST=203.0.113.1 LEN=29 TOS=0x00 PREC=0x00 TTL=62 ID=25061 DF PROTO=UDP SPT=41879 DPT=7002 LEN=9
	END
}

received() {
	cat <<-'END'
		[  294.018084] TRACE: raw:PREROUTING:policy:2 IN=i OUT= SRC=10.0.0.1 DST=10.1.0.254 LEN=29 TOS=0x00 PREC=0x00 TTL=63 ID=17319 DF PROTO=UDP SPT=56438 DPT=7004 LEN=9
		[  294.018257] TRACE: mangle:PREROUTING:policy:1 IN=i OUT= SRC=10.0.0.1 DST=10.1.0.254 LEN=29 TOS=0x00 PREC=0x00 TTL=63 ID=17319 DF PROTO=UDP SPT=56438 DPT=7004 LEN=9
		[  294.018316] TRACE: static_nat:INPUT:rule:1 IN=i OUT= SRC=10.0.0.1 DST=10.1.0.254 LEN=29 TOS=0x00 PREC=0x00 TTL=63 ID=17319 DF PROTO=UDP SPT=56438 DPT=7004 LEN=9
		[  294.018345] TRACE: mangle:INPUT:policy:1 IN=i OUT= SRC=198.51.100.1 DST=10.1.0.254 LEN=29 TOS=0x00 PREC=0x00 TTL=63 ID=17319 DF PROTO=UDP SPT=56438 DPT=7004 LEN=9
		[  294.018365] TRACE: filter:INPUT:policy:1 IN=i OUT= SRC=198.51.100.1 DST=10.1.0.254 LEN=29 TOS=0x00 PREC=0x00 TTL=63 ID=17319 DF PROTO=UDP SPT=56438 DPT=7004 LEN=9
	END
}

@test "a source that static_nat translates before mangle is one packet's, and said at its step" {
	run pkttrace show < <(forwarded)
	[ "$status" = 0 ]
	[[ ${lines[0]} == *"10.0.0.1:41879 → 203.0.113.1:7002"*" sent by o, "* ]]
	[[ $output == *"static_nat  POSTROUTING "*" rule 1    SNAT  10.0.0.1 ⇒ 198.51.100.1"* ]]
	[ "$(grep -c '^\[' <<<"$output")" = 1 ]
	run pkttrace show < <(received)
	[[ ${lines[0]} == *" delivered, "* ]]
	[[ $output == *"static_nat  INPUT "*" rule 1    SNAT  10.0.0.1 ⇒ 198.51.100.1"* ]]
	[ "$(grep -c '^\[' <<<"$output")" = 1 ]
}

@test "static_nat drops nothing: what ends there went on, or vanished" {
	run pkttrace show < <(received | grep -v -e mangle -e filter)
	[[ ${lines[0]} == *" delivered, "* ]]
	run pkttrace show < <(forwarded | head -5)
	[[ ${lines[0]} == *"VANISHED after static_nat:POSTROUTING"* ]]
}
