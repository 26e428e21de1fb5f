#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# prt -batch: what it does is what ip -batch does, in fewer system calls.
# shellcheck disable=SC2016,SC2154
load lib
load prt_lib

# with_dev COMMAND…: in a namespace with 10.0.0.1/24 on d0
with_dev() {
	in_ns bash -c 'ip link add d0 type veth peer name p0; ip link set p0 up; ip link set d0 up
		ip addr add 10.0.0.1/24 dev d0; "$@"' _ "$@"
}

# both ARGS: the batch on stdin by ip and by prt; stdout, status, rules and routes after it
both() {
	local tool
	cat >"$BATS_TEST_TMPDIR/batch"
	for tool in ip prt; do
		with_dev bash -c '$1 $2 -batch "$3"; s=$?; [ $s = 0 ] || s=1; echo "? $s"
			ip rule; ip route; ip -6 rule; ip route show table 7 2>/dev/null; true' \
			_ "$tool" "$*" "$BATS_TEST_TMPDIR/batch" \
			>"$BATS_TEST_TMPDIR/$tool.out" 2>"$BATS_TEST_TMPDIR/$tool.err"
	done
	diff -u "$BATS_TEST_TMPDIR/ip.out" "$BATS_TEST_TMPDIR/prt.out"
}

routes() { # routes FROM TO
	seq -f 'route add 172.16.%.0f.0/24 via 10.0.0.2' "$1" "$2"
}

@test "commands of all kinds, their output in order" {
	both <<-END
		route add 192.0.2.0/24 via 10.0.0.2
		route add 192.0.3.0/24 dev d0  # a remark
		rule add from 10.0.0.0/8 table 5 pref 9

		# nothing
		route get 192.0.2.1
		rule show
		route show
		route \\
		  add 192.0.4.0/24 \\
		  dev d0
		route add "192.0.5.0/24" dev 'd0'
		route get 10.0.0.9
		route del 192.0.3.0/24
		route replace 192.0.2.0/24 dev d0
		route show 192.0.2.0/24
		ru s
		r g 10.0.0.7
	END
}

@test "the first failure ends it: nothing behind it is done" {
	{ routes 1 100; echo 'route add 172.16.50.0/24 via 10.0.0.3'; routes 101 200; } | both
	grep -q "batch:101: RTNETLINK answers: File exists" "$BATS_TEST_TMPDIR/prt.err"
	{ routes 1 10; echo 'route add 192.0.9.0/24 via 9.9.9.9'; routes 11 20
	  echo 'route get 172.16.1.1'; } | both
	grep -q "batch:11: RTNETLINK answers: Network is unreachable" "$BATS_TEST_TMPDIR/prt.err"
	grep -qx "  route add 192.0.9.0/24 via 9.9.9.9" "$BATS_TEST_TMPDIR/prt.err"
	{ routes 1 10; echo 'route add nonsense'; routes 11 20; } | both
	grep -q "batch:11: " "$BATS_TEST_TMPDIR/prt.err"
	{ routes 1 10; echo 'rule del pref 4711'; routes 11 20; echo rule show; } | both
	{ routes 1 10; echo 'route del 172.16.77.0/24'; routes 11 20; } | both
	{ routes 1 10; echo 'nosuch'; routes 11 20; } | both
	{ routes 1 3; echo 'route get 8.8.8.8'; routes 4 9; } | both
	{ routes 1 3; routes 1 3; echo 'route show'; } | both
	[ "$(grep -c answers "$BATS_TEST_TMPDIR/prt.err")" = 1 ]
}

@test "nothing is written behind a refused addition: no list, no save file" {
	local verb option
	for verb in 'route save' 'rule save' 'route list' 'rule list' 'route flush cache' \
		"route showdump" "monitor file $BATS_TEST_TMPDIR/events"; do
		: >"$BATS_TEST_TMPDIR/events"
		for option in '' -j -s; do
			{ routes 1 3; echo 'route add 192.0.9.0/24 via 9.9.9.9'; echo "$verb"; } >"$BATS_TEST_TMPDIR/lines"
			# shellcheck disable=SC2086 # no word where there is no option
			run -1 --separate-stderr with_dev bash -c 'prt route save >"$1" && prt "${@:3}" -batch "$2" <"$1"' _ \
				"$BATS_TEST_TMPDIR/saved" "$BATS_TEST_TMPDIR/lines" $option
			[ -z "$output" ]
			[ "$(grep -c answers <<<"$stderr")" = 1 ]
		done
	done
	{ routes 1 3; echo 'route add 192.0.9.0/24 via 9.9.9.9'; echo 'route save'; } | both
	{ routes 1 3; echo 'route add 192.0.9.0/24 via 9.9.9.9'; echo 'rule save'; } | both -j
}

@test "what is taken back is exactly what was added" {
	both <<-END
		route add 192.0.2.0/24 via 10.0.0.2 metric 100
		route add 192.0.2.0/24 dev d0
		route add 198.51.100.0/24 via 10.0.0.2 table 7 metric 3
		route show table 7
		route add 192.0.2.0/24 via 10.0.0.2
		route add 198.51.100.0/24 via 10.0.0.2 table 7
		route add 198.51.100.0/24 dev d0 table 7 metric 2
		route add blackhole 203.0.113.0/24
		route add 203.0.114.0/24 nexthop via 10.0.0.2 nexthop via 10.0.0.3 weight 2
		route add 203.0.115.0/24 tos 8 dev d0 src 10.0.0.1 proto static mtu 1400
	END
}

@test "IPv6: a route with the same words and another metric stays" {
	for tool in ip prt; do
		printf '%s\n' 'route add 2001:db8::/32 dev d0 metric 10' 'route show' \
			'route add fd00::/8 via 9::9' 'route add 2001:db8::/32 dev d0' |
			with_dev bash -c '$1 -6 -batch -; echo $?; ip -6 route show 2001:db8::/32' _ $tool \
			2>/dev/null >"$BATS_TEST_TMPDIR/$tool" || true
	done
	diff <(sed /fe80/d "$BATS_TEST_TMPDIR/ip") <(sed /fe80/d "$BATS_TEST_TMPDIR/prt")
}

@test "-force goes on, and tells each failure with its line" {
	{ routes 1 10; echo 'route add 172.16.5.0/24 dev d0'; routes 11 20; routes 11 12
	  echo 'rule del pref 4711'; echo 'rule add table 7 pref 7'; routes 21 255
	  echo 'route get 172.16.1.1'; } | both -force
	diff - <(sed -nE 's/.*batch:([0-9]+): .*/\1/p' "$BATS_TEST_TMPDIR/prt.err" | head -n 4) <<-END
		11
		22
		23
		24
	END
}

@test "files: missing, empty, from stdin, without a last newline" {
	run -1 --separate-stderr prt -batch "$BATS_TEST_TMPDIR/nosuch"
	[[ $stderr == *'cannot open'* ]]
	run -0 prt -batch /dev/null
	run -0 with_dev bash -c 'printf "route add 192.0.2.0/24 dev d0\nroute show 192.0.2.0/24" | prt -b -'
	[ "$output" = '192.0.2.0/24 dev d0 scope link ' ]
	run -1 prt -batch "$BATS_TEST_TMPDIR"
	run -1 timeout 10 prt -force -batch "$BATS_TEST_TMPDIR"
	printf 'rule show \\\n' >"$BATS_TEST_TMPDIR/open"
	run -0 --separate-stderr prt -batch "$BATS_TEST_TMPDIR/open"
	[ -z "$output" ] && [ -n "$stderr" ]
	run -1 --separate-stderr in_ns prt -batch /
	[ "$stderr" = 'prt: /: the file cannot be read: Is a directory' ]
}

@test "NUL bytes, lines of a megabyte, quotes that stay open, control characters" {
	printf 'rule show\0rule flush\nrule show\n' >"$BATS_TEST_TMPDIR/nul"
	run -1 --separate-stderr prt -batch "$BATS_TEST_TMPDIR/nul"
	[[ $stderr == *':1: there is a NUL byte'* ]]
	{ printf 'rule add table '; head -c 1000000 /dev/zero | tr '\0' 7; echo; } >"$BATS_TEST_TMPDIR/long"
	run -1 prt -batch "$BATS_TEST_TMPDIR/long"
	yes from | head -n 200000 | tr '\n' ' ' >"$BATS_TEST_TMPDIR/words"
	run -1 prt -batch "$BATS_TEST_TMPDIR/words"
	# without m: a line that begins with it may be monitor, which does not end
	head -c 1000000 /dev/urandom | tr -d m >"$BATS_TEST_TMPDIR/noise"
	run -1 timeout 60 prt -force -batch "$BATS_TEST_TMPDIR/noise"
	echo 'rule add "from' >"$BATS_TEST_TMPDIR/quote"
	run -1 --separate-stderr prt -batch "$BATS_TEST_TMPDIR/quote"
	[[ $stderr == *'a quote is not closed'* ]]
	printf 'rule add \033[31m\n' >"$BATS_TEST_TMPDIR/esc"
	run -1 --separate-stderr prt -batch "$BATS_TEST_TMPDIR/esc"
	[[ $stderr != *$'\033'* ]]
}

@test "the family is that of the options in each line" {
	printf 'rule\nrule\n' >"$BATS_TEST_TMPDIR/b"
	run -0 in_ns prt -6 -batch "$BATS_TEST_TMPDIR/b"
	[ "${#lines[@]}" = 4 ]
	echo '-4 rule' >"$BATS_TEST_TMPDIR/b"
	run -1 in_ns prt -batch "$BATS_TEST_TMPDIR/b"
}

@test "without privilege a batch fails at its first change" {
	routes 1 5 >"$BATS_TEST_TMPDIR/b"
	run -1 --separate-stderr with_dev setpriv --bounding-set=-all --inh-caps=-all \
		prt -batch "$BATS_TEST_TMPDIR/b"
	[[ $stderr == *'b:1: RTNETLINK answers: Operation not permitted'* ]]
	[ "$(grep -c answers <<<"$stderr")" = 1 ]
}

# system_calls BATCH: of prt, from its start to its end
system_calls() {
	# a leak checker cannot work on what strace holds already
	ASAN_OPTIONS=detect_leaks=0 with_dev strace -f -c -o "$BATS_TEST_TMPDIR/calls" prt -batch "$1"
	awk '$NF == "total" { print $(NF == 6 ? 4 : 3) }' "$BATS_TEST_TMPDIR/calls"
}

@test "an addition takes a fraction of a system call" {
	for i in 1 2 3 4 5 6 7 8; do
		seq -f "route add 172.$i.%.0f.0/24 dev d0" 0 249
	done >"$BATS_TEST_TMPDIR/b"
	: >"$BATS_TEST_TMPDIR/none"
	calls=$(($(system_calls "$BATS_TEST_TMPDIR/b") - $(system_calls "$BATS_TEST_TMPDIR/none")))
	echo "$calls system calls more for 2000 additions than for none"
	[ "$calls" -lt 200 ]
}
