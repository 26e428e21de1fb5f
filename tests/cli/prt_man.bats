#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The pages name every word that the tables hold.
# shellcheck disable=SC2154
load lib

page() {
	mandoc -T ascii "$NP_TOP/man/$1" | sed 's/.\x08//g'
}

@test "each word of rules stands in prt-rule(8)" {
	local text missing=
	text=$(page prt-rule.8)
	while read -r word; do
		grep -qw -- "$word" <<<"$text" || missing+=" $word"
	done < <(sed -nE 's/^\t\{ "([a-z0-9_-]+)", NP_RULE_.*/\1/p' "$NP_TOP/lib/rule_fields.c")
	echo "missing:$missing"
	[ -z "$missing" ]
}

@test "each option and object of prt stands in prt(8)" {
	local text missing=
	text=$(page prt.8)
	while read -r letter; do
		grep -q -- "-$letter" <<<"$text" || missing+=" -$letter"
	done < <(sed -nE "s/^\t\{ '(.)', .*/\1/p; s/^\t\{ 0, \"(..).*/\1/p" "$NP_TOP/ip/options.c")
	while read -r name; do
		grep -qw -- "$name" <<<"$text" || missing+=" $name"
	done < <(sed -nE 's/^\t\{ \.name = "([a-z]+)".*/\1/p' "$NP_TOP/ip/cmds.c")
	echo "missing:$missing"
	[ -z "$missing" ]
}

@test "the help that rules print comes from the same words" {
	run -1 --separate-stderr prt rule help
	while read -r word; do
		[[ $stderr == *"  $word"* ]] || { echo "$word"; false; }
	done < <(sed -nE 's/^\t\{ "([a-z0-9_-]+)", NP_RULE_[A-Z0-9_]+, .*/\1/p' \
		"$NP_TOP/lib/rule_fields.c" | grep -vxE 'src|dst|dev')
}
