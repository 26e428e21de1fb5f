# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The network of the NAT tests: a client, a router outside, the router that translates, a router
# inside, a server.
#
#   c 203.0.113.1 ─── n ─── 192.0.2.254 r 10.1.0.254 ─── m ─── s 10.0.0.1, .2, .3
#           e     c   192.0.2.1 o         i  10.1.0.1   s    e
#
# 198.51.100.0/24 is what the server's network is called outside. What r does not translate of it
# goes out of o to a router that is not there, so that it is seen, and lost.

# count_states FAMILY CHAIN...: r counts packets by their conntrack state, which it then has
count_states() {
	local chain
	load_modules nf_conntrack nft_ct
	for chain in "${@:2}"; do
		at r nft -f - <<-END
			table $1 t {
				chain $chain {
					type filter hook $chain priority 0
					ct state untracked counter
					ct state established counter
					ct state related counter
					ct state new counter
					ct state invalid counter
				}
			}
		END
	done
}

nat_network() {
	load_modules veth
	namespaces c n r m s
	veth c e 203.0.113.1/24 n c 203.0.113.254/24
	veth n r 192.0.2.1/24 r o 192.0.2.254/24
	veth r i 10.1.0.254/24 m r 10.1.0.1/24
	veth m s 10.0.0.254/24 s e 10.0.0.1/24,10.0.0.2/24,10.0.0.3/24
	ip -n c route add default via 203.0.113.254
	ip -n n route add 198.51.100.0/24 via 192.0.2.254
	ip -n n route add 10.0.0.0/24 via 192.0.2.254
	ip -n r -batch - <<-END
		route add default via 192.0.2.1
		route add 10.0.0.0/24 via 10.1.0.1
		neighbor add 192.0.2.9 lladdr 02:00:00:00:00:99 dev o
		route add 198.51.100.0/24 via 192.0.2.9
	END
	ip -n m route add default via 10.1.0.254
	ip -n s route add default via 10.0.0.254
	local name
	for name in n r m; do
		sysctls $name net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.all.send_redirects=0
	done
	for name in c r s; do
		sysctls $name 'net.ipv4.ping_group_range=0 100' net.ipv4.icmp_ratelimit=0
	done
	sysctls n net.ipv4.icmp_ratelimit=0
	sysctls m net.ipv4.icmp_ratelimit=0
}

# Of a file that has none of its own: the module and this network, for all its tests.
setup_file() {
	load_static_nat
	nat_network
}

teardown_file() {
	nat_end
}
