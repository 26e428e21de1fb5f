# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Each way for a packet to end on a router, what pkttrace monitor tells of it held against what is
# known: the table below, the kernel's own drop events, and the packets that a packet socket sees
# leave.
#
#       a                              r (with rules)                 b
#   10.0.1.1 eth0 ───── ra 10.0.1.254, fd01::254   rb 10.0.2.254 ───── eth0 10.0.2.2
#   fd01::1                rp_filter=1, mtu 1500      mtu 1280            fd02::2
lab=${BATS_TEST_DIRNAME%/long}

outcomes_begin() {
	log_all_namespaces
	load_modules drop_monitor
	in_line a r b
	at a ip -batch - <<-'END'
		address add 10.0.9.9/32 dev lo
		address add 10.0.2.254/32 dev lo
	END
	at r ip -batch - <<-'END'
		route add 10.0.9.0/24 dev rb
		route add unreachable 10.0.5.0/24
		route add blackhole 10.0.6.0/24
		route add unreachable fd05::/64
		link set rb mtu 1280
	END
	sysctls r net.ipv4.conf.ra.rp_filter=1
	mount -t tracefs none /sys/kernel/tracing 2>/dev/null || true
}

# outcomes_sent.txt: HOST and what it sends; 70xx is IPv4, 71xx is IPv6.
outcomes_send() {
	local host
	for host in a r; do
		sed -n "s/^$host //p" "$lab/outcomes_sent.txt" | at $host "$lab/outcomes.py"
	done
}

rules_nft() {
	at r nft -f - <<-'END'
		table inet fw {
			chain forward {
				type filter hook forward priority 1
				udp dport { 7011, 7111 } drop
				udp dport { 7012, 7112 } reject
			}
			chain input {
				type filter hook input priority 1; policy drop
				meta l4proto != udp accept
				udp dport != { 7013, 7113 } accept
			}
		}
	END
}

rules_legacy() {
	local tool port
	for tool in iptables:70 ip6tables:71; do
		port=${tool#*:}
		at r "${tool%:*}-legacy-restore" <<-END
			*filter
			:INPUT DROP
			-A INPUT ! -p udp -j ACCEPT
			-A INPUT -p udp ! --dport ${port}13 -j ACCEPT
			-A FORWARD -p udp --dport ${port}11 -j DROP
			-A FORWARD -p udp --dport ${port}12 -j REJECT
			COMMIT
			*mangle
			COMMIT
		END
	done
}

rules_both() {	# what is dropped by a rule is by nf_tables', the rest by legacy iptables'
	rules_legacy
	at r iptables-legacy -D FORWARD 1
	at r ip6tables-legacy -D FORWARD 1
	rules_nft
}

outcomes_packets() {	# N: so many have been told
	(($(wc -l <"$json") >= $1))
}

# outcomes: all are sent, and what is told of them is in $json, what left is in $json.left
outcomes() {
	local listener watcher
	json=$BATS_TEST_TMPDIR/json
	background r "$lab/left.py" "$json.ready" 7000-7199 >"$json.left"
	listener=$!
	background r pkttrace monitor -j -p udp --dport 7000:7199 --limit none >"$json" 2>"$json.err"
	watcher=$!
	wait_for 30 grep -q watching "$json.err"
	wait_for 30 test -e "$json.ready"
	echo >/sys/kernel/tracing/trace
	echo 1 >/sys/kernel/tracing/events/skb/kfree_skb/enable
	outcomes_send
	wait_for 60 outcomes_packets 23
	echo 0 >/sys/kernel/tracing/events/skb/kfree_skb/enable
	kill "$watcher" "$listener"
	wait "$watcher" "$listener" || true
	cat "$json.err" >&2
}

outcomes_are() {	# as outcomes.txt has them: [port, state, causes, kernel's reason] of each
	# of one that a rule dropped the reason may come after it was told, and is NETFILTER_DROP
	jq -c '[.dport, .outcome.state, .outcome.causes, if .outcome.state == "vanished"
		then .outcome.drop_reason // .outcome.drop_function else null end]' "$json" |
		sed 's/IP_INNOROUTES/IP6_NOROUTES/' | sort >"$json.ends"	# of IPv6, too, before 6.4
	diff "$json.ends" <(sed 's/IP_INNOROUTES/IP6_NOROUTES/' "$lab/outcomes.txt") >&2
}

dropped_at() {	# stdin: [port, place] of each that a rule or policy dropped
	local want
	want=$(cat)
	jq -c 'select(.outcome.state == "dropped") | [.dport, .outcome.at]' "$json" | sort |
		diff - <(echo "$want") >&2
}

# What a packet socket saw leave, and by which interface, is what the timelines say.
outcomes_left() {
	jq -r '.dport as $p | [.steps[] | select(.hook == "postrouting").out] | unique[] |
		"\($p) \(.)"' "$json" | sort | diff - <(cut -d ' ' -f 1,2 "$json.left" | sort -u) >&2
}

# The reasons are those of the tracepoint skb:kfree_skb, as many times at least.
outcomes_reasons() {
	local n reason
	jq -r '.outcome.drop_reason // empty' "$json" | sort | uniq -c >"$json.reasons"
	[[ -s $json.reasons ]]
	while read -r n reason; do
		(($(grep -cw "reason: $reason" /sys/kernel/tracing/trace) >= n)) ||
			{ echo "the kernel did not say $reason $n times" >&2; return 1; }
	done <"$json.reasons"
}
