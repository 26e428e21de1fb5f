# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A router: this namespace, which sources the file; `a COMMAND…` and `b COMMAND…` run on its
# neighbours. See pkttrace_outcomes.bats for the picture.

ip link set lo up
pids=()
trap 'kill "${pids[@]}"' EXIT
neighbour() { # NAME
	unshare -n sleep 100 &
	pids+=($!)
	wait_for is_apart $!
	eval "$1() { nsenter -t $! -n \"\$@\"; }; $1_pid=$!"
}
neighbour a
neighbour b
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 \
	net.ipv6.conf.default.accept_dad=0
n=0
for host in a b; do
	n=$((n + 1))
	pid=${host}_pid
	"$host" sysctl -qw net.ipv6.conf.default.accept_dad=0
	ip link add "r$host" type veth peer name eth0 netns "${!pid}"
	ip addr add "10.0.$n.254/24" dev "r$host"
	ip addr add "fd0$n::254/64" dev "r$host" nodad
	ip link set "r$host" up
	"$host" ip link set lo up
	"$host" ip addr add "10.0.$n.$n/24" dev eth0
	"$host" ip addr add "fd0$n::$n/64" dev eth0 nodad
	"$host" ip link set eth0 up
	"$host" ip route add default via "10.0.$n.254"
	"$host" ip -6 route add default via "fd0$n::254"
done
sysctl -qw net.ipv4.conf.ra.rp_filter=1
a ip addr add 10.0.9.9/32 dev lo
a ip addr add 10.0.2.254/32 dev lo # the router's own
ip route add 10.0.9.0/24 dev rb
ip route add unreachable 10.0.5.0/24
ip route add blackhole 10.0.6.0/24
ip -6 route add unreachable fd05::/64
ip link set rb mtu 1280

# sends: what a sends, as tests/lab/outcomes.py reads it
sends() {
	a tests/lab/outcomes.py
}
