#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# prt nat on a host without the module: words, errors, the forms of Linux 2.2. What it does
# with the module is tests/lab/prt_nat.bats; the codec, tests/unit/test_nat.c.
# shellcheck disable=SC2154
load lib
load prt_lib

# refused TEXT WORDS…: wrong words, status 1, TEXT on stderr and nothing on stdout
refused() {
	local text=$1
	shift
	run -1 --separate-stderr in_ns prt "$@"
	echo "$* -> $output / $stderr"
	[ -z "$output" ]
	[[ $stderr == *"$text"* ]]
}

@test "without the module each verb says so" {
	for words in "" list "list dst" flush save stats monitor "add dst 192.0.2.1 to 10.0.0.1" \
		"del src 10.0.0.1 to 192.0.2.1" "replace dst 2001:db8::/48 to fd00:1::/48 nptv6"; do
		# shellcheck disable=SC2086
		refused "the module static_nat is not there" nat $words
	done
	refused "the module static_nat is not there" -j nat list
	echo "nat add dst 192.0.2.1 to 10.0.0.1" >"$BATS_TEST_TMPDIR/batch"
	refused "batch:1: the module static_nat is not there" -batch "$BATS_TEST_TMPDIR/batch"
}

@test "words that make no mapping are refused with the reason" {
	refused 'wants a kind' nat add 192.0.2.1 to 10.0.0.1
	refused 'wants both sides' nat add dst 192.0.2.1
	refused 'must be followed by' nat add dst 192.0.2.1 to
	refused 'not both' nat add dst src 192.0.2.1 to 10.0.0.1
	refused 'one prefix more' nat add dst 192.0.2.1 192.0.2.2 to 10.0.0.1
	refused 'family inet, the other of inet6' nat add dst 192.0.2.1 to ::1
	refused 'one side has the length 24, the other 25' nat add dst 192.0.2.0/24 to 10.0.0.0/25
	refused 'bits behind the /24' nat add dst 192.0.2.1/24 to 10.0.0.0
	for words in 'dst 127.0.0.1 to 10.0.0.1' 'src 10.0.0.0/8 to 127.0.0.0/8' \
		'dst 64.0.0.0/2 to 128.0.0.0/2' 'dst 2001:db8::1 to ::1'; do
		# shellcheck disable=SC2086
		refused 'loopback' nat add $words
	done
	for words in 'dst 224.0.0.1 to 10.0.0.1' 'src 2001:db8::1 to ff02::1'; do
		# shellcheck disable=SC2086
		refused 'multicast addresses' nat replace $words
	done
	refused 'module static_nat is not there' nat delete dst 127.0.0.1 to 10.0.0.1
	refused 'address zero' nat add dst 0.0.0.0 to 10.0.0.1
	refused 'are the same' nat add dst 10.0.0.1 to 10.0.0.1
	refused 'for IPv6 alone' nat add dst 192.0.2.1 to 10.0.0.1 nptv6
	refused 'no device "nosuch"' nat add dst 192.0.2.1 to 10.0.0.1 dev nosuch
	refused 'did you mean "dst"' nat add dts 192.0.2.1 to 10.0.0.1
	refused 'is not an IPv6 prefix' -6 nat add dst 192.0.2.1 to 10.0.0.1
	refused 'is not an IPv4 or IPv6 prefix' nat add dst 192.0.2.256 to 10.0.0.1
	refused 'is not an address or a prefix' nat add dst 192.0.2.1 to any
	refused 'did you mean "flush"' nat flsh
	refused 'takes no words' nat stats now
	refused 'one file is enough' nat restore a b
	refused 'cannot open "/nonexistent"' nat restore /nonexistent
}

@test "help shows the verbs and the words" {
	for words in help h "add help" "list help" "restore --help"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr prt nat $words
		[[ $output == *'prt nat restore [--replace] [FILE]'* ]]
		[[ $output == *'nptv6'* && -z $stderr ]]
	done
}

@test "route add nat is refused and rule add nat is added, as without the module it was" {
	run -2 --separate-stderr in_ns prt route add nat 192.203.80.142 via 193.233.7.83
	[[ $stderr == *'no route NAT since Linux 2.6'*'static_nat is not there'* ]]
	run -0 --separate-stderr in_ns bash -c 'prt rule add prio 320 from 193.233.7.83 nat 192.203.80.144
		prt rule list pref 320'
	[[ $stderr == *'translates nothing'* ]]
	[[ $output == *'from 193.233.7.83 lookup main masquerade'* || $output == *map-to* ]]
}

@test "completion comes from the verbs and words" {
	run -0 prt --complete nat re
	[ "$output" = $'replace\nrestore' ]
	run -0 prt --complete nat add dst 192.0.2.1 t
	[ "$output" = to ]
	run -0 prt --complete nat list dev x
	[ "$output" = '<DEV>' ]
	run -0 prt --complete nat restore x
	[ "$output" = '<FILE>' ]
}

@test "each verb and word of mappings stands in prt-nat(8)" {
	local text missing=
	text=$(mandoc -T ascii "$NP_TOP/man/prt-nat.8" | sed 's/.\x08//g')
	while read -r word; do
		grep -qw -- "$word" <<<"$text" || missing+=" $word"
	done < <(
		sed -nE 's/^\t\{ "([a-z0-9]+)", NP_NAT_KEY.*/\1/p' "$NP_TOP/lib/nat.c"
		sed -nE 's/^\t\{ \.name = "([a-z]+)".*help = .*/\1/p' "$NP_TOP/ip/nat.c"
	)
	echo "missing:$missing"
	[ -z "$missing" ]
}
