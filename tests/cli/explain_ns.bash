# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The host of tests/cli/prt_explain.bats, set up in the namespace that sources this.

ip link set lo up
for i in 3 5; do
	ip link add "enp${i}s0" type veth peer name "p$i"
	ip link set "enp${i}s0" up
	ip link set "p$i" up
done
ip addr add 192.168.235.14/24 dev enp3s0
ip addr add 10.0.1.12/24 dev enp5s0
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
sysctl -qw net.ipv4.conf.enp3s0.rp_filter=0 net.ipv4.conf.enp5s0.rp_filter=0

# rp_filter=1 on these
strict() {
	local dev
	for dev; do sysctl -qw "net.ipv4.conf.$dev.rp_filter=1"; done
}

# shellcheck source-path=SCRIPTDIR source=explain_say.bash
. "$(dirname "${BASH_SOURCE[0]}")/explain_say.bash"
