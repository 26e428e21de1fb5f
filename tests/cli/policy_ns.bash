# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# The router of "Policy Routing" (Matthew G. Marsh, Linux 2.2), in the namespace that
# sources this; $1 is a folder for files.
#
#   network A 10.10.0.0/16 ── 10.254.254.1 ─┐
#   network C 172.18.0.0/16 ─ 172.17.1.1 ───┼─ eth0 router eth1 ── 192.168.1.0/24 internal A
#   Internet ──────────────── 172.17.1.254 ─┘              eth2 ── 192.168.2.0/24 internal B

folder=$1
ip link set lo up
for dev in eth0 eth1 eth2; do
	ip link add "$dev" type veth peer name "p$dev"
	ip link set "$dev" up
done
ip link set peth0 up
# Inside hosts: one namespace a network, in which every host is an address.
for n in 1 2; do
	unshare -n sleep 100 &
	host[n]=$!
	wait_for is_apart "${host[n]}"
	ip link set "peth$n" netns "${host[n]}"
	nsenter -t "${host[n]}" -n ip link set "peth$n" up
	nsenter -t "${host[n]}" -n ip addr add "192.168.$n.1/24" dev "peth$n"
	nsenter -t "${host[n]}" -n ip route add default via "192.168.$n.254"
done
trap 'kill "${host[@]}"' EXIT
ip addr add 10.254.254.2/30 dev eth0
ip addr add 172.17.1.128/24 dev eth0
ip addr add 192.168.1.254/24 dev eth1
ip addr add 192.168.2.254/24 dev eth2
sysctl -qw net.ipv4.ip_forward=1
for dev in all default eth0 eth1 eth2; do sysctl -qw "net.ipv4.conf.$dev.rp_filter=0"; done
cp -r /etc/iproute2 "$folder/etc"
printf '%s\n' '1 goodnet1' '2 goodnet2' '3 badnet1' '4 badnet2' '5 internet' '6 int1' '7 int2' \
	>>"$folder/etc/rt_tables"
mount --bind "$folder/etc" /etc/iproute2

fail() {
	echo "FAILED: $*"
	exit 1
}
# goes HOST DST GATEWAY [mark N]: prt get says that a packet of that inside host goes there
goes() {
	local from=$1 dst=$2 want=$3 dev=eth1 out
	shift 3
	[[ $from == 192.168.2.* ]] && dev=eth2
	out=$(prt get "$dst" from "$from" iif "$dev" "$@") || fail "$from to $dst $*: refused"
	[[ $out == *" via $want "* ]] || fail "$from to $dst $*: $out, not via $want"
}
# refused HOST DST ERROR [mark N]
refused() {
	local from=$1 dst=$2 want=$3 dev=eth1 out
	shift 3
	[[ $from == 192.168.2.* ]] && dev=eth2
	out=$(prt get "$dst" from "$from" iif "$dev" "$@" 2>&1) && fail "$from to $dst $*: $out"
	[[ $out == "RTNETLINK answers: $want"* ]] || fail "$from to $dst $*: $out, not $want"
}
# no rule but the first three, no route but those of the addresses
afresh() {
	local t
	prt rule flush
	prt rule add table main pref 32766
	prt rule add table default pref 32767
	for t in 1 2 3 4 5 6 7; do prt route flush table $t; done
	prt route del default 2>/dev/null
	prt route flush cache 2>/dev/null
}
# syn HOST DST PORT: a real packet of that host
syn() {
	local n=${1#192.168.}
	n=${n%%.*}
	nsenter -t "${host[n]}" -n ip addr add "$1/24" dev "peth$n" 2>/dev/null
	nsenter -t "${host[n]}" -n python3 -c '
import socket, sys
s = socket.socket(); s.setblocking(False); s.bind((sys.argv[1], 0))
s.connect_ex((sys.argv[2], int(sys.argv[3])))
import time; time.sleep(0.3)' "$1" "$2" "$3"
}
