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
	END
}

@test "IPv4, IPv6, marks, tunnels from one to the other: all lists are as ipvsadm's" {
	local option
	mixed
	for option in -Sn -Ln '-Ln --thresholds' '-Ln --tun-info' '-Ln --persistent-conn' '-Ln --stats'; do
		# shellcheck disable=SC2086 # several words
		diff <(ip netns exec d ipvsadm $option) <(ip netns exec d lvsctl $option)
	done
	[ "$(ip netns exec d lvsctl -L -j | jq '[.services[].servers[]] | length')" = 7 ]
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

@test "completion: services, marks and real servers that are there" {
	mixed
	[ "$(ip netns exec d lvsctl --complete -D -t 10.0 | sort)" = $'10.0.0.1:80\n10.0.0.2:80' ]
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
