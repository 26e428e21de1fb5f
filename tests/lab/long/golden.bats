#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One packet's timeline of each kind of way through a router, as pkttrace monitor draws it, against
# tests/golden/NAME.txt; only times and ids are made the same. What came out is left in the results
# folder (run -k), to be looked at and kept when it is meant to differ.
#
#       c                         r                         s
#   10.0.1.1 eth0 ──── rc 10.0.1.254   rs 10.0.2.254 ──── eth0 10.0.2.2
#   fd01::1               fd01::254       fd02::254           fd02::2
load ../lib

setup_file() {
	log_all_namespaces
	load_modules drop_monitor
}

setup() {
	in_line c r s
	sysctls r net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.rc.rp_filter=0 net.ipv4.conf.rs.rp_filter=0
}

teardown() {
	lab_end
	[[ ! -d /sys/module/static_nat ]] || rmmod static_nat
}

same() {	# what changes from run to run
	sed -E 's/^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}/12:00:00.000000/; s/( id )[0-9]+/\11/
		s/ +(sent|delivered|dropped|VANISHED)/  \1/; s/^( *)[0-9]+( +[a-z_]+ +[A-Z]+ )/\10\2/'
}

send() {	# NAMESPACE ADDRESS: a datagram from port 1000 to port 80
	at "$1" python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 1000))
s.sendto(b"x", (sys.argv[1], 80))' "$2"
}

# What a packet socket of r saw leave is what the timeline says: by which interface, and with
# which addresses.
left_as_told() {	# TIMELINE LEFT
	local device source target address bridge
	cat "$2" >&2
	(($(wc -l <"$2") == 1))
	read -r _ device source target <"$2"
	bridge=$(at r ip -d -j link show "$device" |
		jq -r '.[0] | select(.linkinfo.info_slave_kind == "bridge").master')
	head -1 "$1" | grep -q " sent by ${bridge:-$device}\$"
	for address in "$source" "$target"; do
		grep -qw -- "${address//./\\.}" "$1"
	done
}

# golden NAME NAMESPACE ADDRESS [WORD...]: a packet from there, seen by r
golden() {
	local out=$BATS_TEST_TMPDIR/$1 watcher listener
	background r "$BATS_TEST_DIRNAME/../left.py" "$out.ready" 80 6080 >"$out.left"
	listener=$!
	background r pkttrace monitor -c=never -p udp --dport 80 --count 1 --timeout 60 "${@:4}" \
		>"$out" 2>"$out.err"
	watcher=$!
	wait_for 30 grep -q watching "$out.err"
	wait_for 30 test -e "$out.ready"
	send "$2" "$3"
	wait_for 60 test -s "$out"
	wait_for 10 test -s "$out.left"	# it may have to find its neighbour first
	wait $watcher
	kill $listener
	wait $listener || true
	mkdir -p "$LAB_OUT/golden"
	same <"$out" >"$LAB_OUT/golden/$1.txt"
	diff "$LAB_TOP/tests/golden/$1.txt" "$LAB_OUT/golden/$1.txt" >&2
	left_as_told "$out" "$out.left"
}

sent_on() {	# the last line of the log is there
	dmesg | grep -q 'TRACE: filter:OUTPUT:policy'
}

service() {	# OPTION...: of the real server
	load_modules ip_vs ip_vs_rr
	at r ip address add 10.0.1.100/32 dev lo
	at r lvsctl -A -u 10.0.1.100:80 -s rr
	at r lvsctl -a -u 10.0.1.100:80 -r 10.0.2.2:80 "$@"
}

@test "IPVS, NAT" {
	service -m
	golden ipvs-nat c 10.0.1.100
}

@test "IPVS, DR" {
	service -g
	golden ipvs-dr c 10.0.1.100
}

@test "IPVS, TUN, and the tunnels it may use" {
	service -i
	golden ipvs-tun c 10.0.1.100
	at r lvsctl -e -u 10.0.1.100:80 -r 10.0.2.2:80 -i --tun-type gre
	golden ipvs-tun-gre c 10.0.1.100
	at r lvsctl -e -u 10.0.1.100:80 -r 10.0.2.2:80 -i --tun-type gue --tun-port 6080
	golden ipvs-tun-gue c 10.0.1.100
}

@test "IPVS, TUN, a client of the host itself" {
	service -i
	golden ipvs-tun-self r 10.0.1.100
}

# golden_log NAME: of the kernel's log, what came to it since
golden_log() {
	local out=$BATS_TEST_TMPDIR/out
	dmesg | grep TRACE: >"$out.log"
	at r pkttrace show -c=never "$out.log" >"$out"
	mkdir -p "$LAB_OUT/golden"
	sed -E '1s/, [0-9]+ [^ ]+$//; s/^\[ *[0-9.]+\]/[12.000000]/; s/^ +[0-9]+( +[a-z]+ +[A-Z]+ )/       0\1/' "$out" |
		same >"$LAB_OUT/golden/$1.txt"
	diff "$LAB_TOP/tests/golden/$1.txt" "$LAB_OUT/golden/$1.txt" >&2
}

@test "IPVS, TUN, of the kernel's log" {
	service -i
	at r iptables-legacy-restore <<-'END'
		*raw
		COMMIT
		*filter
		COMMIT
	END
	at r pkttrace add -p udp --dport 80
	dmesg -c >/dev/null
	send c 10.0.1.100
	wait_for 10 sent_on
	at r pkttrace flush
	golden_log ipvs-tun-log
}

@test "IPVS, FULLNAT" {
	service --fullnat
	golden ipvs-fullnat c 10.0.1.100
}

@test "static_nat, the destination" {
	load_static_nat
	at r bash -c 'echo "+10.0.3.200 10.0.2.2 dst" >/proc/net/static_nat'
	golden static_nat-dst c 10.0.3.200
}

@test "static_nat, the source: the way back" {
	load_static_nat
	at r bash -c 'echo "+10.0.3.200 10.0.2.2 dst" >/proc/net/static_nat'
	golden static_nat-src s 10.0.1.1
}

@test "a bridge that iptables sees" {
	load_modules bridge br_netfilter
	at r ip -batch - <<-'END'
		link add br0 type bridge
		link set rc master br0
		link set rs master br0
		link set br0 up
	END
	sysctls r net.bridge.bridge-nf-call-iptables=1
	at s ip address add 10.0.1.2/24 dev eth0
	golden bridge c 10.0.1.2
}

@test "a VRF" {
	load_modules vrf
	at r ip -batch - <<-'END'
		link add blue type vrf table 10
		link set blue up
		link set rc master blue
		link set rs master blue
	END
	golden vrf c 10.0.2.2
}

@test "IPv6, through rules of nf_tables" {
	at r nft -f - <<-'END'
		table inet fw {
			chain forward {
				type filter hook forward priority 0; policy drop
				ct state established,related accept
				udp dport 80 jump web
			}
			chain web {
				ip6 daddr fd02::/64 accept
			}
		}
	END
	golden ipv6 c fd02::2
}
