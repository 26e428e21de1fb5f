#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace monitor where legacy iptables has rules: the kernel's log and nf_tables' events become
# one timeline, with the rules' text.
#
#       a                              r                              b
#   10.0.1.1 eth0 ────── ra 10.0.1.254   rb 10.0.2.254 ────── eth0 10.0.2.2
#   fd01::1                 fd01::254       fd02::254              fd02::2
# shellcheck disable=SC2016 # jq's variables
load lib

setup_file() {
	log_all_namespaces
	in_line a r b
}

teardown_file() {
	lab_end
}

setup() {
	json=$BATS_TEST_TMPDIR/json
}

legacy() {	# RULE...: r's
	legacy_rules r "$@"
}

no_legacy() {	# the tables stay, and log
	local tool
	for tool in iptables ip6tables; do
		tool=$tool legacy
	done
}

watch() {	# r's packets from now on, into $json
	: >"$json"
	background r pkttrace monitor -j -p udp --timeout 60 >"$json" 2>"$json.err"
	watcher=$!
	wait_for 30 grep -q watching "$json.err"
}

packets() {	# N: so many are there
	(($(wc -l <"$json") >= $1))
}

end() {		# N: when so many packets are there
	wait_for 30 packets "$1"
	kill "$watcher"
	wait "$watcher" || true
	cat "$json" "$json.err" >&2
}

send() {	# ADDRESS PORT: a datagram from a
	at a bash -c "echo >/dev/udp/$1/$2"
}

ends() {	# each packet's port and end
	jq -sc 'sort_by(.dport)[] | [.dport, .outcome.state, .outcome.at]' "$json"
}

# way PORT: table:chain, event, rule of each step but the hooks' signs
way() {
	jq -r --argjson p "$1" 'select(.dport == $p).steps[] | select(.event != "hook")
		| "\(.table):\(.chain):\(.event):\(.number // "") \(.rule // "" | sub(" # handle.*"; ""))"' "$json"
}

is() {	# GOT WANTED
	[[ $1 == "$2" ]] || { printf 'got:\n%s\nwanted:\n%s\n' "$1" "$2" >&2; return 1; }
}

@test "legacy iptables alone: the log's lines in their places, rules by their text" {
	legacy "mangle -A FORWARD -p udp --dport 7001 -j MARK --set-mark 3" "filter -N CHECK" \
		"filter -A FORWARD -p udp -j CHECK" "filter -A CHECK -p udp --dport 7002 -j DROP" \
		"filter -A CHECK -p udp --dport 7003 -j REJECT" "filter -P INPUT DROP" \
		"filter -A INPUT -p udp --dport 7005 -j ACCEPT" \
		"nat -A PREROUTING -p udp --dport 7006 -j DNAT --to-destination 10.0.2.2:7001"
	watch
	for port in 7001 7002 7003 7006; do send 10.0.2.2 $port; done
	for port in 7004 7005; do send 10.0.2.254 $port; done
	end 6
	is "$(ends)" '[7001,"sent","POSTROUTING"]
[7002,"dropped","filter:CHECK:rule:1"]
[7003,"dropped","filter:CHECK:rule:2"]
[7004,"dropped","filter:INPUT:policy:2"]
[7005,"delivered","INPUT"]
[7006,"sent","POSTROUTING"]'
	is "$(way 7001)" 'raw:PREROUTING:policy:1 
mangle:PREROUTING:policy:1 
nat:PREROUTING:policy:2 
mangle:FORWARD:rule:1 -p udp -m udp --dport 7001 -j MARK --set-xmark 0x3/0xffffffff
mangle:FORWARD:policy:2 
filter:FORWARD:rule:1 -p udp -j CHECK
filter:CHECK:return:3 
filter:FORWARD:policy:2 
mangle:POSTROUTING:policy:1 
nat:POSTROUTING:policy:1 '
	is "$(jq -c 'select(.dport == 7001).steps[].changes.mark // empty' "$json")" '[0,3]'
	is "$(jq -c 'select(.dport == 7006).nat' "$json")" \
		'{"dst":["10.0.2.2","10.0.2.2"],"dport":[7006,7001]}'
	is "$(jq -r 'select(.dport == 7002).outcome.evident' "$json")" true
}

@test "both: nf_tables' rules between those of legacy iptables, by priority" {
	legacy "filter -A FORWARD -p udp --dport 7011 -j ACCEPT"
	at r nft -f - <<-END
		table ip n {
			chain early { type filter hook forward priority -151
				udp dport 7011 counter
			}
			chain late { type filter hook forward priority 10
				udp dport 7012 drop
			}
		}
	END
	watch
	for port in 7011 7012; do send 10.0.2.2 $port; done
	end 2
	at r nft delete table ip n
	is "$(ends)" '[7011,"sent","POSTROUTING"]
[7012,"dropped","n:late:rule:1"]'
	# some kernels tell of the end of a base chain, too
	is "$(way 7011 | sed -n '/:return:/d; /FORWARD\|early\|late/p')" 'n:early:rule:1 udp dport 7011
n:early:policy: 
mangle:FORWARD:policy:1 
filter:FORWARD:rule:1 -p udp -m udp --dport 7011 -j ACCEPT
n:late:policy: '
}

@test "IPv6, too" {
	no_legacy
	tool=ip6tables legacy "filter -A FORWARD -p udp --dport 7021 -j DROP"
	watch
	for port in 7021 7022; do send fd02::2 $port; done
	end 2
	is "$(ends)" '[7021,"dropped","filter:FORWARD:rule:1"]
[7022,"sent","POSTROUTING"]'
	is "$(way 7021 | tail -n 1)" 'filter:FORWARD:rule:1 -p udp -m udp --dport 7021 -j DROP'
}

@test "rules whose lines the log does not get: said, and the first suspect of a loss in their hook" {
	no_legacy
	legacy "filter -A FORWARD -p udp --dport 7041 -j DROP"
	sysctl -qw net.netfilter.nf_log_all_netns=0
	watch
	for port in 7041 7042; do send 10.0.2.2 $port; done
	end 2
	sysctl -qw net.netfilter.nf_log_all_netns=1
	is "$(ends)" '[7041,"vanished","FORWARD"]
[7042,"sent","POSTROUTING"]'
	is "$(jq -r 'select(.dport == 7041).outcome.causes[0]' "$json")" legacy
	is "$(grep -A1 legacy "$json.err")" "pkttrace: rules of legacy iptables are not seen: this is \
not the first network namespace: its lines do not get into the log
  nsenter -t 1 -n sysctl -w net.netfilter.nf_log_all_netns=1"
	no_legacy
	legacy "filter -A FORWARD -p udp --dport 7043 -j DROP"
	watch
	send 10.0.2.2 7043
	end 1
	is "$(ends)" '[7043,"dropped","filter:FORWARD:rule:1"]'
	is "$(grep -c legacy "$json.err")" 0
}

@test "a family without a logger: its rules are suspected, whatever is seen of the other's" {
	no_legacy
	legacy "filter -A FORWARD -p udp --dport 7051 -j ACCEPT"
	tool=ip6tables legacy "filter -A FORWARD -p udp --dport 7052 -j DROP"
	at r sysctl -qw net.netfilter.nf_log.10=NONE
	watch
	send 10.0.2.2 7051
	wait_for 30 packets 1
	send fd02::2 7052
	end 2
	at r sysctl -qw net.netfilter.nf_log.10=nf_log_ipv6
	tool=ip6tables legacy
	is "$(ends)" '[7051,"sent","POSTROUTING"]
[7052,"vanished","FORWARD"]'
	is "$(jq -r 'select(.dport == 7052).outcome.causes[0]' "$json")" legacy
	is "$(grep -c "^pkttrace: rules of legacy" "$json.err")" 1
}

@test "the events and the log tell of the same steps, as pkttrace show reads them" {
	no_legacy
	legacy "filter -N C" "filter -A FORWARD -j C" "filter -A C -p udp --dport 7032 -j DROP"
	kmsg_mark
	watch
	for port in 7031 7032; do send 10.0.2.2 $port; done
	send 10.0.2.254 7033
	end 3
	kmsg_since | grep TRACE: >"$json.log"
	at r iptables-legacy-save >"$json.rules"
	pkttrace -j show --rules "$json.rules" "$json.log" | jq -c '.[]' >"$json.shown"
	for port in 7031 7032 7033; do
		live=$(way $port)
		is "$(json=$json.shown way $port)" "$live"
		is "$(jq -r ".outcome.state + (.dport | tostring)" "$json.shown" | sort)" \
			"$(jq -r ".outcome.state + (.dport | tostring)" "$json" | sort)"
	done
}

@test "a kernel without an expression of nf_tables: which one is said" {
	local modprobe
	modprobe=$(sysctl -n kernel.modprobe)
	rmmod nft_limit
	sysctl -qw kernel.modprobe=/bin/false
	run at r pkttrace add -p udp --limit 5/second
	sysctl -qw kernel.modprobe="$modprobe"
	echo "$output"
	[[ $status == 2 && $output == *"this kernel has no nft_limit" ]]
	[[ $(at r pkttrace list) != *udp* ]]
}
