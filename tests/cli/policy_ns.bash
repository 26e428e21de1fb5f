#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# policy_ns.bash SCRIPT: bash SCRIPT inside the router of the article "policy
# routing on Linux 2.2" (Matthew G. Marsh), with its tables' names:
#
#   inside A 192.168.1.0/24 ── eth1 .254 ┐          ┌ network A 172.18.0.0/16 by 172.17.1.1
#   inside B 192.168.2.0/24 ── eth2 .254 ┴ router ──┤ eth0 ── Internet by 172.17.1.254
#                                                   └ network C 10.10.0.0/16 by 10.254.254.1
#
# inside HOST COMMAND… runs in A (192.168.1.40 and .70) or B (192.168.2.40 and .70).
if [ "${NP_INSIDE-}" != 1 ]; then
	NP_INSIDE=1 exec unshare -rnm --propagation private bash "$(realpath "$0")" "$1"
fi
set -eu
etc=$(mktemp -d)
trap 'kill $A $B; umount /etc/iproute2; rm -rf "$etc"' EXIT
cp -r /etc/iproute2/. "$etc"
printf '1 goodnet1\n2 goodnet2\n3 badnet1\n4 badnet2\n5 internet\n' >>"$etc/rt_tables"
mount --bind "$etc" /etc/iproute2

unshare -n sleep 100 &
A=$!
unshare -n sleep 100 &
B=$!
until [ "$(readlink /proc/$A/ns/net)" != "$(readlink /proc/self/ns/net)" ] &&
	[ "$(readlink /proc/$B/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
	:
done
inside() {
	local pid=${1/A/$A}
	pid=${pid/B/$B}
	shift
	nsenter -t "$pid" -n "$@"
}
ip link set lo up
ip link add eth0 type veth peer name out
ip link set out up
ip link set eth0 up
for i in 1 2; do
	host=$([ $i = 1 ] && echo $A || echo $B)
	ip link add eth$i type veth peer name in netns "$host"
	ip link set eth$i up
	ip addr add 192.168.$i.254/24 dev eth$i
	nsenter -t "$host" -n ip link set in up
	for last in 40 70; do
		nsenter -t "$host" -n ip addr add 192.168.$i.$last/24 dev in
	done
	nsenter -t "$host" -n ip route add default via 192.168.$i.254
done
ip addr add 10.254.254.2/30 dev eth0
ip addr add 172.17.1.128/24 dev eth0
# nobody answers at the gateways: their addresses are told, so that packets leave at once
for gateway in 172.17.1.1 172.17.1.254 10.254.254.1; do
	ip neigh add $gateway lladdr 02:00:00:00:00:01 dev eth0
done
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
for i in 0 1 2; do
	sysctl -qw net.ipv4.conf.eth$i.rp_filter=0
done

# gateway SRC DST PORT: where the router sends a SYN that a host inside really sends
gateway() {
	local host=A name counters
	case $1 in 192.168.2.*) host=B ;; esac
	nft 'add table ip seen
		delete table ip seen
		table ip seen {
			counter network_a { }
			counter internet { }
			counter network_c { }
			chain forward {
				type filter hook forward priority 0
				rt nexthop 172.17.1.1 counter name network_a
				rt nexthop 172.17.1.254 counter name internet
				rt nexthop 10.254.254.1 counter name network_c
			}
		}'
	inside $host python3 -c '
import socket, sys
s = socket.socket()
s.setblocking(False)
s.bind((sys.argv[1], 0))
s.connect_ex((sys.argv[2], int(sys.argv[3])))' "$@"
	counters=$(nft list counters table ip seen)
	for name in network_a internet network_c; do
		[[ $counters =~ counter\ $name\ \{[[:space:]]*packets\ [1-9] ]] && echo $name && return
	done
	echo none
}
# the same asked of prt: by which gateway, or why not
asked() { # asked SRC DST [WORDS…]
	local dev=eth1
	case $1 in 192.168.2.*) dev=eth2 ;; esac
	prt get "$2" from "$1" iif $dev "${@:3}" 2>&1 | sed -n '1s/.* via \([0-9.]*\) .*/\1/;1p'
}
# shellcheck disable=SC1090
source "$1"
