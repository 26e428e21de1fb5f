#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A traced packet's translations are lines of the kernel log, and steps of pkttrace.
load lib
load nat_net

setup_file() {
	log_all_namespaces
	load_static_nat
	nat_network
}

teardown_file() {
	nat_end
}

setup() {
	log=$BATS_TEST_TMPDIR/log
	json=$BATS_TEST_TMPDIR/json
}

nat() {
	at r bash -c "printf '$1\n' >/proc/net/static_nat"
}

send() {	# NAMESPACE ADDRESS PORT
	kmsg_mark
	at "$1" bash -c "echo >/dev/udp/$2/$3"
}

# The log is what pkttrace says, step by step; packet.py.
steps() {	# LAST EXPRESSION VALUE...
	wait_for 60 kmsg_has "TRACE: $1 "
	kmsg_since | grep TRACE: >"$log"
	cat "$log"
	pkttrace -j show "$log" >"$json"
	"$BATS_TEST_DIRNAME/packet.py" "$log" "$json" "${@:2}"
}

@test "a packet's two translations are steps between those of the tables, with the mapping's number" {
	nat '+198.51.100.1 10.0.0.1 dst\n+198.51.100.2 10.0.0.2 dst'
	at r iptables-legacy-restore <<-'END'
		*raw
		-A PREROUTING -p udp --dport 7001:7009 -j TRACE
		COMMIT
		*mangle
		COMMIT
		*filter
		COMMIT
	END
	send c 198.51.100.2 7001
	steps mangle:POSTROUTING:policy:1 \
		'" ".join("%(table)s:%(chain)s:%(event)s:%(number)d" % s for s in p["steps"])' \
		"raw:PREROUTING:policy:2 static_nat:PREROUTING:rule:2 mangle:PREROUTING:policy:1 \
mangle:FORWARD:policy:1 filter:FORWARD:policy:1 mangle:POSTROUTING:policy:1" \
		'p["src"], p["dst"], p["dport"]' "('203.0.113.1', '198.51.100.2', 7001)"
	grep -E 'static_nat:PREROUTING:rule:2 IN=o OUT= .*SRC=203.0.113.1 DST=198.51.100.2 .*DPT=7001' "$log"
	grep -E 'mangle:PREROUTING:policy:1 .*DST=10.0.0.2 ' "$log"
	pkttrace show "$log" | grep static_nat
	send s 203.0.113.1 7002		# the [AUTO] half has the number, too
	steps mangle:POSTROUTING:policy:1 'len(p["steps"])' 6
	grep -E 'static_nat:POSTROUTING:rule:1 IN=i OUT=o .*SRC=10.0.0.1 DST=203.0.113.1 ' "$log"
}

@test "the router's own packets: OUTPUT and INPUT" {
	at r iptables-legacy -t raw -A OUTPUT -p udp --dport 7003 -j TRACE
	send r 198.51.100.1 7003
	steps mangle:POSTROUTING:policy:1 'p["steps"][1]["chain"], p["steps"][1]["number"]' "('OUTPUT', 1)"
	grep 'static_nat:OUTPUT:rule:1 ' "$log"
	send s 10.1.0.254 7004
	steps static_nat:INPUT:rule:1 'p["src"]' 10.0.0.1
	grep 'static_nat:INPUT:rule:1 IN=i OUT= .*SRC=10.0.0.1 DST=10.1.0.254 ' "$log"
}

@test "nothing is logged of packets that are not traced, or not translated" {
	send c 198.51.100.1 7100
	send c 10.0.0.3 7005
	wait_for 60 kmsg_has "TRACE: mangle:POSTROUTING"
	run -1 kmsg_has static_nat:
	kmsg_has 'DST=10.0.0.3'
}

@test "nft's meta nftrace set 1 traces as well" {
	at r iptables-legacy -t raw -F
	at r nft -f - <<-'END'
		table ip t {
			chain p {
				type filter hook prerouting priority raw
				udp dport 7006 meta nftrace set 1
			}
		}
	END
	send c 198.51.100.1 7006
	wait_for 60 kmsg_has "TRACE: static_nat:PREROUTING:rule:1 .*DPT=7006"
	at r nft flush ruleset
}

@test "pkttrace monitor has its steps between conntrack and what mangles" {
	at r iptables-legacy -t raw -F
	at r nft -f - <<-'END'
		table ip t {
			chain early { type filter hook prerouting priority -202; }
			chain late { type filter hook prerouting priority -200; }
		}
	END
	background r pkttrace monitor -j -p udp --count 1 --timeout 60 >"$json" 2>"$json.err"
	local watcher=$!
	wait_for 30 grep -q watching "$json.err"
	send c 198.51.100.1 7007
	wait_for 30 test -s "$json"
	wait "$watcher"
	at r nft delete table ip t
	cat "$json" "$json.err"
	# some kernels tell of the end of a base chain, too
	[ "$(jq -r '.steps[] | select(.event != "return" and (.table | IN("t", "static_nat")))
		| "\(.table):\(.chain)"' "$json")" = 't:early
static_nat:PREROUTING
t:late' ]
}

# monitor_in_s FILE OVER: s's packets for a second, with FILE in the place of OVER
monitor_in_s() {
	# shellcheck disable=SC2016 # the inner shell's
	at s unshare -m bash -ec 'mount --bind "$1" "$2"; pkttrace monitor --timeout 1' - "$@"
}

@test "where static_nat is but no table of legacy iptables, its rules are not asked for" {
	run monitor_in_s /dev/null "$(realpath /usr/sbin/iptables-legacy-save)"
	[ "$status" = 0 ]
	echo "$output"
	[[ $output == *watching* && $output != *"legacy iptables"* ]]
}

@test "a log that cannot be read is told of, and the packets go on" {
	run monitor_in_s /sys/class/net/lo/speed /dev/kmsg
	[ "$status" = 0 ]
	echo "$output"
	[[ $output == *"/dev/kmsg: Invalid argument: what it would tell is not seen any more"* ]]
	run monitor_in_s /proc/net/dev /dev/kmsg
	[ "$status" = 0 ]
	echo "$output"
	[[ $output == *"what static_nat does is not seen: "*"/dev/kmsg"* ]]
}

@test "doctor: where static_nat is, what the log lacks is missing, and monitor says it" {
	run -0 --separate-stderr at s pkttrace doctor -j
	[ "$(jq -r '.[] | select(.name == "legacy_iptables").says' <<<"$output")" = \
		"has no tables here; static_nat logs its steps" ]
	sysctl -qw net.netfilter.nf_log_all_netns=0
	run -0 --separate-stderr at s pkttrace monitor --timeout 1
	# shellcheck disable=SC2154 # bats sets stderr
	said=$stderr
	run -1 at s pkttrace doctor
	sysctl -qw net.netfilter.nf_log_all_netns=1
	[[ $output == *"missing  namespace "* ]]
	echo "$said"
	[[ $said == *"pkttrace: what static_nat does is not seen: this is not the first network \
namespace: its lines do not get into the log
  nsenter -t 1 -n sysctl -w net.netfilter.nf_log_all_netns=1"* ]]
}
