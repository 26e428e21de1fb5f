#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl rs: the real server's side of DR, in a network namespace with a cable
#
#   e0 10.9.0.1/24 (the real server) ── e1 in a namespace of its own, 10.9.0.2/24 (a neighbour)
#
# and a /run of its own. TUN needs the kernel's ipip: tests/lab/lvs_rs.bats.
# shellcheck disable=SC2016,SC2154
load lib

# host SCRIPT: `found` writes down all that rs may change
host() {
	unshare -nm bash -uc '
		mount -t tmpfs none /run
		found() {
			grep -r . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf 2>/dev/null |
				grep -v stable_secret
			ip -o addr show | grep -v fe80
			ls /run/netpath 2>/dev/null | grep -v new
			true
		}
		ip link set lo up
		ip link add e0 type veth peer name e1
		ip addr add 10.9.0.1/24 dev e0
		ip addr add 2001:db8:9::1/64 dev e0 nodad
		ip link set e0 up
		unshare -n sleep 60 & far=$!
		trap "kill $far" EXIT
		wait_for is_apart $far
		ip link set e1 netns $far
		at() { nsenter -t $far -n "$@"; }
		at ip addr add 10.9.0.2/24 dev e1
		at ip addr add 2001:db8:9::2/64 dev e1 nodad
		at ip link set e1 up
		exec 3>&-
		'"$1"
}

@test "start, start again, status, stop: everything is as it was found" {
	run -0 host '
		sysctl -qw net.ipv4.conf.lo.arp_announce=1
		found >/run/before
		lvsctl rs start 172.16.50.50 || exit 1
		found >/run/first
		lvsctl rs start 172.16.50.50 || exit 2
		found | cmp - /run/first || exit 3
		lvsctl rs status 172.16.50.50 || exit 4
		ip -o addr show dev lo | grep "inet 172.16.50.50/32 scope host lo:0" || exit 5
		lvsctl rs stop 172.16.50.50 || exit 6
		lvsctl rs stop 172.16.50.50 || exit 7
		found | diff /run/before -'
	[[ $output == *"172.16.50.50 by DR on lo: started"* ]]
	[[ $output == *"net.ipv4.conf.lo.arp_announce=1: the last stop puts it back"* ]]
}

@test "the VIP answers, and no neighbour hears of it" {
	run -0 host '
		ask() { python3 "$NP_TOP/tests/cli/udp_echo.py" ask "$@"; }
		lvsctl rs start 172.16.50.50; lvsctl rs start 2001:db8::50
		python3 "$NP_TOP/tests/cli/udp_echo.py" serve 172.16.50.50 2001:db8::50 >/run/said &
		trap "kill $! $far" EXIT
		wait_for grep -q ready /run/said
		at ip route add 172.16.50.50 dev e1
		at ip route add 2001:db8::50 dev e1
		export -f ask
		at bash -c "ask 172.16.50.50 0.5" && exit 3
		at bash -c "ask 2001:db8::50 0.5" && exit 4
		at ip neigh show | grep 172.16.50.50 | grep lladdr && exit 5
		# as the director sends it: to the address of the link, not of the VIP
		mac=$(ip -br link show dev e0 | tr -s " " | cut -d" " -f3)
		at ip neigh replace 172.16.50.50 lladdr $mac dev e1
		at ip neigh replace 2001:db8::50 lladdr $mac dev e1
		at bash -c "ask 172.16.50.50 5" || exit 6
		at bash -c "ask 2001:db8::50 5" || exit 7
		# and without arp_ignore it would have been heard of
		at ip neigh flush dev e1
		sysctl -qw net.ipv4.conf.all.arp_ignore=0
		at bash -c "ask 172.16.50.50 5" || exit 8'
}

@test "the address is never the source of what the real server begins" {
	run -0 host '
		lvsctl rs start 172.16.50.50; lvsctl rs start 2001:db8:9::50
		ip -6 route get 2001:db8:9::77 | grep -v 2001:db8:9::50 || exit 1
		ip addr del 10.9.0.1/24 dev e0; ip link set e0 up
		ip route add default dev e0
		! ip route get 8.8.8.8 | grep 172.16.50.50'
}

@test "several VIPs: the last stop puts the sysctls back" {
	run -0 host '
		found >/run/before
		lvsctl rs start 172.16.50.50 && lvsctl rs start 172.16.50.51 dr dev lo || exit 1
		ip -o addr show dev lo | grep -q "172.16.50.51/32 scope host lo:1" || exit 2
		lvsctl rs stop 172.16.50.50
		[ $(cat /proc/sys/net/ipv4/conf/all/arp_ignore) = 1 ] || exit 3
		lvsctl rs status || exit 4
		lvsctl rs stop 172.16.50.51
		found | diff /run/before - || exit 5
		lvsctl rs status
		[ $? = 3 ]'
	[[ $output == *$'\nnothing was started here by lvsctl rs start' ]]
	[[ $output == *"172.16.50.51 by DR on lo: started"* ]]
	[[ $output != *"172.16.50.50 by"* ]]
}

@test "status tells what is missing, with its exit status; start mends it" {
	run -0 host '
		lvsctl rs status 10.1.1.1; [ $? = 3 ] || exit 1
		lvsctl rs start 10.1.1.1
		sysctl -qw net.ipv4.conf.all.arp_ignore=0
		lvsctl rs status 10.1.1.1; [ $? = 1 ] || exit 2
		lvsctl rs start 10.1.1.1
		lvsctl rs status -j 10.1.1.1'
	[[ ${lines[0]} == "10.1.1.1 by DR on lo: not started" ]]
	[[ $output == *"MISSING  net.ipv4.conf.all.arp_ignore=0, must be 1"* ]]
	python3 -c "
import json, sys
vip, = json.loads(sys.argv[1])
assert (vip['state'], vip['model'], vip['dev'], vip['by_lvsctl']) == ('started', 'dr', 'lo', True)
assert all(item['pass'] for item in vip['checks'])
ignore, = [i for i in vip['checks'] if i['name'] == 'net.ipv4.conf.all.arp_ignore']
assert (ignore['value'], ignore['wanted'], ignore['found']) == (1, 1, 0)" "${lines[-1]}"
}

@test "what somebody else set since is left alone, and said" {
	run -0 --separate-stderr host '
		lvsctl rs start 10.1.1.1
		sysctl -qw net.ipv4.conf.all.arp_ignore=2
		lvsctl rs stop 10.1.1.1 || exit 1
		sysctl -n net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce
		sysctl -qw net.ipv4.conf.all.arp_ignore=0
		lvsctl rs start 10.1.1.1
		sysctl -qw net.ipv4.conf.all.arp_ignore=8 net.ipv4.conf.all.arp_announce=1
		lvsctl rs stop 10.1.1.1 || exit 1'
	[ "$output" = $'2\n0' ]
	mapfile -t lines <<<"$stderr"
	[ ${#lines[@]} = 3 ]
	[[ ${lines[0]} == "lvsctl: net.ipv4.conf.all.arp_ignore was set to 2 since: left alone"* ]]
	[[ ${lines[1]} == "lvsctl: net.ipv4.conf.all.arp_ignore was set to 8 since: left alone"* ]]
	[[ ${lines[2]} == "lvsctl: net.ipv4.conf.all.arp_announce was set to 1 since: left alone"* ]]
}

@test "an address that was there before stays, one of something else is not touched" {
	run -0 host '
		ip addr add 10.1.1.1/32 dev lo
		lvsctl rs stop 10.1.1.1 && exit 1
		lvsctl rs start 10.1.1.1 || exit 2
		lvsctl rs stop 10.1.1.1 || exit 3
		ip -o addr show dev lo | grep -q 10.1.1.1/32 || exit 4
		ip addr add 10.9.0.77/24 dev e0
		lvsctl rs start 10.9.0.77 && exit 5
		true'
	[[ $output == *"10.1.1.1 is on lo, but not by lvsctl rs start: left alone"* ]]
	[[ $output == *"10.9.0.77 is on e0: a real server must have it on lo only"* ]]
}

@test "a start that fails half-way has undone what it did" {
	run -0 host '
		ip link add e0.7 type veth peer name e9	# a dot in its name
		sysctl -qw net.ipv6.conf.e0/7.disable_ipv6=1
		found >/run/before
		mkdir -p /run/netpath/rs-$(stat -Lc %i /proc/self/ns/net).json.new # the state cannot be written
		lvsctl rs start 10.1.1.1 && exit 1
		found | diff /run/before - >&2 || exit 2
		lvsctl rs start 10.1.1.1 dev nothere && exit 3
		lvsctl rs start 10.1.1.1 tun dev nothere && exit 4
		true'
	[[ $output == *"there is no device \"nothere\""* ]]
}

@test "a link with a dot in its name, found down, is down again" {
	run -0 host '
		ip link add e0.7 type veth peer name e9
		ip link set e0.7 arp off
		sysctl -qw net.ipv6.conf.e0/7.disable_ipv6=1
		found >/run/before
		lvsctl rs start 10.1.1.1 tun dev e0.7 || exit 1
		lvsctl rs start 2001:db8::7 tun dev e0.7 || exit 2
		lvsctl rs status || exit 3
		lvsctl rs stop 10.1.1.1
		lvsctl rs stop 2001:db8::7
		ip link show dev e0.7 | grep "state DOWN" || exit 4
		found | diff /run/before -'
	[[ $output == *"net.ipv4.conf.e0/7.rp_filter=0"* ]]
}

@test "strict rp_filter on all is not weakened: the tunnel alone is made loose" {
	run -0 host '
		sysctl -qw net.ipv4.conf.all.rp_filter=1
		ip link set e0 arp off
		lvsctl rs start 10.1.1.1 tun dev e0
		sysctl -n net.ipv4.conf.all.rp_filter net.ipv4.conf.e0.rp_filter'
	[ "$output" = $'1\n2' ]
}

@test "not on a link whose neighbours would hear of it" {
	run -0 host '
		found >/run/before
		lvsctl rs start 172.16.50.50 dr dev e0 && exit 1
		lvsctl rs start 172.16.50.50 tun dev e0 && exit 2
		lvsctl rs start 2001:db8:9::50 dr dev e0 && exit 3
		found | diff /run/before - || exit 4
		ip link add n0 type veth peer name n1; ip link set n0 arp off
		lvsctl rs start 172.16.50.50 dr dev n0 || exit 5
		at ip route add 172.16.50.50 dev e1
		at bash -c "echo >/dev/udp/172.16.50.50/9"; sleep 0.3
		at ip neigh show 172.16.50.50 | grep lladdr && exit 6
		lvsctl rs status 172.16.50.50 || exit 7
		ip link set n0 arp on
		lvsctl rs status 172.16.50.50; [ $? = 1 ] || exit 8'
	[[ ${lines[0]} == "lvsctl: 172.16.50.50 on e0: neighbours would hear of it there: take lo, "* ]]
	[[ ${lines[1]} == *": take tunl0, "* ]]
	[[ $output == *"MISSING  n0 tells its neighbours of its addresses"* ]]
}

@test "the state of a namespace that is gone is not taken for ours" {
	run -0 host '
		lvsctl rs start 10.1.1.1
		file=$(echo /run/netpath/rs-*.json)
		sed -i "s|\"netns\": \".*\"|\"netns\": \"another/1\"|" "$file"
		lvsctl rs status; [ $? = 3 ] || exit 1'
}

@test "a state that is damaged: what to do" {
	run -0 host '
		lvsctl rs start 10.1.1.1
		file=$(echo /run/netpath/rs-*.json)
		for text in "" "{" "[]x"; do
			echo "$text" >"$file"
			lvsctl rs status && exit 1
			lvsctl rs stop 10.1.1.1 && exit 2
		done
		rm "$file"
		lvsctl rs status 10.1.1.1 || exit 3'
	[[ ${lines[0]} == "lvsctl: /run/netpath/rs-"*.json:*"; remove the file, and lvsctl rs status"* ]]
	[[ $output == *"note     started by something else"* ]]
}

@test "words that cannot be" {
	run -1 lvsctl rs start
	[[ $output == *"the address of the service is missing"* ]]
	run -1 lvsctl rs start 300.1.1.1
	[[ $output == *"\"300.1.1.1\" is no address of a service"* ]]
	run -1 lvsctl rs start 224.0.0.1
	run -1 lvsctl rs start 10.0.0.1 fullnat
	[[ $output == *"unknown word \"fullnat\""* ]]
	run -1 lvsctl rs start 10.0.0.1 dev
	run -1 lvsctl rs start 10.0.0.1 dev a/b
	[[ $output == *"\"a/b\" is not the name of an interface"* ]]
	run -1 lvsctl rs
	run -1 lvsctl rs mend 10.0.0.1
}
