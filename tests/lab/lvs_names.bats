#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl by ipvsadm's other names, what the kernel's table offers to completion, and lists
# whose real servers come by both of the kernel's interfaces. In one namespace, d.
load lib

setup() {
	progress "$BATS_TEST_NAME"
	load_modules ip_vs ip_vs_rr ip_vs_wlc
	lone_director
	for name in ipvsadm-save ipvsadm-restore; do
		ln -sf "$NP_BUILD/lvsctl" "$BATS_TEST_TMPDIR/$name"
	done
}

teardown() {
	lab_end
	rm -rf /etc/netns/d
}

mixed() {
	ip netns exec d ipvsadm -R <<-'END'
		-A -t 10.0.0.1:80 -s wlc
		-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 3
		-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 0
		-A -t 10.0.0.2:80 -s rr
		-A -u 10.0.0.1:53 -s rr
		-a -u 10.0.0.1:53 -r 10.1.0.3:53 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
		-a -u 10.0.0.1:53 -r [2001:db8::3]:53 -i -w 1
		-A -f 4294967295 -s wlc
		-a -f 4294967295 -r 10.1.0.4:0 -g -w 7 -x 9 -y 5
		-A -f 7 -6 -s rr
		-a -f 7 -6 -r [2001:db8::4]:0 -g -w 1
		-A -t [2001:db8::1]:443 -s wlc -p 60
		-a -t [2001:db8::1]:443 -r [2001:db8::2]:443 -g -w 1
		-A -t 10.0.0.9:80 -s rr
		-a -t 10.0.0.9:80 -r 198.51.100.11:80 -i -w 2147483647
		-a -t 10.0.0.9:80 -r 10.1.0.1:80 -i -w 65536
		-a -t 10.0.0.9:80 -r 100.62.1.1:80 -i
		-a -t 10.0.0.9:80 -r [2001:db8::a]:80 -i
	END
}

@test "IPv4, IPv6, marks, tunnels from one to the other: all lists are as ipvsadm's" {
	local option
	mixed
	for option in -Sn -Ln '-Ln --thresholds' '-Ln --tun-info' '-Ln --persistent-conn' '-Ln --stats'; do
		# shellcheck disable=SC2086 # several words
		diff <(ip netns exec d ipvsadm $option) <(ip netns exec d lvsctl $option)
	done
	[ "$(ip netns exec d lvsctl -L -j | jq '[.services[].servers[]] | length')" = 11 ]
}

# by_each STATUS OPTION... <LINES: what ipvsadm and lvsctl make of it, in an empty table each
by_each() {
	local status=$1 tool got
	shift
	cat >"$BATS_TEST_TMPDIR/in"
	for tool in ipvsadm lvsctl; do
		at d $tool -C
		got=0
		at d $tool "$@" <"$BATS_TEST_TMPDIR/in" >/dev/null 2>&1 || got=$?
		echo "$tool $*: $got"
		[ "$got" = "$status" ]
		at d ipvsadm -Sn >"$BATS_TEST_TMPDIR/$tool"
	done
	diff "$BATS_TEST_TMPDIR/ipvsadm" "$BATS_TEST_TMPDIR/lvsctl"
}

@test "names of several addresses, addresses of two families, weights, ends of a restore" {
	mkdir -p /etc/netns/d
	printf '127.0.0.1 localhost\n%s\n' '10.1.0.9 multi' '198.51.100.9 multi' '10.0.0.9 multi' >/etc/netns/d/hosts
	by_each 0 -A -t multi:80 -s rr </dev/null
	grep -q 10.1.0.9:80 "$BATS_TEST_TMPDIR/lvsctl"
	by_each 2 -A -t ::ffff:10.0.0.1:80 -s rr </dev/null
	by_each 2 -A -t 10.0.0.1:80 -p -M ::ffff:255.255.255.0 </dev/null
	by_each 255 -L --sort=x </dev/null
	by_each 0 -R <<-'END'
		-A -t 10.0.0.1:80 -s rr
		-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 2147483647
		-L --sort=x
		-A -t 10.0.0.2:80 -s rr
	END
	[ "$(wc -l <"$BATS_TEST_TMPDIR/lvsctl")" = 3 ]
	by_each 255 -R <<<$'-D -t 10.9.9.9:80\nipvsadm'
}

@test "ipvsadm-restore takes comments, and a save of the same table in its pipe" {
	mixed
	at d lvsctl -Sn >"$BATS_TEST_TMPDIR/before"
	# shellcheck disable=SC2016 # for the shell within
	at d bash -c '{ echo "# saved"; "$0/ipvsadm-save" -n; } | "$0/ipvsadm-restore"' "$BATS_TEST_TMPDIR"
	at d lvsctl -Sn | cmp - "$BATS_TEST_TMPDIR/before"
	run -0 at d "$BATS_TEST_TMPDIR/ipvsadm-restore" </dev/null
	[ -z "$(at d lvsctl -Sn 2>/dev/null)" ]
}

@test "what cannot be read is no table: an error, and nothing is changed" {
	local before
	mixed
	before=$(at d lvsctl -Sn)
	run -1 at d "$BATS_TEST_TMPDIR/ipvsadm-restore" </
	[ "${lines[-1]}" = "ipvsadm-restore: cannot read the standard input: Is a directory" ]
	run -1 at d lvsctl -R </
	[ "${lines[-1]}" = "lvsctl: cannot read the standard input: Is a directory" ]
	run -1 at d lvsctl -R --atomic </
	[ "$(at d lvsctl -Sn)" = "$before" ]
}

@test "ipvsadm-restore has the version of ipvsadm" {
	run -0 at d "$BATS_TEST_TMPDIR/ipvsadm-restore" <<<-v
	[[ ${lines[-1]} == "ipvsadm v1.31 "* ]]
}

@test "completion: services, marks and real servers that are there" {
	mixed
	[ "$(ip netns exec d lvsctl --complete -D -t 10.0 | sort)" = $'10.0.0.1:80\n10.0.0.2:80\n10.0.0.9:80' ]
	[ "$(ip netns exec d lvsctl --complete -E -u '')" = 10.0.0.1:53 ]
	[ "$(ip netns exec d lvsctl --complete -D -f 4)" = 4294967295 ]
	[ "$(ip netns exec d lvsctl --complete -e -t 10.0.0.1:80 -r '' | sort)" = $'10.1.0.1:80\n10.1.0.2:8080' ]
	[ "$(ip netns exec d lvsctl --complete -A -t '')" = "" ]
}

@test "hundreds of FULLNAT services are restored in one pass, and saved the same" {
	local i file=$BATS_TEST_TMPDIR/file
	sysctls d net.ipv4.vs.conntrack=0
	for ((i = 0; i < 250; i++)); do
		echo "-A -t 10.100.0.$((i + 1)):80 -s wlc"
		echo "-a -t 10.100.0.$((i + 1)):80 -r 10.1.0.1:80 --fullnat -w 1"
	done >"$file"
	at d lvsctl -R <"$file"
	at d lvsctl -Sn | cmp - "$file"
	at d lvsctl -C
	[ "$(at d nft list tables)" = "" ]
	[ "$(at d sysctl -n net.ipv4.vs.conntrack)" = 0 ]
}

# names: of hosts that /etc/hosts has, and no question to anybody else
names() {
	mkdir -p /etc/netns/d
	echo 'hosts: files' >/etc/netns/d/nsswitch.conf
	cat >/etc/netns/d/hosts <<-'END'
		10.0.0.1 vip.example
		10.0.0.99 a-client-with-a-long-name.example
		10.1.0.1 one.example
		2001:db8::1 vip6.example
	END
}

# connections: entries of the table, one of each kind; nobody answers
connections() {
	at d python3 -c '
import socket, sys
def send(family, kind, src, dst):
    with socket.socket(family, kind) as s:
        s.bind(src)
        s.setblocking(False)
        s.connect_ex(dst)
        kind == socket.SOCK_DGRAM and s.send(b"?")
v4, v6, tcp, udp = socket.AF_INET, socket.AF_INET6, socket.SOCK_STREAM, socket.SOCK_DGRAM
send(v4, udp, ("10.0.0.99", 5000), ("10.0.0.1", 53))
send(v4, tcp, ("10.0.0.99", 5001), ("10.0.0.1", 80))
send(v6, tcp, ("2001:db8::fe", 5002), ("2001:db8::7", 443))
send(v4, udp, ("10.0.0.98", 5003), ("10.0.0.3", 4000))'
}

# as_ipvsadm OPTION...: the same list, but for the seconds that pass
as_ipvsadm() {
	local tool
	for tool in ipvsadm lvsctl; do
		at d $tool "$@" | sed -E 's/ [0-9]{2}:[0-9]{2} / MM:SS /' >"$BATS_TEST_TMPDIR/$tool"
	done
	[ -s "$BATS_TEST_TMPDIR/lvsctl" ]
	diff "$BATS_TEST_TMPDIR/ipvsadm" "$BATS_TEST_TMPDIR/lvsctl"
}

@test "connections, timeouts, tables by name: as ipvsadm's" {
	mixed
	ip -n d -6 address add 2001:db8::7/128 dev lo nodad
	at d lvsctl -R <<-'END'
		-a -u 10.0.0.1:53 -r 10.1.0.1:53 -m
		-A -u 10.0.0.3:4000 -s rr -p 300 -M 255.255.255.0
		-a -u 10.0.0.3:4000 -r 10.1.0.1:4000 -m
		-A -t [2001:db8::7]:443 -s rr
		-a -t [2001:db8::7]:443 -r [2001:db8::fe]:443 -m
	END
	names
	connections
	as_ipvsadm -Lnc
	grep -qE '^UDP MM:SS  UDP +10.0.0.99:5000 +10.0.0.1:53 ' "$BATS_TEST_TMPDIR/lvsctl"
	grep -q '2001:db8::7.*:443' "$BATS_TEST_TMPDIR/lvsctl"
	as_ipvsadm -Lc
	grep -q 'a-client-with-a-long-name.example:5000 vip.example:domain ' "$BATS_TEST_TMPDIR/lvsctl"
	as_ipvsadm -Lc --persistent-conn
	as_ipvsadm -L
	grep -q vip.example:http "$BATS_TEST_TMPDIR/lvsctl"
	grep -q vip6.example "$BATS_TEST_TMPDIR/lvsctl"
	as_ipvsadm -L --stats
	as_ipvsadm -L --timeout
	as_ipvsadm -S
	at d lvsctl -Lc -j >"$BATS_TEST_TMPDIR/json"
	[ "$(jq -r '.[] | select(.sport == 5000) | "\(.protocol) \(.src) \(.dst) \(.dport) \(.server.address)"' \
		"$BATS_TEST_TMPDIR/json")" = "udp 10.0.0.99 10.0.0.1 53 10.1.0.1" ]
	[ "$(jq length "$BATS_TEST_TMPDIR/json")" = "$(at d lvsctl -Lnc | grep -cE '^[A-Z]+ +[0-9]+:')" ]
}
