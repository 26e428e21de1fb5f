#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace monitor: real packets over lo and between the two hosts of the story.
# shellcheck disable=SC2016,SC2154 # scripts in quotes are the namespace's; bats sets stderr
load lib

# Runs a script with watch() in a network namespace of its own.
host() {
	run --separate-stderr unshare -rn bash -uc 'ip link set lo up
		watch() { # ARGUMENT…: monitors until end
			out=$(mktemp)
			pkttrace monitor -j "$@" >"$out" 2>"$out.err" &
			pid=$!
			wait_for grep -q watching "$out.err"
		}
		end() { sleep .5; kill "$pid"; wait "$pid"; cat "$out"; rm -f "$out" "$out.err"; }
		udp() { echo x >"/dev/udp/127.0.0.1/$1"; }
		peer() { # a neighbour, $peer, at 10.9.0.2 and fd09::2; here 10.9.0.1 and fd09::1
			unshare -n sleep 60 & peer=$!; trap "kill $peer" EXIT
			wait_for is_apart "$peer"
			ip link add va type veth peer name vb netns $peer
			ip addr add 10.9.0.1/24 dev va; ip addr add fd09::1/64 dev va nodad; ip link set va up
			nsenter -n -t $peer sh -c "ip addr add 10.9.0.2/24 dev vb
				ip addr add fd09::2/64 dev vb nodad; ip link set vb up
				ip route add default via 10.9.0.1"
			wait_for eval "nsenter -n -t $peer ip -6 route show table local dev vb | grep -q multicast"
			wait_for eval "ip -6 route show table local dev va | grep -q multicast"
		}
		'"$1"
}

@test "over lo without any rule: one packet through every hook, delivered" {
	host 'watch -p udp --dport 7; udp 7; udp 9; end'
	[ "${#lines[@]}" = 1 ]
	[ "$(jq -c '[.outcome.state, [.steps[] | select(.event == "hook") | .hook]
		| if type == "array" then unique else . end]' <<<"$output")" = \
		'["delivered",["input","output","postrouting","prerouting"]]' ]
	[ "$(jq -c '[.steps[].before // empty] | add' <<<"$output")" = '["looped"]' ]
	[ "$(jq -r .dport <<<"$output")" = 7 ]
}

@test "steps are those of rules; a hook is said once" {
	host 'nft "table ip t { chain o { type filter hook output priority 0
			udp dport 9 meta mark set 3
			udp dport 9 meta mark set 4 accept
			}
			}"
		watch -p udp; udp 9; udp 7; end
		pkttrace monitor -b -p udp --count 2 --timeout 10 >"$out" 2>"$out.err" & pid=$!
		wait_for grep -q watching "$out.err"
		udp 9; udp 7; wait "$pid"; sed "s/.* delivered */-b: /" "$out"; rm "$out" "$out.err"'
	echo "$output"
	[ "$(grep "^{" <<<"$output" | jq -c '[.steps[] | .event + " " + .hook]')" = \
'["hook output","rule output","rule output","hook output","hook postrouting","hook prerouting","hook input"]
["hook output","policy output","hook postrouting","hook prerouting","hook input"]' ]
	[ "$(grep "^-b" <<<"$output")" = "-b: 2 steps
-b: 1 step" ]
	host 'pkttrace monitor -b -p udp --count 1 --timeout 10 2>&1 | { read -r; udp 9; sed "s/.* delivered */-b: /"; }'
	[ "$output" = "-b: 4 hooks" ]
}

@test "dropped by a rule, by a policy and by REJECT: the place and the rule" {
	host 'nft "table inet fw { chain in { type filter hook input priority 0; udp dport 9 drop comment \"no discard\"
			udp dport 11 jump u
			}
			chain u { udp dport { 11, 12 } reject
			}
			}
		table ip out { chain o { type filter hook output priority 0; policy drop
			udp dport != 13 accept
			}
			}"
		watch -p udp; for p in 9 11 13; do udp $p; done 2>/dev/null; end'
	[ "$(jq -c '[.dport, .outcome.state, .outcome.at, .outcome.evident, .steps[-1].rule]' <<<"$output")" = \
'[9,"dropped","inet fw:in:rule:1",true,"udp dport 9 drop comment \"no discard\" # handle 3"]
[11,"dropped","inet fw:u:rule:1",true,"udp dport {…} reject # handle 6"]
[13,"dropped","out:o:policy",true,null]' ]
	[ "$(jq -c 'select(.dport == 11) | [.steps[] | select(.depth).depth]' <<<"$output")" = '[1]' ]
}

# The log does not have a namespace's lines, and root of one may not read it.
@test "legacy rules that are not seen: said at the start, and the first suspect" {
	host 'iptables-legacy -A INPUT -p udp --dport 9 -j DROP || exit 77
		out=$(mktemp)
		pkttrace monitor -p udp --dport 9 --count 1 --timeout 20 >"$out" 2>"$out.err" & pid=$!
		wait_for grep -q watching "$out.err"
		udp 9; wait "$pid"; cat "$out" "$out.err"; rm "$out" "$out.err"
		pkttrace run -b -p udp --dport 9 -- bash -c "echo x >/dev/udp/127.0.0.1/9" 2>&1
		watch -p udp --dport 9; udp 9; end'
	[ "$status" != 77 ] || skip "no legacy iptables here"
	[[ $output == *"VANISHED after INPUT"*"✗ expected next: the end of INPUT. Rules of legacy iptables are not seen here (pkttrace doctor): one may have dropped it."* ]]
	[[ $output == *"      a rule of legacy iptables          iptables-legacy-save -c"$'\n'"      IPVS "* ]]
	[[ $output != *"No rule"* ]]
	[[ $output == *" vanished  after INPUT: perhaps a rule of legacy iptables"$'\n'*"1 vanished; first vanished after INPUT: perhaps a rule of legacy iptables"* ]]
	[[ $output == *"pkttrace: rules of legacy iptables are not seen: this is not the first network namespace: "*$'\n'"  nsenter -t 1 -n sysctl -w net.netfilter.nf_log_all_netns=1"* ]]
	[ "$(tail -n 1 <<<"$output" | jq -c '.outcome.causes[0]')" = '"legacy"' ]
	# what is missing is one list
	[[ $output != *"does is not seen"* ]]
}

@test "without legacy rules there is nothing to warn of" {
	host 'watch -p udp; cat "$out.err"; udp 9; end'
	[ "${lines[0]}" = "pkttrace: watching -p udp" ]
}

@test "a rule in front of everything else drops: seen at each hook" {
	host 'nft "table inet early { chain p { type filter hook prerouting priority -2147483648; udp dport 9 drop
			}
			chain o { type filter hook output priority -450; udp dport 11 drop
			}
			chain i { type filter hook input priority -400; udp dport 13 drop
			}
			}"
		watch -p udp; for p in 9 11 13; do udp $p; done 2>/dev/null; end'
	[ "$(jq -c '[.dport, .outcome.state, .outcome.at, (.steps | map(.hook) | unique | length)]' <<<"$output" | sort)" = \
'[11,"dropped","inet early:o:rule:1",1]
[13,"dropped","inet early:i:rule:1",4]
[9,"dropped","inet early:p:rule:1",3]' ]
}

@test "a chain at an interface, which is before the first hook, is named" {
	host 'nft "table netdev early { chain in { type filter hook ingress device lo priority 0
			}
			}
		table inet later { chain in { type filter hook ingress device lo priority 0
			}
			chain pre { type filter hook prerouting priority 0
			}
			}"
		watch -p udp; grep -v watching "$out.err"; end'
	[ "$output" = "pkttrace: netdev early in is before the first hook: what it drops is not seen
pkttrace: inet later in is before the first hook: what it drops is not seen" ]
}

@test "fragments are one packet, where the kernel puts them together" {
	host 'peer
		nft "table inet t { chain c { type filter hook prerouting priority 0; ct state invalid counter
			}
			}"
		watch -p udp --dport 9; nsenter -n -t $peer python3 -c "
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(bytes(4000), (\"10.9.0.1\", 9))
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(bytes(4000), (\"fd09::1\", 9))"
		end'
	echo "$output"
	[ "$(jq -c '[.family, .dport, .len, .outcome.state]' <<<"$output" | sort)" = \
'["ipv4",9,4028,"delivered"]
["ipv6",9,4048,"delivered"]' ]
}

# Without conntrack the kernel puts them together before INPUT, if they are for this host.
@test "fragments that nothing puts together in PREROUTING: one packet all the same, or what they are" {
	host 'peer
		nsenter -n -t $peer sh -c "sysctl -qw net.ipv4.ip_forward=1; ip route add 10.8.0.0/24 via 10.9.0.1"
		sysctl -qw net.ipv4.ip_forward=1
		ip link add out type veth peer name o2; ip addr add 10.8.0.1/24 dev out; ip link set out up; ip link set o2 up
		ip neigh add 10.8.0.2 lladdr 02:00:00:00:00:02 dev out
		send() { # ADDRESS
			nsenter -n -t $peer python3 -c "
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(bytes(4000), (\"$1\", 9))"
		}
		for match in "-s 10.9.0.2" "--dport 9"; do
			watch -p udp $match; send 10.9.0.1; end
		done
		watch -p udp; send 10.8.0.2; end
		alone() { # ADDRESS: the first fragment of a packet, and no other
			nsenter -n -t $peer python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
header = bytes.fromhex(\"450000241234200040110000\") + socket.inet_aton(\"10.9.0.2\") + socket.inet_aton(\"$1\")
s.sendto(header + bytes.fromhex(\"0fa0000900180000\") + bytes(8), (\"$1\", 0))"
		}
		watch -p udp; alone 10.9.0.1; sleep 2; end
		watch -p udp --no-explain; alone 10.9.0.1; sleep 2; end
		watch -p udp; alone 10.7.0.1; sleep 2; end'
	echo "$output $stderr"
	[ "$(jq -c '[.dst, .dport, .frag_offset, .outcome.state, .outcome.causes[0]]' <<<"$output")" = \
'["10.9.0.1",9,null,"delivered",null]
["10.9.0.1",9,null,"delivered",null]
["10.8.0.2",9,null,"sent",null]
["10.8.0.2",null,1480,"sent",null]
["10.8.0.2",null,2960,"sent",null]
["10.9.0.1",9,null,"unfinished","fragments"]
["10.9.0.1",9,null,"unfinished","fragments"]
["10.7.0.1",9,null,"vanished","no_route"]' ]
}

# nft_set_pktinfo_ipv6() knows no offset of a later fragment's transport header, and what is traced
# of a packet ends there.
@test "fragments of IPv6 that nothing puts together: the first" {
	host 'peer
		watch -p udp -s fd09::2; nsenter -n -t $peer python3 -c "
import socket
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(bytes(4000), (\"fd09::1\", 9))"
		end'
	echo "$output $stderr"
	[ "$(jq -c '[.dst, .len, .proto, .dport, .outcome.state]' <<<"$output")" = \
		'["fd09::1",1496,null,null,"delivered"]' ]
}

@test "an interface that is not there: said, with the name that was meant; it may come" {
	host 'ip link add eth0 type veth peer name x0; ip link property add dev eth0 altname uplink
		for i in lo l+ eht0 nosuch9 tun+ uplink; do
			watch -i $i; cat "$out.err"; kill "$pid"; wait "$pid"; rm "$out" "$out.err"
		done
		watch -o later -p udp
		ip link add later type veth peer name x1; ip addr add 10.9.0.1/24 dev later; ip link set x1 up; ip link set later up
		echo x >/dev/udp/10.9.0.2/9; end'
	[ "$(grep -v "^{" <<<"$output")" = "pkttrace: watching -i lo
pkttrace: watching -i l+
pkttrace: there is no interface eht0 (yet): did you mean eth0?
pkttrace: watching -i eht0
pkttrace: there is no interface nosuch9 (yet)
pkttrace: watching -i nosuch9
pkttrace: there is no interface tun+ (yet)
pkttrace: watching -i tun+
pkttrace: uplink is another name of eth0, by which no packet is found: say eth0
pkttrace: watching -i uplink" ]
	[ "$(tail -n 1 <<<"$output" | jq .dport)" = 9 ]
}

@test "a routing decision has the keys of prt get, its gateway of the other family too" {
	host 'peer
		ip route add 10.7.0.0/24 via 10.9.0.2; ip route add 10.8.0.0/24 via inet6 fd09::2 dev va
		watch -p udp; for to in 10.7.0.1 10.8.0.1; do echo x >/dev/udp/$to/9; done; end
		for to in 10.7.0.1 10.8.0.1; do prt -j route get "$to"; done'
	[ "$(sed 2q <<<"$output" | jq -c '.steps[].routing // empty | [.gateway, .via]')" = \
		"$(sed 1,2d <<<"$output" | jq -c '.[] | [.gateway, .via]')" ]
	[ "$(sed 2q <<<"$output" | jq -c '.steps[].routing.via // empty')" = '{"family":"inet6","host":"fd09::2"}' ]
}

@test "DNAT is drawn at its rule, a mark too" {
	host 'nft "table ip n { chain o { type nat hook output priority -100; udp dport 80 dnat to 127.0.0.2:81
			}
			chain m { type filter hook output priority -150; udp dport 80 meta mark set 5
			}
			}"
		watch -p udp --dport 80; udp 80; end'
	[ "$(jq -c '.nat' <<<"$output")" = '{"dst":["127.0.0.1","127.0.0.2"],"dport":[80,81]}' ]
	[ "$(jq -c '.steps[] | select(.target == "DNAT") | [.chain, .rule]' <<<"$output")" = \
		'["o","udp dport 80 dnat to 127.0.0.2:81 # handle 3"]' ]
	[ "$(jq -c '[.steps[] | .changes.mark // empty]' <<<"$output")" = '[[0,5]]' ]
}

@test "what a bridge passes on was not routed" {
	run timeout 60 unshare -rnm bash -uc 'mount -t tmpfs none /run; ip netns add a; ip netns add b
		ip link add br0 type bridge
		for n in 1 2; do
			ns=$(cut -c $n <<<ab)
			ip link add p$n type veth peer name eth0 netns "$ns"
			ip link set p$n master br0; ip link set p$n up
			ip -n "$ns" addr add 10.0.1.$n/24 dev eth0; ip -n "$ns" link set eth0 up
		done
		ip link set br0 up; sysctl -qw net.bridge.bridge-nf-call-iptables=1 || exit 9
		pkttrace monitor -p udp --dport 9 --count 1 --timeout 20 >/run/out 2>/run/err & pid=$!
		wait_for grep -q watching /run/err
		ip netns exec a bash -c "echo x >/dev/udp/10.0.1.2/9"
		wait "$pid"; cat /run/out'
	[ "$status" != 9 ] || skip "this kernel has no br_netfilter"
	[[ $output == *"sent by br0"*"── passed on by the bridge"*"FORWARD          in br0  out br0"* ]]
	[[ $output != *rout* ]]
}

# 10.9.0.2 asks 10.9.0.1 on a closed port, and by it for where it has no way to.
@test "an ICMP error says which packet it is about, in text and JSON, IPv4 and IPv6" {
	host 'peer
		sysctl -qw net.ipv4.ip_forward=1
		ask() { nsenter -n -t $peer bash -c "echo x >/dev/udp/$1/$2"; }
		watch -4 -p icmp; ask 10.9.0.1 9; ask 10.8.0.1 11; end
		watch -6 -p icmpv6; ask fd09::1 9; end
		out=$(mktemp); pkttrace monitor -4 -p icmp --count 1 --timeout 10 >$out 2>$out.err & pid=$!
		wait_for grep -q watching "$out.err"
		echo x >/dev/udp/10.9.0.2/13
		wait "$pid"; cat "$out"; rm "$out" "$out.err"'
	echo "$output $stderr"
	grep "^{" <<<"$output" | jq -c 'select(.icmp.type < 128 and .quoted) | [.icmp.type, .icmp.code, .quoted.protocol, .quoted.src, .quoted.dst, .quoted.dport, .outcome.state]' >"$BATS_TEST_TMPDIR/is"
	diff "$BATS_TEST_TMPDIR/is" - <<-'END'
		[3,3,"udp","10.9.0.2","10.9.0.1",9,"sent"]
		[3,0,"udp","10.9.0.2","10.8.0.1",11,"sent"]
		[1,4,"udp","fd09::2","fd09::1",9,"sent"]
	END
	[[ $output == *"ICMP 10.9.0.2 → 10.9.0.1  port unreachable "*$'\n'"  about UDP 10.9.0.1:"*" → 10.9.0.2:13  30 bytes "* ]]
}

# Reports of MLD and the like have no number that tells one from another.
@test "packets that are the same to the last bit are not one packet" {
	host 'for i in a b; do
			ip link add r$i type veth peer name x$i
			sysctl -qw net.ipv6.conf.{r,x}$i.disable_ipv6=0 net.ipv6.conf.x$i.addr_gen_mode=1
			ip link set r$i up; ip link set x$i up
		done
		watch -6 -p udp --dport 9
		python3 -c "
import socket
payload = bytes.fromhex(\"0fa0000900080000\")
packet = bytes.fromhex(\"60000000%04x1101\" % len(payload)) + bytes(16) + bytes.fromhex(\"ff02\") + bytes(13) + b\"\\x16\" + payload
for dev in (\"xa\", \"xb\"):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    s.sendto(packet, (dev, 0x86dd, 0, 0, bytes.fromhex(\"333300000016\")))
"
		end'
	echo "$output $stderr"
	[ "$(jq -c '[.steps[].in] | unique' <<<"$output" | sort)" = '["ra"]
["rb"]' ]
}

@test "multicast of IPv6 that nobody here has joined is for others" {
	host 'peer; watch -p udp --dport 9; out2=$(mktemp)
		pkttrace monitor -p udp --dport 9 --timeout 20 >"$out2" 2>"$out2.err" & pid2=$!
		wait_for grep -q watching "$out2.err"
		nsenter -n -t $peer python3 -c "
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind((\"fd09::2\", 7))
for group in (\"ff05::1234\", \"ff02::1\"):
    s.sendto(b\"x\", (group, 9, 0, socket.if_nametoindex(\"vb\")))"
		end; kill "$pid2"; wait "$pid2"; cat "$out2"; rm "$out2"*'
	echo "$output"
	[ "$(grep "^{" <<<"$output" | jq -c '[.dst, .outcome.state, .outcome.causes, .outcome.explain.decided]' | sort)" = \
'["ff02::1","delivered",[],null]
["ff05::1234","vanished",["not_joined"],true]' ]
	[[ $output == *"VANISHED after PREROUTING"*"  ✗ nobody here has joined the group: ff05::1234 on va is for others"$'\n'"    ask: ip maddr show dev va"* ]]
	[[ $output != *EMSGSIZE* ]]
}

@test "the rule texts are those of nft" {
	host 'nft "table inet t { chain c { type filter hook output priority 0
			ip saddr 127.0.0.0/8 ip daddr != 10.0.0.1 udp dport 7-9 counter
			meta l4proto udp oifname \"lo\" meta mark != 0x1 limit rate 10/second
			ct state established,new accept
			}
			}"
		watch -p udp; udp 7; end'
	[ "$(jq -r '.steps[] | select(.chain == "c" and .event == "rule").rule' <<<"$output")" = \
'ip saddr 127.0.0.0/8 ip daddr != 10.0.0.1 udp dport >= 7 udp dport <= 9 # handle 2
meta l4proto udp oifname "lo" meta mark != 1 limit rate 10/second # handle 3
ct state established,new accept # handle 4' ]
}

@test "the story: vanished by rp_filter, its cure run, then delivered" {
	run --separate-stderr unshare -rn bash -uc 'source tests/cli/two_hosts_ns.bash
		out=$(mktemp)
		pkttrace monitor -p tcp --dport 8081 --new --timeout 20 >"$out" 2>"$out.err" &
		pid=$!
		wait_for grep -q watching "$out.err"
		ceph4 pkttrace monitor -b -p tcp --dport 8081 --new --timeout 20 >"$out.sent" 2>"$out.sent.err" &
		sent=$!
		wait_for grep -q watching "$out.sent.err"
		syn 2>/dev/null >&2
		wait_for grep -q cure: "$out"
		sh -c "$(sed -n "s/^ *cure: \(sysctl [^ ]* [^ ]*\).*/\1/p" "$out")" >/dev/null
		sleep 1.1
		syn >/dev/null 2>&1
		sleep .5; kill "$pid" "$sent"; wait "$pid" "$sent"; cat "$out" "$out.sent"; rm "$out" "$out".*'
	[[ $output == *"VANISHED after PREROUTING"*"✗ rp_filter=1 on enp5s0 (from all): replies to 192.168.235.13 leave by enp3s0"*"delivered"* ]]
	[[ $output == *" sent "* ]]
}

@test "nothing is left after kill -9 at any moment, nor after Ctrl-C" {
	run -0 unshare -rn bash -uc 'for i in {1..100}; do
			pkttrace monitor -p icmp >/dev/null 2>&1 & p=$!
			sleep ".0$((i % 10))"; kill -9 "$p"; wait "$p" 2>/dev/null
			[ -z "$(nft list tables)" ] || exit 1
		done
		pkttrace monitor -p icmp >/dev/null 2>&1 & p=$!
		wait_for eval "nft list tables | grep -q table"
		kill -INT "$p"; wait "$p"; echo "$?"; nft list tables'
	[ "$output" = 0 ]
}

# in a terminal of its own, which closes: the session's leader and all in it get SIGHUP
in_closing_terminal() { # COMMAND
	python3 - "$1" <<-'END'
		import os, pty, sys, time
		pid, terminal = pty.fork()
		if not pid:
		    os.execvp("bash", ["bash", "-c", sys.argv[1] + "; wait"])
		end = time.monotonic() + 20
		while not os.path.exists("/proc/%d" % pid) or b"watching" not in os.read(terminal, 4096):
		    assert time.monotonic() < end
		os.close(terminal)
		os.waitpid(pid, 0)
	END
}

@test "nothing is left when the terminal closes; nohup goes on" {
	export -f in_closing_terminal
	run -0 timeout 60 unshare -rn bash -uc 'before=$(sysctl -a 2>/dev/null | grep -v "^fs\|^kernel")
		in_closing_terminal "pkttrace monitor -p icmp"
		for i in {1..100}; do [ -n "$(nft list tables)" ] || break; sleep .05; done
		nft list ruleset
		diff <(echo "$before") <(sysctl -a 2>/dev/null | grep -v "^fs\|^kernel")
		ip link set lo up
		out=$(mktemp); in_closing_terminal "exec 2> >(tee $out.err >&2)
			nohup sh -c \"echo \\\$\\\$ >$out.pid; exec pkttrace monitor -b -p udp --dport 9\" >$out & :"
		echo x >/dev/udp/127.0.0.1/9
		for i in {1..100}; do [ ! -s "$out" ] || break; sleep .05; done
		cut -d " " -f 2-3 "$out" | sed "s/:[0-9]*>/ /"
		kill "$(<"$out.pid")"; rm "$out" "$out".*'
	echo "$output"
	[ "$output" = "UDP 127.0.0.1 127.0.0.1:9" ]
}

@test "without a match it shows what pkttrace add traces" {
	host 'pkttrace add -p udp --dport 7; watch; udp 9; udp 7; end; pkttrace list -j | jq -c "map(.packets)"'
	[ "$(head -1 <<<"$output" | jq .dport)" = 7 ]
	[ "${lines[1]}" = '[2]' ]
	[ "${#lines[@]}" = 2 ]
}

@test "a flood, of which the limit lets some through: none of those is lost" {
	host 'pkttrace add -I OUTPUT -p udp --dport 7; watch
		sent=$(python3 -c "
import socket, time
end = time.monotonic() + 6
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((\"127.0.0.1\", 7))
sent = 0
while sent < 100000 and time.monotonic() < end:
    try:
        s.send(b\"x\")
    except ConnectionRefusedError:
        pass
    sent += 1
print(sent)")
		sleep .5; kill "$pid"; wait "$pid"; wc -l <"$out"; echo "$sent"
		pkttrace list -j | jq ".[].packets"; cat "$out.err"; rm "$out"*'
	echo "$output $stderr"
	[ "${lines[0]}" -ge 20 ]
	[ "${lines[1]}" -ge 5000 ]
	[ "${lines[0]}" = "${lines[2]}" ]
	[[ $output != *"were lost"* ]]
}

# All of one flow, which the kernel gives the same numbers again and again.
@test "a flood from another host: each that the limit lets through is told" {
	host 'unshare -n sleep 60 & peer=$!
		wait_for is_apart "$peer"
		ip link add va type veth peer name vb netns $peer
		ip addr add 10.9.0.1/24 dev va; ip link set va up
		nsenter -n -t $peer ip addr add 10.9.0.2/24 dev vb
		nsenter -n -t $peer ip link set vb up gso_max_segs 1
		pkttrace add -I PREROUTING -p udp --dport 7 --limit 50/second; watch
		sent=$(nsenter -n -t $peer python3 -c "
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_UDP, 103, 8)  # UDP_SEGMENT: 60 packets of one call
s.connect((\"10.9.0.1\", 7))
begin = now = time.monotonic()
sent = 0
while now < begin + 3:
    try:
        s.send(bytes(480))
        sent += 60
    except ConnectionRefusedError:
        pass
    now = time.monotonic()
print(round(sent / (now - begin)))")
		traced=$(pkttrace list -j | jq ".[].packets")
		came=$(ip -s -j link show va | jq ".[0].stats64.rx.packets")
		for i in {1..100}; do [ "$(wc -l <"$out")" -lt "$traced" ] || break; sleep .05; done
		kill "$pid" "$peer"; wait "$pid"; wc -l <"$out"
		echo "$sent a second, $came in all, $traced"
		cat "$out.err"; rm "$out"*'
	echo "$output $stderr"
	read -r sent _ _ came _ _ traced <<<"${lines[1]}"
	((sent >= 5000 && came >= 15000 && traced >= 100))
	[ "${lines[0]}" = "$traced" ]
	[[ $output != *"were lost"* ]]
}

@test "who may not listen is told so" {
	run -2 unshare -rn setpriv --bounding-set -net_admin pkttrace monitor -p tcp
	[[ $output == "pkttrace: cannot listen to the kernel's events: "* ]]
}
