#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel traces one packet; what pkttrace makes of the log is held against the log itself, step
# by step, and against where the packet really went (the counters of the namespaces).
#
#       a                              r                              b
#   10.0.1.1 eth0 ────── ra 10.0.1.254   rb 10.0.2.254 ────── eth0 10.0.2.2
#   fd01::1                 fd01::254       fd02::254              fd02::2
load lib

setup_file() {
	log_all_namespaces
	in_line a r b
	ip -n a address add 10.0.9.9/32 dev lo
	at r ip -batch - <<-END
		route add default via 10.0.1.1
		route add 10.0.9.0/24 via 10.0.2.2
	END
	sysctls r net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.ra.rp_filter=0
}

teardown_file() {
	lab_end
}

setup() {
	log=$BATS_TEST_TMPDIR/log
	json=$BATS_TEST_TMPDIR/json
	kmsg_mark
}

# rules RULE...: r's, and one that needs conntrack: without it nat is not walked.
rules() {
	legacy_rules r "$@" "filter -A INPUT -m conntrack --ctstate INVALID"
}

send() {	# NAMESPACE PROTOCOL ADDRESS PORT: a datagram, or a SYN that may be refused
	at "$1" bash -c "echo >/dev/$2/$3/$4" 2>/dev/null || [[ $2 == tcp ]]
}

counter() {	# NAMESPACE NAME: what the kernel counted since boot
	local name value
	while read -r name value _; do
		[[ $name != "$2" ]] || echo "$value"
	done < <(at "$1" nstat -asz "$2" 2>/dev/null)
}

counted() {	# NAMESPACE NAME MORE THAN
	(($(counter "$1" "$2") > $3))
}

# show LAST [ARGUMENT...] -- [EXPRESSION VALUE]...: when the log has the line LAST, what pkttrace
# (with the ARGUMENTs) makes of it is checked, see packet.py.
show() {
	local last=$1 arguments=()
	shift
	while [[ $1 != -- ]]; do
		arguments+=("$1")
		shift
	done
	wait_for 30 kmsg_has "TRACE: $last "
	kmsg_since | grep TRACE: >"$log"
	pkttrace -j show "${arguments[@]}" "$log" >"$json"
	"$BATS_TEST_DIRNAME/packet.py" "$log" "$json" "${@:2}"
}

@test "forwarded: the steps that the kernel logged, sent" {
	local before
	rules "raw -A PREROUTING -p udp --dport 7001 -j TRACE" "filter -N CHECK" \
		"filter -A FORWARD -p udp -j CHECK" "filter -A CHECK -p tcp"
	before=$(counter b UdpNoPorts)
	send a udp 10.0.2.2 7001
	show nat:POSTROUTING:policy:1 -- \
		'p["src"], p["dst"], p["dport"], p["protocol"]' "('10.0.1.1', '10.0.2.2', 7001, 'udp')" \
		'end["state"], end["at"]' "('sent', 'nat:POSTROUTING:policy:1')" \
		'len(p["steps"])' 9
	wait_for 30 counted b UdpNoPorts "$before"
}

@test "to the host itself: delivered" {
	local before
	rules "raw -A PREROUTING -p udp --dport 7002 -j TRACE"
	before=$(counter r UdpNoPorts)
	send a udp 10.0.2.254 7002
	show nat:INPUT:policy:1 -- 'end["state"]' delivered
	wait_for 30 counted r UdpNoPorts "$before"
}

@test "local output, DNAT, another way out: sent, the change of OUT shown" {
	local before
	rules "raw -A OUTPUT -p tcp --dport 8081 -j TRACE" "nat -N SERVICES" \
		"nat -A OUTPUT -j SERVICES" \
		"nat -A SERVICES -p tcp -d 10.43.206.251 --dport 8081 -j DNAT --to-destination 10.0.2.2"
	before=$(counter b TcpOutRsts)
	send r tcp 10.43.206.251 8081
	show nat:POSTROUTING:policy:1 -- 'end["state"]' sent \
		'p["nat"]["dst"]' "['10.43.206.251', '10.0.2.2']" \
		'[s["changes"]["out"] for s in p["steps"] if "out" in s["changes"]]' "[['ra', 'rb']]" \
		'[s["changes"]["dst"] for s in p["steps"] if "dst" in s["changes"]]' \
		"[['10.43.206.251', '10.0.2.2']]"
	wait_for 30 counted b TcpOutRsts "$before"
}

@test "strict rp_filter: vanished after the last PREROUTING line" {
	local before
	rules "raw -A PREROUTING -p udp --dport 7003 -j TRACE"
	before=$(counter r TcpExtIPReversePathFilter)
	sysctls r net.ipv4.conf.ra.rp_filter=1
	at a ip route add 10.0.2.0/24 via 10.0.1.254 src 10.0.9.9
	send a udp 10.0.2.2 7003
	wait_for 30 counted r TcpExtIPReversePathFilter "$before"
	at a ip route delete 10.0.2.0/24
	sysctls r net.ipv4.conf.ra.rp_filter=0
	show nat:PREROUTING:policy:1 -- \
		'end["state"], end["at"]' "('vanished', 'nat:PREROUTING:policy:1')" \
		'{"mangle:INPUT", "mangle:FORWARD"} <= set(end["expected"])' True \
		'any("rp_filter" in str(cause) for cause in end["causes"])' True
}

@test "a DROP rule, the ruleset given: dropped there" {
	rules "raw -A PREROUTING -p udp --dport 7005 -j TRACE" \
		"filter -A FORWARD -p udp --dport 7005 -j DROP"
	at r iptables-legacy-save >"$BATS_TEST_TMPDIR/rules"
	send a udp 10.0.2.2 7005
	show filter:FORWARD:rule:1 --rules "$BATS_TEST_TMPDIR/rules" -- \
		'end["state"], end["at"]' "('dropped', 'filter:FORWARD:rule:1')"
}

@test "IPv6, forwarded: sent" {
	local before
	tool=ip6tables rules "raw -A PREROUTING -p udp --dport 7006 -j TRACE"
	before=$(counter b Udp6NoPorts)
	send a udp fd02::2 7006
	show nat:POSTROUTING:policy:1 -- 'p["family"], end["state"]' "('ipv6', 'sent')"
	wait_for 30 counted b Udp6NoPorts "$before"
}

@test "every form in which dmesg prints the log gives the same steps" {
	local form
	# a port of its own: dmesg prints what all files of this boot have sent
	rules "raw -A PREROUTING -p udp --dport 6907 -j TRACE"
	send a udp 10.0.2.2 6907
	show nat:POSTROUTING:policy:1 -- 'len(p["steps"])' 7
	for form in -T -x -r --time-format=iso; do
		echo "dmesg $form" >&2
		dmesg "$form" | grep 'TRACE: .*DPT=6907' >"$log"
		pkttrace -j show "$log" >"$json"
		"$BATS_TEST_DIRNAME/packet.py" "$log" "$json" 'end["state"]' sent
	done
}

@test "meta nftrace set 1 makes the legacy tables log, too" {
	rules
	at r nft -f - <<-END
		table ip t {
			chain pre {
				type filter hook prerouting priority raw
				udp dport 7008 meta nftrace set 1
			}
		}
	END
	send a udp 10.0.2.2 7008
	show nat:POSTROUTING:policy:1 -- 'end["state"]' sent
}
