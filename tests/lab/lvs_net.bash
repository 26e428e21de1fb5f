# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The network of the LVS tests: a client, a director, another router, two real servers, on two
# switches in a namespace of their own. LVSCTL names the tool.
#
#      c                 d director                r1 real server
#      203.0.113.1       203.0.113.254             198.51.100.11
#      2001:db8:c::1     198.51.100.254            2001:db8:1::11
#         │              VIP 192.0.2.1 on lo          │
#   front ┼─────────────────d──────────────────────── ┼ back
#         │              g another router             │
#         └───────────── 203.0.113.253             r2 198.51.100.12
#                        198.51.100.253               2001:db8:1::12
#
# IPv6: the client's network is 2001:db8:c::/64, the real servers' 2001:db8:1::/64, d is …::fe, g is
# …::fd, the VIP is 2001:db8::1. The client's default route is d; the real servers' is set by way_back.

vip4=192.0.2.1 vip6=2001:db8::1
# shellcheck disable=SC2034 # for the tests
client4=203.0.113.1 client6=2001:db8:c::1 director4=198.51.100.254 director6=2001:db8:1::fe

plug() {	# SWITCH NAMESPACE ADDRESSES: its interface has the switch's name
	veth s "$2$1" "" "$2" "$1" "$3" && ip -n s link set "$2$1" master "$1"
}

lvs_network() {
	local name
	load_modules veth bridge ip_vs ip_vs_rr ip_vs_wrr ipip ip6_tunnel
	namespaces s c d g r1 r2
	for name in front back; do
		ip -n s link add $name type bridge
		ip -n s link set $name up
	done
	plug front c $client4/24,$client6/64
	plug front d 203.0.113.254/24,2001:db8:c::fe/64
	plug front g 203.0.113.253/24,2001:db8:c::fd/64
	plug back d $director4/24,$director6/64
	plug back g 198.51.100.253/24,2001:db8:1::fd/64
	for name in d g; do
		sysctls $name net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
			net.ipv4.conf.all.rp_filter=0
	done
	ip -n d address add $vip4/32 dev lo
	ip -n d address add $vip6/128 dev lo nodad
	ip -n c route add default via 203.0.113.254
	ip -n c route add default via 2001:db8:c::fe
	real_server r1 11
	real_server r2 12
}

real_server() {	# NAMESPACE NUMBER
	plug back "$1" "198.51.100.$2/24,2001:db8:1::$2/64"
	background "$1" "$BATS_TEST_DIRNAME/lvs_server.py" "$1" 80 443 8080 \
		>"$BATS_FILE_TMPDIR/$1"
	wait_for 60 grep -q ready "$BATS_FILE_TMPDIR/$1"
}

# way_back d|g: the real servers' default route
way_back() {
	local name number
	[[ $1 == d ]] && number=254,fe || number=253,fd
	for name in r1 r2; do
		ip -n $name route replace default via "198.51.100.${number%,*}"
		ip -n $name route replace default via "2001:db8:1::${number#*,}"
	done
}

# vip_of_servers add|del: the VIP on the lo of each, and they keep silent about it
vip_of_servers() {
	local name
	for name in r1 r2; do
		ip -n $name address "$1" $vip4/32 dev lo
		ip -n $name address "$1" $vip6/128 dev lo
		sysctls $name net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
	done
}

lvs() {
	at d "${LVSCTL:-lvsctl}" "$@"
}

# serve OPTION4 OPTION6 PORT: services over TCP and UDP, IPv4 and IPv6: port 80 has one real server,
# at PORT, port 443 two.
serve() {
	local protocol server
	{
		for protocol in t u; do
			echo "-A -$protocol $vip4:80 -s rr"
			echo "-a -$protocol $vip4:80 -r 198.51.100.11:$3 $1"
			echo "-A -$protocol [$vip6]:80 -s rr"
			echo "-a -$protocol [$vip6]:80 -r [2001:db8:1::11]:$3 $2"
			echo "-A -$protocol $vip4:443 -s rr"
			echo "-A -$protocol [$vip6]:443 -s rr"
			for server in 11 12; do
				echo "-a -$protocol $vip4:443 -r 198.51.100.$server:443 $1"
				echo "-a -$protocol [$vip6]:443 -r [2001:db8:1::$server]:443 $2"
			done
		done
	} >"$BATS_TEST_TMPDIR/services"
	lvs -R <"$BATS_TEST_TMPDIR/services"
}

ask() {	# {tcp|udp ADDRESS PORT COUNT}...
	at c "$BATS_TEST_DIRNAME/lvs_client.py" "$@"
}

# all_answer SEEN4 SEEN6 [VIP]: what serve made is asked; the real servers see SEEN4 and SEEN6, and
# are asked at their own addresses, or with VIP at the VIP
all_answer() {
	local protocol
	ask tcp $vip4 80 2 tcp $vip6 80 2 tcp $vip4 443 4 tcp $vip6 443 4 \
		udp $vip4 80 2 udp $vip6 80 2 udp $vip4 443 4 udp $vip6 443 4 \
		>"$BATS_TEST_TMPDIR/answers"
	for protocol in tcp udp; do
		answers "$1" "${3:+$vip4}" 198.51.100. "r1 r1"
		answers "$2" "${3:+$vip6}" 2001:db8:1:: "r1 r1"
		answers "$1" "${3:+$vip4}" 198.51.100. "r1 r1 r2 r2"
		answers "$2" "${3:+$vip6}" 2001:db8:1:: "r1 r1 r2 r2"
	done >"$BATS_TEST_TMPDIR/expected"
	diff -u "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/answers"
}

answers() {	# SEEN VIP PREFIX "SERVERS"
	local name
	for name in $4; do
		echo "$name $1 ${2:-$3${name/r/1}}"
	done
}

# servers COMMAND...: of the answers that it prints, how many came from which
servers() {
	"$@" | cut -d' ' -f1 | sort | uniq -c | awk '{ printf "%s%s×%d", sep, $2, $1; sep = " " }'
}
