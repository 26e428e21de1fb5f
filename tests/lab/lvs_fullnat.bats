#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# FULLNAT with real packets and a kernel as it is: the real servers' default route is another router,
# and they see the director. The network is drawn in lvs_net.bash.
# shellcheck disable=SC2154,SC2086 # addresses that lvs_net.bash sets, without blanks

load lib
load lvs_net

other4=198.51.100.200 other6=2001:db8:1::200

setup_file() {
	lvs_network
	way_back g
	ip -n d address add $other4/24 dev back
	ip -n d address add $other6/64 dev back nodad preferred_lft 0
}

teardown_file() {
	lab_end
}

setup() {
	sysctls d net.ipv4.vs.conntrack=0
}

teardown() {
	lvs -C
	at d nft delete table ip marks 2>/dev/null || true
}

# Nothing of FULLNAT is there.
nothing_left() {
	[[ $(at d nft list ruleset) == "" ]]
	[[ $(at d sysctl -n net.ipv4.vs.conntrack) == 0 ]]
}

@test "the real server sees the director's address, IPv4 and IPv6, TCP and UDP" {
	serve --fullnat --fullnat 8080
	all_answer $director4 $director6
	[[ $(at d sysctl -n net.ipv4.vs.conntrack) == 1 ]]
	# Without the rule nobody would hear from it.
	at d nft delete table inet netpath_fullnat
	[[ $(TIMEOUT=1 ask tcp $vip4 80 1) == none ]]
}

@test "an address that is asked for" {
	serve --fullnat=$other4 --fullnat=$other6 80
	all_answer $other4 $other6
}

mark_443() {	# what comes to the VIP there gets mark 5
	at d nft -f - <<-END
		table ip marks {
			chain pre {
				type filter hook prerouting priority mangle
				ip daddr $vip4 tcp dport 443 meta mark set 5
			}
		}
	END
}

# kinds_answer SOURCE4 SOURCE6: services of mark 5 and of port 0, two of whose destinations have these
kinds_answer() {
	ask tcp $vip4 443 2 tcp $vip4 80 1 tcp $vip6 8080 1 >"$BATS_TEST_TMPDIR/answers"
	diff -u - "$BATS_TEST_TMPDIR/answers" <<-END
		r1 $director4 198.51.100.11
		r2 $1 198.51.100.12
		r2 $director4 198.51.100.12
		r1 $2 2001:db8:1::11
	END
}

# kinds: services of mark 5 and of port 0, saved
kinds() {
	cat <<-END
		-A -f 5 -s rr
		-a -f 5 -r 198.51.100.11 --fullnat
		-a -f 5 -r 198.51.100.12 --fullnat=$other4
		-A -t $vip4:0 -s rr -p 60
		-a -t $vip4:0 -r 198.51.100.12 --fullnat
		-A -t [$vip6]:0 -s rr -p 60
		-a -t [$vip6]:0 -r [2001:db8:1::11]:0 --fullnat=$other6
	END
}

@test "a mark, and port 0" {
	kinds | lvs -R
	mark_443
	kinds_answer $other4 $other6
}

@test "apply: FULLNAT comes, changes and goes; diff tells" {
	local file=$BATS_TEST_TMPDIR/file
	kinds >"$file"
	at d lvsctl apply "$file"
	at d lvsctl diff "$file"
	mark_443
	kinds_answer "$other4" "$other6"
	sed -i "s/=$other4//; s/=$other6/ -w 3/" "$file"
	[[ $(at d lvsctl apply "$file" | grep -c -- --fullnat) == 2 ]]
	at d lvsctl diff "$file"
	kinds_answer $director4 $director6
	at d nft delete table ip marks
	sed -i 's/--fullnat/-m/' "$file"
	at d lvsctl apply "$file"
	nothing_left
	sed -i '/-f 5/s/-m/--fullnat/' "$file"
	at d lvsctl apply "$file"
	[[ $(at d lvsctl apply - <<<'{"services":[]}') == *"-D -f 5"* ]]
	nothing_left
}

@test "apply: a refusal undoes what was FULLNAT by then" {
	run -2 --separate-stderr at d lvsctl apply - <<-END
		-A -t $vip4:80 -s rr
		-a -t $vip4:80 -r 198.51.100.11:80 --fullnat
		-a -t $vip4:80 -r 198.51.100.12:80 --fullnat=$other6
	END
	[[ $stderr == *"FULLNAT wants a source of the real server's family"*undone* ]]
	nothing_left
	[[ $(at d ipvsadm -Sn) == "" ]]
}

@test "listed, saved, cleared, restored: the same; cleared: nothing is left" {
	local file=$BATS_TEST_TMPDIR/saved
	lvs -R <<-END
		-A -f 5 -s rr
		-a -f 5 -r 198.51.100.12:0 --fullnat=$other4 -w 1
		-A -f 6 -6 -s rr
		-a -f 6 -6 -r [2001:db8:1::12]:0 --fullnat -w 1
		-A -t $vip4:0 -s rr -p 60
		-a -t $vip4:0 -r 198.51.100.12 -w 1 --fullnat
		-A -t $vip4:80 -s wlc
		-a -t $vip4:80 -r 198.51.100.11:8080 --fullnat=$other4 -w 3
		-a -t $vip4:80 -r 198.51.100.12:8080 -m -w 2
		-a -t $vip4:80 -r 198.51.100.13:80 -g -w 2
		-A -u [$vip6]:80 -s rr
		-a -u [$vip6]:80 -r [2001:db8:1::11]:80 --fullnat=$other6
	END
	lvs -Sn >"$file"
	cat "$file"
	[[ $(grep -c -- --fullnat "$file") == 5 ]]
	grep -qx -- "-a -t $vip4:80 -r 198.51.100.11:8080 --fullnat=$other4 -w 3" "$file"
	grep -qx -- "-a -t $vip4:0 -r 198.51.100.12:0 --fullnat -w 1" "$file"
	[[ $(lvs -Ln | grep -c FullNAT) == 5 ]]
	lvs -C
	nothing_left
	lvs -R <"$file"
	lvs -Sn | diff -u "$file" -
	at d nft list ruleset >"$file.nft"
	at d nft flush ruleset
	at d nft -f "$file.nft"
	lvs -Sn | diff -u "$file" -
	lvs -C
	nothing_left
}

many() {	# 300 services, each with FULLNAT
	local i
	for ((i = 1; i <= 300; i++)); do
		printf -- '-A -t %s:%d -s rr\n' $vip4 $((1000 + i))
		printf -- '-a -t %s:%d -r 198.51.100.11:80 --fullnat -w 1\n' $vip4 $((1000 + i))
		printf -- '-a -t %s:%d -r 198.51.100.12:80 -m -w 1\n' $vip4 $((1000 + i))
	done
}

@test "-R: hundreds in few transactions; what is refused among them leaves nothing behind" {
	local file=$BATS_TEST_TMPDIR/file
	many >"$file"
	{
		head -450 "$file"
		echo "-a -t $vip4:1001 -r 198.51.100.11:80 --fullnat=$other4"
		echo "-a -t $vip4:9 -r 198.51.100.11:80 --fullnat"
		echo "-A -u $vip4:9 -s rr -o"
		echo "-a -u $vip4:9 -r 198.51.100.11:80 --fullnat"
		echo "-a -t $vip4:1001 -r 198.51.100.13:80 --fullnat=$other4 -x 1 -y 2"
		echo "-D -u $vip4:9"
		tail -450 "$file"
	} >"$file.bad"
	run -0 --separate-stderr at d strace -o "$file.trace" -e trace=sendto,sendmsg lvsctl -R <"$file.bad"
	[[ $stderr == *"line 451: "*"line 452: "*"line 454: "*one-packet* ]]
	[[ $stderr == *"line 455: "* ]]
	(($(wc -l <"$file.trace") < 60))
	lvs -Sn | diff - "$file"
	[[ $(at d nft list table inet netpath_fullnat | grep -c 'goto auto') == 300 ]]
	[[ $(at d nft list ruleset) != *snat_* ]]
}

@test "-e makes FULLNAT of NAT and back; -d and -D take it away with the last" {
	lvs -A -t $vip4:80 -s rr
	lvs -a -t $vip4:80 -r 198.51.100.11 -m
	nothing_left
	lvs -e -t $vip4:80 -r 198.51.100.11 --fullnat
	[[ $(lvs -Ln) == *FullNAT* ]]
	[[ $(ask tcp $vip4 80 1) == "r1 $director4 198.51.100.11" ]]
	lvs -e -t $vip4:80 -r 198.51.100.11 --fullnat=$other4
	[[ $(ask tcp $vip4 80 1) == "r1 $other4 198.51.100.11" ]]
	lvs -e -t $vip4:80 -r 198.51.100.11 -m
	nothing_left
	[[ $(lvs -Ln) == *Masq* ]]
	lvs -e -t $vip4:80 -r 198.51.100.11 --fullnat
	lvs -a -t $vip4:80 -r 198.51.100.12 --fullnat
	lvs -d -t $vip4:80 -r 198.51.100.11
	[[ $(lvs -Sn) == *198.51.100.12*--fullnat* ]]
	lvs -D -t $vip4:80
	nothing_left
}

@test "what is refused leaves nothing behind" {
	run ! lvs -a -t $vip4:80 -r 198.51.100.11 --fullnat
	nothing_left
	lvs -A -t $vip4:80 -s rr
	run ! lvs -a -t $vip4:80 -r 198.51.100.11 --fullnat=$other6
	nothing_left
	run ! lvs -e -t $vip4:80 -r 198.51.100.11 --fullnat
	nothing_left
	lvs -a -t $vip4:80 -r 198.51.100.11 --fullnat=$other4
	run ! lvs -a -t $vip4:80 -r 198.51.100.11 --fullnat
	run ! lvs -a -t $vip4:80 -r 198.51.100.11 -m
	[[ $(lvs -Sn) == *--fullnat=$other4* ]]
	lvs -A -u $vip4:80 -s rr --ops
	run ! lvs -a -u $vip4:80 -r 198.51.100.11 --fullnat
}

@test "killed in the middle: what is listed works, and -C leaves nothing" {
	local i
	{
		echo "-A -t $vip4:80 -s rr"
		for i in {1..250}; do
			echo "-a -t $vip4:80 -r 198.51.100.11:$((8000 + i)) --fullnat"
		done
	} >"$BATS_TEST_TMPDIR/many"
	for i in 0.1 0.3 0.5 0.9; do
		at d timeout -s KILL $i "${LVSCTL:-lvsctl}" -R <"$BATS_TEST_TMPDIR/many" || true
		# Every masquerading destination there has been made FULLNAT before.
		run ! grep -q Masq <(lvs -Ln)
		lvs -C
		nothing_left
	done
}
