# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The host that the pages' examples run on, in a network namespace of its own:
#
#   eth0 192.168.1.2/24 ── 192.168.1.1 the one provider
#   eth1 192.168.2.2/24 ── 192.168.2.1 the other
#   eth2 10.0.0.1/24       the inside
#
# /run is its own too: what a tool keeps there is gone with it. `unshare -rnm`, then source this.
if ip -br link show up | grep -q .; then
	echo "netns.sh: this network namespace is in use: unshare -rnm makes one" >&2
	# shellcheck disable=SC2317 # it is run, not sourced
	return 1 2>/dev/null || exit 1
fi
mount -t tmpfs none /run
ip link set lo up
for i in 0 1 2; do
	ip link add "eth$i" type veth peer name "peer$i"
	ip link set "eth$i" up
	ip link set "peer$i" up
done
ip addr add 192.168.1.2/24 dev eth0
ip addr add 192.168.2.2/24 dev eth1
ip addr add 10.0.0.1/24 dev eth2
ip route add default via 192.168.1.1
