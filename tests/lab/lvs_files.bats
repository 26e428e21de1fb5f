#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tables that are saved, restored and listed: what lvsctl says beyond ipvsadm, on a kernel's IPVS.
# shellcheck disable=SC2154 # stderr comes from run
load lib

corpus=$(realpath "$BATS_TEST_DIRNAME/../../../shared/corpus/lvs" 2>/dev/null) || corpus=

setup() {
	load_modules ip_vs ip_vs_rr ip_vs_wrr ip_vs_wlc ip_vs_sh ip_vs_pe_sip nf_tables
	lone_director
	file=$BATS_TEST_TMPDIR/file
}

teardown() {
	lab_end
}

lvs() {
	ip netns exec d lvsctl "$@"
}

# A table with everything that a command can say.
table() {
	cat <<-'END'
		-A -t 10.0.0.1:80 -s rr -p 300 -M 255.255.255.0
		-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 3 -x 9 -y 4
		-a -t 10.0.0.1:80 -r 10.1.0.2:80 --fullnat -w 1
		-a -t 10.0.0.1:80 -r 10.1.0.3:80 --fullnat=10.0.0.254 -w 0
		-A -u 10.0.0.1:5060 -s sh -p 60 --pe sip -b sh-port,sh-fallback
		-a -u 10.0.0.1:5060 -r 10.1.0.1:5060 -g -w 1
		-A -u [2001:db8::1]:53 -s wlc -o
		-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -i -w 7 --tun-type gre --tun-csum
		-A -f 7 -6 -s wrr -p 60 -M 64
		-a -f 7 -6 -r [2001:db8::2]:0 -g -w 2
		-A -f 4294967290 -s rr
		-a -f 4294967290 -r 10.1.0.1:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum
	END
}

@test "saved, cleared, restored, saved: the same, as lines, in full, as JSON" {
	table | lvs -R --strict
	lvs -Sn --full >"$file"
	[ "$(wc -l <"$file")" = 12 ]
	grep -qx -- "-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 3 -x 9 -y 4" "$file"
	grep -qx -- "-A -f 4294967290 -s rr" "$file"
	lvs -S --json >"$file.json"
	lvs -Sn >"$file.plain"
	lvs -C
	lvs -R --strict <"$file"
	lvs -Sn --full | diff "$file" -
	lvs -C
	lvs -R --strict <"$file.plain"
	lvs -Sn | diff "$file.plain" -
	lvs apply -q "$file.json"
	lvs -Sn --full | diff "$file" -
	lvs diff "$file.json"
	lvs diff "$file"
}

# One scenario in twenty without LAB_APPEND=lab.all.
scenarios() {
	local every=20
	! lab_all || every=1
	"$BATS_TEST_DIRNAME/lvs_round.py" "$corpus" "$NP_BUILD/lvsctl" "$every" |
		while IFS= read -r line; do
			progress "$line"
			echo "$line"
		done
	return "${PIPESTATUS[0]}"
}

@test "scenarios: saved, cleared, restored, saved: the same" {
	[[ $corpus && -d $corpus/t ]] || skip "no corpus next to the checkout"
	scenarios
}

# A line that does not parse, and one that the kernel refuses, in the middle.
bad_lines() {
	printf '%s\n' "-A -t 10.0.0.9:80 -s rr" "-a -t 10.0.0.9:80 -r 10.1.0.9:80 -m" "$1" \
		"-A -t 10.0.0.9:81 -s rr"
}

# full STATUS COMMAND...: what it prints does not fit the disk, and it says so.
full() {
	run -"$1" --separate-stderr at_full "${@:2}"
	[[ $stderr == *": "*"No space left on device" ]] || { echo "$*: $stderr"; return 1; }
}

at_full() {
	ip netns exec d "$@" >/dev/full
}

@test "a file that does not fit the disk is an error; a list is none, as with ipvsadm" {
	table | lvs -R
	full 1 lvsctl -Sn
	full 1 lvsctl -S --json
	ln -s "$(command -v lvsctl)" "$BATS_TEST_TMPDIR/ipvsadm-save"
	full 1 "$BATS_TEST_TMPDIR/ipvsadm-save" -n
	echo "-A -t 10.0.0.9:80 -s rr" >"$file"
	full 1 lvsctl apply -n "$file"
	full 1 lvsctl explain -t 10.0.0.1:80
	full 1 lvsctl simulate -t 10.0.0.1:80 10
	full 1 lvsctl check
	lvs mark add 10.0.0.1:80 tcp 7
	full 1 lvsctl mark list
	full 1 lvsctl rs status 10.0.0.1
	lvs mark del 10.0.0.1:80 tcp
	full 2 lvsctl diff "$file"
	at_full lvsctl -Ln
	at_full lvsctl -Ln --json
}

@test "--atomic: of a file with a line that fails nothing is applied; the line is named" {
	local line
	table | lvs -R
	lvs -Sn --full >"$file"
	for line in "-a -t 10.0.0.7:80 -r 10.1.0.1:80 -m" "-A -t 10.0.0.9:82 -s rr -w 9" \
		"-a -t 10.0.0.9:80 -r 10.1.0.9:80 -m" "-C"; do
		bad_lines "$line" >"$file.bad"
		[[ $line == -C ]] || {
			run -1 --separate-stderr lvs -R --atomic <"$file.bad"
			[[ $stderr == *"line 3: "* ]]
			lvs -Sn --full | diff "$file" -
		}
	done
	lvs -R --atomic <"$file.bad"
	[[ $(lvs -Sn) == "-A -t 10.0.0.9:81 -s rr" ]]
}

@test "--strict: a refused line fails the command, the others are done" {
	bad_lines "-a -t 10.0.0.7:80 -r 10.1.0.1:80 -m" >"$file"
	run -0 --separate-stderr lvs -R <"$file"
	[[ $stderr == *"line 3: "* ]]
	lvs -C
	run -1 --separate-stderr lvs -R --strict <"$file"
	[[ $stderr == *"line 3: "* ]]
	[ "$(lvs -Sn | wc -l)" = 3 ]
}

@test "--watch: redrawn each second on a terminal, with rates, until it is ended" {
	table | lvs -R
	ip netns exec d timeout -s INT 4 script -qec "lvsctl -Ln --watch" /dev/null >"$file" || true
	[ "$(grep -c 'LocalAddress:Port .*CPS' "$file")" -ge 2 ]
	grep -q $'\e\\[H' "$file"
}

@test "--sort: by a column, the largest first" {
	table | lvs -R
	[[ $(lvs -Ln -t 10.0.0.1:80 --sort=weight | grep -o '10.1.0.[0-9]' | xargs) == \
		"10.1.0.1 10.1.0.2 10.1.0.3" ]]
	lvs -e -t 10.0.0.1:80 -r 10.1.0.3 --fullnat=10.0.0.254 -w 9
	[[ $(lvs -Ln -t 10.0.0.1:80 --sort=weight | grep -o '10.1.0.[0-9]' | xargs) == \
		"10.1.0.3 10.1.0.1 10.1.0.2" ]]
}

# json OPTION... EXPRESSION: true of what the list says, j
json() {
	lvs -L -j "${@:1:$#-1}" | python3 -c '
import json, sys
j = json.load(sys.stdin)
assert eval("(" + sys.argv[1] + ")"), j' "${!#}"
}

@test "every list as JSON" {
	local option
	table | lvs -R
	for option in -n --stats --rate --thresholds --persistent-conn --tun-info; do
		json "$option" 'len(j["services"]) == 5 and all("stats" in s for s in j["services"])'
	done
	json -n '[d["forward"] for s in j["services"] if s.get("port") == 80
		for d in s["servers"]] == ["masq", "fullnat", "fullnat"]'
	json --timeout 'j == {"tcp": 900, "tcpfin": 120, "udp": 300}'
	json -c 'j == []'
	json --daemon 'j == []'
	lvs --start-daemon master --mcast-interface lo --syncid 7 --mcast-ttl 3
	lvs --start-daemon backup --mcast-interface lo --syncid 8
	json --daemon '[(d["state"], d["mcast_interface"], d["syncid"]) for d in j] ==
		[("master", "lo", 7), ("backup", "lo", 8)] and j[0]["mcast_ttl"] == 3'
	[[ $(lvs -L --daemon) == *"master sync daemon (mcast=lo, syncid=7,"*backup* ]]
	lvs --stop-daemon master
	lvs --stop-daemon backup
	json --daemon 'j == []'
}
