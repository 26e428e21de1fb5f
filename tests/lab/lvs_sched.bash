# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Real connections from namespace to namespace, and what lvsctl simulate foretells of them:
#
#   c: 10.0.0.1, 10.1.0.0/16 --- d: director 10.0.0.254, 10.9.0.0/24 --- s: real servers
#      2001:db8:1::1                 2001:db8:1::fe (VIP)                  192.168.0.1 to .4
#                                                                          2001:db8:2::1 to ::4

SCHEDULERS=(rr wrr lc wlc sed nq fo ovf sh mh dh lblc lblcr)

# sched_network: of a test that needs the modules of all schedulers
sched_network() {
	local i name
	load_modules ip_vs "${SCHEDULERS[@]/#/ip_vs_}"
	namespaces c d s
	veth c c0 10.0.0.1/24,2001:db8:1::1/64 d d0 10.0.0.254/24,2001:db8:1::fe/64
	veth d d1 192.168.0.254/24,2001:db8:2::fe/64 s s0 192.168.0.1/24,2001:db8:2::1/64
	for i in 2 3 4; do
		ip -n s address add "192.168.0.$i/24" dev s0
		ip -n s address add "2001:db8:2::$i/64" dev s0 nodad
	done
	ip -n s route add default via 192.168.0.254
	ip -n s -6 route add default via 2001:db8:2::fe
	ip -n c route add local 10.1.0.0/16 dev lo
	ip -n c -6 route add local 2001:db8:a::/64 dev lo
	ip -n c route add default via 10.0.0.254
	ip -n d route add 10.1.0.0/16 via 10.0.0.1
	ip -n d -6 route add 2001:db8:a::/64 via 2001:db8:1::1
	ip -n d route add local 10.9.0.0/24 dev lo
	sysctls c net.ipv6.ip_nonlocal_bind=1
	for name in c d s; do
		sysctls "$name" net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1
	done
}

# balance SERVICE... -- WEIGHT...: a service with the real servers .1, .2, … A weight is N, or
# N and more options of ipvsadm. The real tool sets it up, so that a fault of ours shows.
balance() {
	local service=() i=0 net=192.168.0. open='' close='' weight
	while [[ $1 != -- ]]; do service+=("$1"); shift; done
	[[ ${service[*]} != *\[* ]] || net=2001:db8:2:: open='[' close=']'
	ip netns exec d ipvsadm -A "${service[@]}"
	for weight in "${@:2}"; do
		((++i))
		# shellcheck disable=SC2086 # the options of a weight are words
		ip netns exec d ipvsadm -a "${service[@]:0:2}" -r "$open$net$i$close:80" -m -w $weight
	done
}

# foretold SERVICE COUNT OPTIONS...: the addresses that the choices of a simulation have
foretold() {
	at d lvsctl simulate "$@" -j >"$BATS_TEST_TMPDIR/json" || true	# 1: the first is refused
	python3 -c 'import json, sys
x = json.load(sys.stdin)
for i in x["simulation"]["choices"]:
    print("-" if i is None else x["servers"][i]["address"])' <"$BATS_TEST_TMPDIR/json"
}

# connect PROTOCOL COUNT SRC CLIENTS SPORT DST VIPS PORT: where so many connections went
connect() {
	python3 "$LAB_TOP/tests/lab/lvs_sched.py" c s "$@"
}

# agree COUNT SERVICE... -- OPTIONS-OF-SIMULATE... -- PROTOCOL SRC CLIENTS SPORT DST VIPS PORT
agree() {
	local count=$1 service=() options=()
	shift
	while [[ $1 != -- ]]; do service+=("$1"); shift; done; shift
	while [[ $1 != -- ]]; do options+=("$1"); shift; done; shift
	progress "$BATS_TEST_NAME ${service[*]}"
	foretold "${service[@]}" "$count" "${options[@]}" >"$BATS_TEST_TMPDIR/foretold"
	connect "$1" "$count" "${@:2}" >"$BATS_TEST_TMPDIR/done"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/done")" = "$count" ]
	diff "$BATS_TEST_TMPDIR/foretold" "$BATS_TEST_TMPDIR/done" | head -8 >&2
	cmp "$BATS_TEST_TMPDIR/foretold" "$BATS_TEST_TMPDIR/done"
}

# one_client COUNT PROTOCOL PORT [SPORT]: of a service of 10.0.0.254; a port that was used before
# would be the same connection of UDP
one_client() {
	agree "$1" "-${2::1}" "10.0.0.254:$3" -- -- "$2" 10.0.0.1 1 "${4:-10000}" 10.0.0.254 1 "$3"
}

# many_clients COUNT PROTOCOL PORT: 256 of them
many_clients() {
	agree "$1" "-${2::1}" "10.0.0.254:$3" -- --from 10.1.0.0/24 -- \
		"$2" 10.1.0.0 256 1024 10.0.0.254 1 "$3"
}

counted() {	# PORT COUNT: the service's counters have caught up
	[[ $(ip netns exec d ipvsadm -Ln --stats --exact | awk -v s="10.0.0.254:$1" '$2 == s { print $3 }') == "$2" ]]
}

# mark_vips: what goes to 10.9.0.0/24 has the mark 7
mark_vips() {
	at d nft -f - <<-'END'
		table ip lab {
			chain marks {
				type filter hook prerouting priority mangle
				ip daddr 10.9.0.0/24 meta mark set 7
			}
		}
	END
}
