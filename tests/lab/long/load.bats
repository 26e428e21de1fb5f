#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# As many packets as the kernel's own generator sends match a rule of pkttrace add, whose limit
# lets 50 a second through: each of those is told. What it came to is in $LAB_OUT/load (run -k).
#
#       a                          r
#   10.0.1.1 eth0 ────── ra 10.0.1.254
load ../lib

setup() {
	load_modules pktgen
	namespaces a r
	veth a eth0 10.0.1.1/24 r ra 10.0.1.254/24
}

teardown() {
	lab_end
}

pktgen() {	# FILE COMMAND...: to one of pktgen's files
	local file=$1 command
	shift
	for command; do
		at a tee "/proc/net/pktgen/$file" <<<"$command" >/dev/null
	done
}

# flood SECONDS [COMMAND...]: from a to r's UDP port 9, more commands of pktgen before
flood() {
	local mac started
	mac=$(at r cat /sys/class/net/ra/address)
	pktgen kpktgend_0 rem_device_all 'add_device eth0'
	pktgen eth0 'count 0' 'delay 0' 'pkt_size 60' 'dst 10.0.1.254' 'src_min 10.0.1.1' \
		'src_max 10.0.1.1' 'udp_dst_min 9' 'udp_dst_max 9' "dst_mac $mac" "${@:2}"
	background a bash -c 'echo start >/proc/net/pktgen/pgctrl'
	started=$!
	sleep "$1"
	pktgen pgctrl stop
	wait $started || true
}

matched() {	# packets that came to the rule before the limit
	at r nft -j list counter inet count matched | jq '.nftables[].counter // empty | .packets'
}

told() {	# N: so many packets are told
	(($(wc -l <"$out") >= $1))
}

traced() {	# packets that the limit let through
	at r pkttrace list -j | jq '.[0].packets'
}

# load_of SECONDS [COMMAND...]: all that the limit let through is told
load_of() {
	local before=$EPOCHREALTIME after watcher
	at r nft -f - <<-'END'
		table inet count {
			counter matched { }
			chain c {
				type filter hook prerouting priority -400
				udp dport 9 counter name matched
			}
		}
	END
	at r pkttrace add -I PREROUTING -p udp --dport 9 --limit 50/second
	background r pkttrace monitor -j >"$out" 2>"$out.err"
	watcher=$!
	wait_for 30 grep -q watching "$out.err"
	before=$EPOCHREALTIME
	flood "$@"
	after=$EPOCHREALTIME
	wait_for 60 told "$(traced)"
	kill $watcher
	wait $watcher || true
	awk -v a="$before" -v b="$after" -v n="$(matched)" -v t="$(traced)" \
		-v told="$(wc -l <"$out")" 'BEGIN {
		printf "%d packets in %.1f s, %d a second; traced %d, told %d\n", n, b - a,
			n / (b - a), t, told }' | tee -a "$LAB_OUT/load" >&2
	cat "$out.err" >&2
	[[ $(wc -l <"$out") == "$(traced)" ]]
	! grep -q "were lost" "$out.err"
	jq -sce 'map(.outcome.state) | unique == ["delivered"]' "$out"
}

@test "as fast as it goes: what the limit lets through is told" {
	out=$BATS_TEST_TMPDIR/out
	load_of 10
	(($(traced) >= 400))
}

@test "bursts of small packets, of many sources" {
	out=$BATS_TEST_TMPDIR/out
	load_of 10 'src_max 10.0.1.200' 'flag IPSRC_RND' 'udp_src_min 1' 'udp_src_max 60000' \
		'flag UDPSRC_RND'
	(($(traced) >= 400))
}
