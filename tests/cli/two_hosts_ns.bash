# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The two hosts of the story, as its article prints them, in namespaces: this one, which
# sources the file, becomes ceph3; `ceph4 COMMAND…` runs one on the other.
#
#   ceph4  enp3s0 192.168.235.13 ═════════ 192.168.235.12 enp3s0  ceph3  docker0, cni0, flannel.1
#          enp5s0 10.0.1.13      ═════════ 10.0.1.12      enp5s0         rp_filter=1 on all
#
# ceph4 has 192.168.235.13 as its source, and the link to 10.0.1.12 is enp5s0: what it sends
# comes in at ceph3 by enp5s0 and would be answered by enp3s0.

# shellcheck source-path=SCRIPTDIR source=explain_say.bash
. "$(dirname "${BASH_SOURCE[0]}")/explain_say.bash"
sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.default.rp_filter=1
ip link set lo up
unshare -n sleep 100 &
other=$!
trap 'kill "$other"' EXIT
wait_for is_apart "$other"
ceph4() { nsenter -t "$other" -n "$@"; }
ceph4 sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0

for dev in enp3s0 enp5s0; do ip link add "$dev" type veth peer name "$dev" netns "$other"; done
ip link set enp5s0 address 00:23:7d:5b:96:ec
ceph4 ip link set enp5s0 address 00:21:5a:ef:39:fe
ip link add flannel.1 type veth peer name flannel.2
ip link add docker0 type veth peer name docker1 # which stays down: docker0 has no carrier
ip link add cni0 type bridge
ip link add veth0 type veth peer name pod0 # a pod, so that cni0 has a carrier
ip link set veth0 master cni0
for dev in enp3s0 enp5s0 flannel.1 flannel.2 docker0 cni0 veth0 pod0; do ip link set "$dev" up; done
for dev in enp3s0 enp5s0; do ceph4 ip link set "$dev" up; done

ip addr add 10.0.1.12/24 dev enp5s0
ip addr add 10.42.2.0/32 dev flannel.1
ip addr add 10.42.2.1/24 dev cni0
ip addr add 172.17.0.1/16 dev docker0
ip addr add 192.168.235.12/24 dev enp3s0
prt route add default via 192.168.235.2 dev enp3s0 onlink
for n in 0 1 3 4; do prt route add "10.42.$n.0/24" via "10.42.$n.0" dev flannel.1 onlink; done
# The kernel of those days had a broadcast route for the network's own address as well.
ip route del broadcast 10.42.2.255 dev cni0 table local
while read -r net dev src; do
	prt route append broadcast "$net" dev "$dev" proto kernel scope link src "$src" table local
done <<'END'
10.0.1.0 enp5s0 10.0.1.12
10.42.2.0 cni0 10.42.2.1
127.0.0.0 lo 127.0.0.1
172.17.0.0 docker0 172.17.0.1
192.168.235.0 enp3s0 192.168.235.12
END

ceph4 ip addr add 192.168.235.13/24 dev enp3s0
ceph4 ip addr add 10.0.1.13/24 dev enp5s0
# They knew each other before rp_filter was strict; now not even ARP is answered.
ceph4 ip neigh add 10.0.1.12 lladdr 00:23:7d:5b:96:ec dev enp5s0

# listen FILE: as 10.0.1.12:8081, writes who has connected
listen() {
	python3 -c '
import socket, sys
s = socket.create_server(("10.0.1.12", 8081))
open(sys.argv[1], "w").write("ready\n")
while True:
    peer = s.accept()[1]
    open(sys.argv[1], "a").write("%s:%d has connected\n" % peer)' "$1" &
	listener=$!
	trap 'kill "$other" "$listener"' EXIT
	wait_for test -s "$1"
}

# syn: the packet of the trace, from 192.168.235.13:14024; says what became of it
syn() {
	ceph4 python3 -c '
import socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("192.168.235.13", 14024))
s.settimeout(0.5)
try:
    s.connect(("10.0.1.12", 8081))
    print("connected")
except TimeoutError:
    print("no answer")'
}

# dropped: how many packets rp_filter has dropped here (nstat: TcpExtIPReversePathFilter)
dropped() {
	awk '/^TcpExt:/ { if (!n) { n = split($0, name) } else for (i = 1; i <= n; i++)
		if (name[i] == "IPReversePathFilter") print $i }' /proc/net/netstat
}
