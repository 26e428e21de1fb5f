#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The pages know each other, and every option of the tools; their help fits a screen.
# shellcheck disable=SC2154 # output comes from run
load lib

# Pages of others that ours may send a reader to: Debian's names of them.
others='dmesg.1 dot.1 gzip.1 ip.8 ip-address.8 ip-link.8 ip-monitor.8 ip-neighbour.8 ip-netns.8
	ip-route.8 ip-rule.8 ip6tables-save.8 iptables-extensions.8 iptables-nft.8 iptables-save.8
	ipvsadm.8 journalctl.1 jq.1 nft.8 rtmon.8 rtnetlink.7 ssh.1 sysctl.8 tcpdump.8 tshark.1 uname.2 write.2'

page() { # page NAME…: their text
	local name
	for name; do
		mandoc -T ascii "$NP_TOP/man/$name" | sed 's/.\x08//g'
	done
}

@test "every cross-reference of a page leads to a page" {
	local file name section bad=
	while IFS=': ' read -r file _ name section _; do
		[ -e "$NP_TOP/man/$name.$section" ] ||
			[[ " ${others//[$'\n\t']/ } " == *" $name.$section "* ]] || bad+=" $file:$name($section)"
	done < <(cd "$NP_TOP/man" && grep -H '^\.Xr ' ./*)
	echo "lead nowhere:$bad"
	[ -z "$bad" ]
}

@test "netpath(7) leads to every page, and every page to it" {
	local file name bad=
	for file in "$NP_TOP"/man/*.[1-9]; do
		name=${file##*/}
		[ "$name" = netpath.7 ] || {
			grep -qE "^\.Xr ${name%.*} ${name##*.}( |\$)" "$NP_TOP/man/netpath.7" || bad+=" to $name"
			grep -qE '^\.Xr netpath 7( |$)' "$file" || bad+=" from $name"
		}
	done
	echo "missing:$bad"
	[ -z "$bad" ]
}

# lacking TEXT WORD…: those that do not stand in it
lacking() {
	local text=$1 word
	shift
	for word; do
		grep -qE -e "(^|[^[:alnum:]-])$word([^[:alnum:]-]|\$)" <<<"$text" || printf ' %s' "$word"
	done
}

@test "the help of each tool fits a screen of 80 columns and 50 lines" {
	local help
	for help in 'pkttrace -h' 'pkttrace show -h' 'prt --help' 'prt explain --help' 'lvsctl -h'; do
		# shellcheck disable=SC2086 # words
		run $help
		[ "${#lines[@]}" -gt 12 ]
		echo "$help"
		# lines has no empty ones
		[ "$(wc -l <<<"$output")" -le 50 ]
		run ! grep -nE '.{81}' <<<"$output"
	done
}

@test "each option of pkttrace stands in its pages" {
	local text words
	text=$(page pkttrace.8 pkttrace-live.8)
	mapfile -t words < <(for c in show monitor run add del list flush collect doctor; do
		pkttrace --complete "$c" --
	done | sort -u)
	[ ${#words[@]} -gt 40 ]
	run -0 lacking "$text" "${words[@]}"
	[ -z "$output" ]
}

@test "each option, verb and scheduler of lvsctl stands in its pages" {
	local text words
	text=$(page lvsctl.8 lvsctl-apply.8 lvsctl-explain.8 lvsctl-fullnat.8 lvsctl-rs.8)
	mapfile -t words < <(lvsctl -h | grep -oE -e '--[a-z0-9-]+' | sort -u; lvsctl --complete '' |
		grep -v '^-'; lvsctl --complete -A -s '')
	[ ${#words[@]} -gt 70 ]
	run -0 lacking "$text" "${words[@]}"
	[ -z "$output" ]
}

@test "each option of prt's verbs stands in the verb's page" {
	local verb words all=
	for verb in explain snapshot watch; do
		mapfile -t words < <(prt "$verb" --help 2>&1 | grep -oE -e '--[a-z0-9-]+' | sort -u)
		[ ${#words[@]} -ge 2 ]
		all+=$(lacking "$(page "prt-$verb.8")" "${words[@]}")
	done
	echo "missing:$all"
	[ -z "$all" ]
}
