#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What becomes of packets on a router without any rule, as pkttrace monitor tells it: each
# outcome, and the cause where one vanished.
#
#      a                              r (this one)                     b
#  10.0.1.1 eth0 ──── ra 10.0.1.254, fd01::254   rb 10.0.2.254, fd02::254 ──── eth0 10.0.2.2
#  fd01::1             rp_filter=1                mtu 1280                     fd02::2
# shellcheck disable=SC2016,SC2154 # scripts in quotes are the namespace's; bats sets stderr
load lib

router() {
	run --separate-stderr timeout 90 unshare -rn bash -uc 'source tests/cli/router_ns.bash
		unruled() { # PORT: what a sends there, of the list of the lab
			sed -nE "s/^a (.* $1( |\$))/\1/p" tests/lab/outcomes_sent.txt
		}
		watch() { # ARGUMENT…: monitors until end
			out=$(mktemp)
			pkttrace monitor "$@" >"$out" 2>"$out.err" &
			pid=$!
			wait_for grep -q watching "$out.err"
		}
		told() { # N: waits until so many packets have ended
			for ((i = 0; i < 200 && $(wc -l <"$out") < $1; i++)); do sleep .1; done
		}
		end() { # N: when so many have
			told "$1"; kill "$pid"; wait "$pid"; cat "$out"; rm -f "$out" "$out.err"
		}
		'"$1"
	echo "$output" "$stderr"
}

@test "IPv4: sent, delivered, and each way to vanish with its cause" {
	router 'watch -j -p udp --dport 7000:7099
		unruled 700. | sends
		told 9 # why, as things are now
		sysctl -qw net.ipv4.conf.ra.forwarding=0
		sleep 1.1 # until the model is read again
		echo 10.0.2.2 7010 | sends
		end 10'
	[ "$(jq -sc 'sort_by(.dport)[] | [.dport, .outcome.state, .outcome.causes]' <<<"$output")" = \
'[7001,"sent",[]]
[7002,"delivered",[]]
[7003,"vanished",["rp_filter"]]
[7004,"vanished",["ttl"]]
[7005,"vanished",["mtu","other_hook"]]
[7006,"vanished",["no_route"]]
[7007,"vanished",["no_route"]]
[7008,"vanished",["no_route"]]
[7009,"vanished",["martian"]]
[7010,"vanished",["forwarding"]]' ]
}

@test "IPv6: sent, delivered, TTL, MTU, no route" {
	router 'watch -j -6 -p udp --dport 7100:7199
		unruled 710. | sends
		end 6'
	[ "$(jq -sc 'sort_by(.dport)[] | [.dport, .outcome.state, .outcome.causes]' <<<"$output")" = \
'[7101,"sent",[]]
[7102,"delivered",[]]
[7104,"vanished",["ttl"]]
[7105,"vanished",["mtu","other_hook"]]
[7106,"vanished",["no_route"]]
[7108,"vanished",["no_route"]]' ]
}
