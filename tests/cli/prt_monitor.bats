#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# prt monitor against ip monitor: the same events by both, at the same time.
# shellcheck disable=SC2016,SC2154
load lib
load prt_lib

# events DIR WORDS…: both monitors run while rules and routes change
events() {
	local dir=$1
	shift
	rm -f "$dir/ip" "$dir/prt"
	in_ns bash -e -c '
		dir=$1; shift
		echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
		echo 1 >/proc/sys/net/ipv6/conf/default/addr_gen_mode
		ip link add d0 type veth peer name p0; ip addr add 10.0.0.1/24 dev d0; ip link set p0 up; ip link set d0 up
		ip "$@" >"$dir/ip" & a=$!
		prt "$@" >"$dir/prt" & b=$!
		# wait until both hear: a rule of a family that both listen to
		for try in $(seq 200); do
			ip rule add table 9 pref 9; ip rule del pref 9
			ip -6 rule add table 9 pref 9; ip -6 rule del pref 9
			ip route add 192.0.2.99 dev d0; ip route del 192.0.2.99 dev d0
			[ -s "$dir/ip" ] && [ -s "$dir/prt" ] && break
			sleep 0.05
		done
		ip rule add from 10.0.0.0/8 fwmark 1/3 table 1000 pref 10
		ip -6 rule add iif lo blackhole pref 11
		ip route add 192.0.2.0/24 via 10.0.0.2 metric 5 proto static
		ip route replace 192.0.2.0/24 dev d0 metric 5
		ip -6 route add 2001:db8::/32 dev d0
		ip route add blackhole 198.51.100.0/24 table 7
		ip route add 203.0.113.0/24 dev d0
		ip route del 192.0.2.0/24
		ip rule del pref 10
		ip -6 rule del pref 11
		ip rule add table 77 pref 77
		ip route add 192.0.2.77 dev d0
		for try in $(seq 200); do
			grep -qE "77" "$dir/ip" && grep -qE "77" "$dir/prt" && break
			sleep 0.05
		done
		sleep 0.2
		kill $a $b' _ "$dir" "$@"
	cp "$dir/ip" "$dir/ip.raw"; cp "$dir/prt" "$dir/prt.raw"
	# what was done until both listened counts for neither
	sed -i '1,/fwmark\|192.0.2.0\|2001:db8::\/32/{/pref\|192.0.2.99\|lookup 9/d}' "$dir/ip" "$dir/prt"
	sed -i '/192.0.2.99\|lookup 9$/d' "$dir/ip" "$dir/prt"
	diff -u "$dir/ip" "$dir/prt" || { diff -u "$dir/ip.raw" "$dir/prt.raw"; false; }
}

@test "rules and routes, labelled" {
	events "$BATS_TEST_TMPDIR" monitor rule route label
	grep -q '^\[RULE\]Deleted 10:	from 10.0.0.0/8' "$BATS_TEST_TMPDIR/prt"
	grep -q '^\[ROUTE\]2001:db8::/32 dev d0' "$BATS_TEST_TMPDIR/prt"
}

@test "rules only; routes only; one family; one line; details" {
	events "$BATS_TEST_TMPDIR" monitor rule
	events "$BATS_TEST_TMPDIR" -d monitor rou
	events "$BATS_TEST_TMPDIR" -6 monitor rule route label
	events "$BATS_TEST_TMPDIR" -o -N -4 monitor ru ro
}

@test "timestamps of both forms" {
	in_ns bash -c '
		cd "$1"
		prt -ts monitor rule >short & a=$!
		prt -t monitor rule >long & b=$!
		for try in $(seq 200); do
			ip rule add table 9 pref 9; ip rule del pref 9
			[ -s short ] && [ -s long ] && break
			sleep 0.05
		done
		kill $a $b' _ "$BATS_TEST_TMPDIR"
	head -n 1 "$BATS_TEST_TMPDIR/short" |
		grep -qE '^\[[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}\] (Deleted )?9:'
	head -n 1 "$BATS_TEST_TMPDIR/long" | grep -qE '^Timestamp: [A-Z][a-z]{2} .* [0-9]{4} [0-9]+ usec$'
}

@test "an interface that gets another name" {
	in_ns bash -c '
		ip link add d0 type veth peer name p0
		prt monitor route >"$1" & a=$!
		ip link set p0 up; ip link set d0 up
		for try in $(seq 200); do
			ip route replace 192.0.2.99 dev d0
			[ -s "$1" ] && break
			sleep 0.05
		done
		ip link set d0 name d1
		for try in $(seq 200); do
			ip route del 192.0.2.99; ip route add 192.0.2.99 dev d1
			grep -q "192.0.2.99 dev d1" "$1" && break
			sleep 0.05
		done
		kill $a
		grep -q "192.0.2.99 dev d1" "$1"' _ "$BATS_TEST_TMPDIR/out"
}

# other_ns TOOL: its events with all-nsid, with those of a namespace that is number 7 here
other_ns() {
	unshare -rnm bash -e -c '
		mount -t tmpfs tmpfs /run; mkdir /run/netns; ip netns add b; ip netns set b 7
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
		ip link add d0 index 11 type veth peer name p0 index 12 netns b
		ip link set d0 up; ip -n b link set p0 up
		$1 monitor rule route all-nsid label >"$2" & a=$!
		for try in $(seq 200); do
			ip rule add table 9 pref 9; ip rule del pref 9
			[ -s "$2" ] && break
			sleep 0.05
		done
		ip route add 192.0.2.0/24 dev d0; ip -n b route add 192.0.3.0/24 dev p0
		ip -n b rule add table 9 pref 8; ip -n b link set p0 name p1
		ip -n b route add 192.0.4.0/24 dev p1; ip route add 192.0.77.0/24 dev d0
		for try in $(seq 200); do grep -q 0.77.0 "$2" && break; sleep 0.05; done
		kill $a
		sed -i "/9:\t/d" "$2"' _ "$1" "$2"
}

@test "all-nsid: the events of other namespaces, with the namespace's number" {
	other_ns ip "$BATS_TEST_TMPDIR/ip"
	other_ns prt "$BATS_TEST_TMPDIR/prt"
	diff -u "$BATS_TEST_TMPDIR/ip" "$BATS_TEST_TMPDIR/prt"
	grep -qx '\[nsid 7\]\[ROUTE\]192.0.4.0/24 dev if12 scope link ' "$BATS_TEST_TMPDIR/prt"
	grep -qx '\[nsid current\]\[ROUTE\]192.0.77.0/24 dev d0 scope link ' "$BATS_TEST_TMPDIR/prt"
}

@test "JSON, an object a line" {
	in_ns bash -c '
		prt -j monitor rule >"$1" & a=$!
		for try in $(seq 200); do
			ip rule add table 9 pref 9; ip rule del pref 9
			[ "$(wc -l <"$1")" -gt 3 ] && break
			sleep 0.05
		done
		kill $a' _ "$BATS_TEST_TMPDIR/j"
	grep -qx '{"priority":9,"src":"all","table":"9"}' "$BATS_TEST_TMPDIR/j"
	grep -qx '{"deleted":true,"priority":9,"src":"all","table":"9"}' "$BATS_TEST_TMPDIR/j"
}

@test "events from a file of rtmon" {
	command -v rtmon >/dev/null || skip "rtmon is not installed"
	in_ns bash -c '
		cd "$1"
		rtmon file f & a=$!
		sleep 0.5
		ip rule add table 9 pref 9
		ip route add blackhole 192.0.2.0/24
		for try in $(seq 100); do [ -s f ] && break; sleep 0.05; done
		sleep 0.3; kill $a
		ip monitor rule route label file f >want; prt monitor rule route label file f >got
		grep -v "^\[\(LINK\|ADDR\|NEIGH\|NETCONF\)" want >want2
		grep ROUTE got && diff <(grep "ROUTE\|RULE\|Time" want2) got || exit 1
		# of a file all is shown, whatever is said
		for words in route rule "all rule" "all-nsid route label" "label al"; do
			for tool in ip prt; do
				$tool monitor $words file f | grep "lookup 9\|192.0.2" >words.$tool
			done
			[ -s words.ip ] && diff words.ip words.prt || exit 1
		done
		prt monitor a file f && exit 1 # the address of ip
		prt -j monitor all-nsid file f && exit 1
		head -c 50 f >cut; prt monitor file cut && exit 1
		prt monitor file nosuch && exit 1
		exit 0' _ "$BATS_TEST_TMPDIR"
}

@test "what is wrong fails" {
	run -1 in_ns prt monitor nosuch
	run -1 in_ns prt monitor dev nosuch
	run -1 in_ns prt monitor file
	run -1 in_ns prt monitor help
}
