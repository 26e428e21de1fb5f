#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The models of LVS, with real packets: who answers the client, and whom the real server sees. The
# network is drawn in lvs_net.bash. The client's sockets are connected: an answer that does not come
# from the VIP is none.
# shellcheck disable=SC2154,SC2086 # addresses that lvs_net.bash sets, without blanks

load lib
load lvs_net

setup_file() {
	lvs_network
}

teardown_file() {
	lab_end
}

teardown() {
	lvs -C
	at d nft delete table ip marks 2>/dev/null || true
}

# mark_ports PORT,...: what comes to the VIP at these gets mark 5
mark_ports() {
	at d nft -f - <<-END
		table ip marks {
			chain pre {
				type filter hook prerouting priority mangle
				ip daddr $vip4 tcp dport { $1 } meta mark set 5
			}
		}
	END
}

real_servers() {	# SERVICE...
	local server
	for server in 11 12; do
		echo "-a $* -r 198.51.100.$server -m"
	done
}

@test "NAT: the real server sees the client, at its own address and port" {
	way_back d
	serve -m -m 8080
	all_answer "$client4" "$client6"
}

@test "DR: the real server sees the client, at the VIP; its answer comes by another way" {
	way_back g
	vip_of_servers add
	serve -g -g 80
	all_answer "$client4" "$client6" VIP
	vip_of_servers del
}

@test "TUN: the same, through a tunnel" {
	local name
	way_back g
	vip_of_servers add
	for name in r1 r2; do
		ip -n $name link set tunl0 up
		ip -n $name link set ip6tnl0 up
		sysctls $name net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tunl0.rp_filter=0
	done
	serve -i -i 80
	all_answer "$client4" "$client6" VIP
	vip_of_servers del
}

@test "PFWMC: two ports of one mark go to the same real server" {
	way_back d
	mark_ports 80,443
	{ echo "-A -f 5 -s rr -p 60"; real_servers -f 5; } | lvs -R
	output=$(servers ask tcp $vip4 80 3 tcp $vip4 443 3)
	[[ $output == r1×6 || $output == r2×6 ]]
}

@test "a mark alone: two ports are one service, in turn" {
	way_back d
	mark_ports 80,443
	{ echo "-A -f 5 -s rr"; real_servers -f 5; } | lvs -R
	output=$(servers ask tcp $vip4 80 3 tcp $vip4 443 3)
	[[ $output == "r1×3 r2×3" ]]
}

@test "PCC: whatever the client asks goes to the same real server" {
	way_back d
	{ echo "-A -t $vip4:0 -s rr -p 60"; real_servers -t $vip4:0; } | lvs -R
	output=$(servers ask tcp $vip4 80 2 tcp $vip4 443 2 tcp $vip4 8080 2)
	[[ $output == r1×6 || $output == r2×6 ]]
}

@test "PPC: one port stays with a real server, another does not" {
	way_back d
	{
		echo "-A -t $vip4:80 -s rr -p 60"
		real_servers -t $vip4:80
		echo "-A -t $vip4:443 -s rr"
		real_servers -t $vip4:443
	} | lvs -R
	output=$(servers ask tcp $vip4 80 4)
	[[ $output == r1×4 || $output == r2×4 ]]
	output=$(servers ask tcp $vip4 443 4)
	[[ $output == "r1×2 r2×2" ]]
}

@test "a running connection does not notice -e" {
	local weight held=$BATS_TEST_TMPDIR/held
	way_back d
	{ echo "-A -t $vip4:80 -s wrr"; real_servers -t $vip4:80; } | lvs -R
	: >"$held"
	background c "$BATS_TEST_DIRNAME/lvs_client.py" hold $vip4 80 "$held" >"$held.out"
	wait_for 60 grep -q holding "$held.out"
	for weight in 5 0 1; do
		lvs -e -t $vip4:80 -r 198.51.100.11 -m -w $weight
		lvs -e -t $vip4:80 -r 198.51.100.12 -m -w $weight
		[[ $(lvs -Ln) == *"198.51.100.11:80"*Masq*" $weight "* ]]
	done
	rm "$held"
	wait_for 60 grep -q answers "$held.out"
	[[ $(<"$held.out") == *"answers: many, servers: 1" ]]
}

in_backup() {
	at g "${LVSCTL:-lvsctl}" -Lnc 2>/dev/null | grep -q "$client4:.*$vip4:80"
}

@test "the master's connections come to the backup; both daemons stop" {
	local held=$BATS_TEST_TMPDIR/held
	way_back d
	{ echo "-A -t $vip4:80 -s rr"; real_servers -t $vip4:80; } | lvs -R
	lvs --start-daemon master --mcast-interface back --syncid 7
	at g "${LVSCTL:-lvsctl}" --start-daemon backup --mcast-interface back --syncid 7
	[[ $(lvs -L --daemon) == *"master sync daemon (mcast=back, syncid=7"* ]]
	: >"$held"
	background c "$BATS_TEST_DIRNAME/lvs_client.py" hold $vip4 80 "$held" >"$held.out"
	wait_for 60 in_backup
	rm "$held"
	lvs --stop-daemon master
	at g "${LVSCTL:-lvsctl}" --stop-daemon backup
	[[ $(lvs -L --daemon) == "" ]]
	[[ $(at g "${LVSCTL:-lvsctl}" -L --daemon) == "" ]]
}
