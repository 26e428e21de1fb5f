#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl diff and apply against a kernel's IPVS, in one namespace d; ipvsadm sets up and looks.
# shellcheck disable=SC2154 # stderr comes from run
load lib

setup() {
	load_modules ip_vs ip_vs_rr ip_vs_wlc ip_vs_sh
	lone_director
	file=$BATS_TEST_TMPDIR/file
}

teardown() {
	lab_end
}

table() {
	ip netns exec d ipvsadm -Sn
}

# table_of LINES: the kernel has just these (stdin), and file as well
restore() {
	tee "$file" | ip netns exec d ipvsadm-restore
}

@test "diff: 0 and nothing; 1 and the changes; 2 and a reason" {
	restore <<-'END'
		-A -t 10.0.0.1:80 -s wlc
		-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1
		-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 1
		-A -f 7 -s sh -p 300 -b sh-port
		-a -f 7 -r 10.1.0.1:0 -g -w 1
		-A -u [2001:db8::1]:53 -s rr
		-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -i -w 3
	END
	run -0 at d lvsctl diff "$file"
	[[ ${lines[*]} == "+ [d]"* && ${#lines[@]} == 1 ]]
	table >"$file"
	run -0 at d lvsctl diff "$file"
	sed -i 's/8080 -m -w 1/8080 -m -w 9/; /f 7/d' "$file"
	echo '-A -t 10.0.0.2:80 -s rr' >>"$file"
	run -1 --separate-stderr ip netns exec d lvsctl diff "$file"
	[ "$output" = '~ -e -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 9  (was -w 1)
+ -A -t 10.0.0.2:80 -s rr
- -D -f 7' ]
	echo '-A -t 80' >>"$file"
	run -2 at d lvsctl diff "$file"
	[[ $output == *"$file:"*'"80" will not do for --tcp-service'* ]]
}

# sends TRACE FILE: apply, each message to the kernel a line of TRACE
sends() {
	ip netns exec d strace -f -e trace=sendto,sendmsg -o "$1" lvsctl apply "$2"
}

@test "apply: what the file says, no more messages than changes; the rest keeps its counters" {
	local i
	{
		for ((i = 0; i < 1000; i++)); do
			printf -- '-A -t 10.%d.%d.1:80 -s wlc\n' $((i / 250 + 100)) $((i % 250))
			printf -- '-a -t 10.%d.%d.1:80 -r 10.1.0.%d:80 -m -w 1\n' \
				$((i / 250 + 100)) $((i % 250)) 1 $((i / 250 + 100)) $((i % 250)) 2 \
				$((i / 250 + 100)) $((i % 250)) 3 $((i / 250 + 100)) $((i % 250)) 4 \
				$((i / 250 + 100)) $((i % 250)) 5 $((i / 250 + 100)) $((i % 250)) 6 \
				$((i / 250 + 100)) $((i % 250)) 7 $((i / 250 + 100)) $((i % 250)) 8 \
				$((i / 250 + 100)) $((i % 250)) 9 $((i / 250 + 100)) $((i % 250)) 10
		done
	} >"$file"
	at d lvsctl apply -q "$file"
	[ "$(table | grep -c '^-a')" = 10000 ]
	sed '0,/10.1.0.7:80 -m -w 1/s//10.1.0.7:80 -m -w 4/' "$file" >"$file.new"
	progress "10000 are there"
	run -0 sends "$BATS_TEST_TMPDIR/changed" "$file.new"
	[ "$output" = '~ -e -t 10.100.0.1:80 -r 10.1.0.7:80 -m -w 4  (was -w 1)' ]
	# questions a service at most, and none of the 10000 real servers sent again
	[ "$(grep -c send "$BATS_TEST_TMPDIR/changed")" -lt 5000 ]
	run -0 at d lvsctl diff "$file.new"
}

@test "apply: connections live on, also those of a real server that comes and goes" {
	local seconds=12 n=0
	namespaces c s
	veth c c0 172.16.0.1/24 d d0 172.16.0.254/24
	veth d d1 172.17.0.254/24 s s0 172.17.0.1/24
	ip -n s address add 172.17.0.2/24 dev s0
	ip -n s route add default via 172.17.0.254
	sysctls d net.ipv4.ip_forward=1
	restore <<-'END'
		-A -t 172.16.0.254:80 -s rr
		-a -t 172.16.0.254:80 -r 172.17.0.1:80 -m -w 1
		-A -t 172.16.0.254:81 -s rr
	END
	! lab_all || seconds=30
	python3 "$LAB_TOP/tests/lab/lvs_stream.py" c s 172.16.0.254 $seconds >"$BATS_TEST_TMPDIR/stream" &
	stream=$!
	wait_for 30 grep -q begun "$BATS_TEST_TMPDIR/stream"
	cat >"$file.new" <<-'END'
		-A -t 172.16.0.254:80 -s wlc
		-a -t 172.16.0.254:80 -r 172.17.0.1:80 -m -w 5
		-a -t 172.16.0.254:80 -r 172.17.0.2:80 -m -w 1
		-A -t 172.16.0.254:82 -s rr
	END
	while kill -0 "$stream"; do
		run -0 --separate-stderr ip netns exec d lvsctl apply "$file.new"
		[ "${#lines[@]}" = 5 ]
		run -0 at d lvsctl apply "$file"
		((++n))
	done
	echo "$n times there and back in $seconds s"
	((n > 0))
	wait "$stream"
	[ "$(tail -1 "$BATS_TEST_TMPDIR/stream")" = whole ]
}

@test "apply: a refused change undoes the rest, and is named" {
	restore <<-'END'
		-A -t 10.0.0.1:80 -s wlc
		-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 1
		-A -t 10.0.0.2:80 -s rr -p 60
		-a -t 10.0.0.2:80 -r 10.1.0.2:80 -m -w 1
	END
	table | sort >"$file.before"
	cat >"$file" <<-'END'
		-A -t 10.0.0.1:80 -s rr
		-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 7
		-a -t 10.0.0.1:80 -r 10.1.0.9:80 -m -w 7
		-A -t 10.0.0.3:80 -s nosuch
		-a -t 10.0.0.3:80 -r 10.1.0.9:80 -m -w 7
	END
	run -2 --separate-stderr ip netns exec d lvsctl apply "$file"
	[ -z "$output" ]
	[[ $stderr == "lvsctl: the kernel refuses -A -t 10.0.0.3:80 -s nosuch: its scheduler or "* ]]
	[[ $stderr == *"; 3 others were made and undone, the table is as it was" ]]
	table | sort | cmp - "$file.before"
	run -0 at d lvsctl apply -n "$file"
	table | sort | cmp - "$file.before"
}

@test "apply: a bad file changes nothing" {
	restore <<<'-A -t 10.0.0.1:80 -s wlc'
	printf '%s\n' '-A -t 10.0.0.9:80 -s rr' '-a -t 10.0.0.9:80 -r 9' >"$file"
	run -1 at d lvsctl apply "$file"
	[[ $output == *":2: "*'"9" will not do for --real-server'* ]]
	[ "$(table)" = '-A -t 10.0.0.1:80 -s wlc' ]
}

@test "apply: nothing at all is no order to clear; JSON without services is one" {
	local input
	restore <<<'-A -t 10.0.0.1:80 -s wlc'
	for input in '' $'\n' '# a comment'; do
		run -1 at d lvsctl apply - <<<"$input"
		[[ $output == *"standard input: no service is in it: lvsctl -C clears the table" ]]
		run -1 at d lvsctl apply -n - <<<"$input"
		run -1 at d lvsctl diff - <<<"$input"
		[ "${lines[-1]}" = '- -D -t 10.0.0.1:80' ]
	done
	[ "$(table)" = '-A -t 10.0.0.1:80 -s wlc' ]
	run -0 at d lvsctl apply - <<<'{"services":[]}'
	[ -z "$(table)" ]
}
