#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The language of lvsctl as far as it needs no IPVS: what is wrong is said before the
# kernel is asked, -h and -v work everywhere. The rest is in tests/lab/lvs.bats.
# shellcheck disable=SC2154
load lib

# refused STATUS REGEX WORD...: it fails so, says so, and prints nothing
refused() {
	local status=$1 text=$2
	shift 2
	run "-$status" --separate-stderr lvsctl "$@"
	[[ -z $output && $stderr =~ $text ]] || { echo "$* -> $stderr"; false; }
}

@test "-h and -v need no IPVS" {
	run -0 --separate-stderr lvsctl -h
	[[ $output == *--add-service* && $output == *--fullnat* && -z $stderr ]]
	run -0 --separate-stderr lvsctl --version
	[[ $output == "lvsctl v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)" && -z $stderr ]]
	ln -s "$NP_BUILD/lvsctl" "$BATS_TEST_TMPDIR/ipvsadm"
	run -0 "$BATS_TEST_TMPDIR/ipvsadm" -v
	[[ $output == "ipvsadm v1.31 "* ]]
}

@test "help that cannot be written is an error; a version is not, as with ipvsadm" {
	local words
	for words in -h help 'explain -h' 'rs start -h'; do
		run -1 bash -c "lvsctl $words >/dev/full"
		[ "$output" = "lvsctl: cannot write: No space left on device" ]
	done
	run -0 bash -c "lvsctl -v >/dev/full"
}

@test "ipvsadm-restore of what cannot be read clears nothing" {
	ln -s "$NP_BUILD/lvsctl" "$BATS_TEST_TMPDIR/ipvsadm-restore"
	run -1 "$BATS_TEST_TMPDIR/ipvsadm-restore" </
	[ "$output" = "ipvsadm-restore: cannot read the standard input: Is a directory" ]
}

@test "every option of the table stands in -h, every verb in help" {
	local name
	run -0 lvsctl -h
	while read -r name; do
		[[ $output == *"--$name"* ]] || { echo "$name"; false; }
	done < <(sed -nE 's/^\t(COMMAND|FLAG|NUMBER)\([^"]*"([a-z-]+)".*/\2/p; s/^\t\{.*name = "([a-z0-9-]+)".*/\1/p' \
		"$NP_TOP/lvsctl/options.c")
	run -0 lvsctl help
	for name in explain simulate apply diff; do
		[[ $output == *"  $name "* ]] || { echo "$name"; false; }
	done
}

@test "every option of -h stands in lvsctl(8)" {
	local page word missing=
	page=$(mandoc -T ascii "$NP_TOP/man/lvsctl.8" | sed 's/.\x08//g')
	while read -r word; do
		grep -qE -- "(^|[^-a-z])$word([^-a-z]|\$)" <<<"$page" || missing+=" $word"
	done < <(lvsctl -h | grep -oE '^  (-., |    )--[a-z0-9-]+' | grep -oE -- '-[^ ,]+')
	echo "missing:$missing"
	[ -z "$missing" ]
}

@test "-h of every verb, and of those below it, is its usage" {
	local verb
	for verb in explain simulate apply diff check mark rs 'mark add' 'mark del' 'mark list' \
		'rs start' 'rs stop' 'rs status'; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr lvsctl $verb -h
		[[ $output == "Usage: lvsctl $verb"* && -z $stderr ]] || { echo "$verb"; false; }
		# shellcheck disable=SC2086
		[ "$(lvsctl $verb --help)" = "$output" ]
	done
}

@test "a command comes first, and only one" {
	refused 255 'unknown command "foo": lvsctl help lists them' foo
	refused 255 'unknown command "chek": did you mean "check"' chek -j
	refused 255 'command must come first' -n -L
	refused 255 'unknown option --foo' --foo
	refused 255 'unknown option -z' -Lnz
	refused 2 'already' -A -D -t 192.0.2.1:80
	refused 2 'already' -L -L
}

@test "values: missing, not wanted, out of range" {
	local source
	refused 255 'needs a value' -A -t
	refused 255 'takes no value' -L --numeric=1
	refused 255 'takes no value' -L -n=
	refused 2 'will not do' -A -t 192.0.2.256:80
	refused 2 'will not do' -A -t 192.0.2.1:65536
	refused 2 'will not do' -A -t '[2001:db8::1'
	refused 2 'will not do' -A -t 80
	refused 2 'will not do' -A -f 0
	refused 2 '"nosuchhost.invalid" is not the name of a host' -a -t 192.0.2.1:80 \
		-r nosuchhost.invalid:80
	refused 2 '"192.0.2.256" is no IPv4 address' -A -t 192.0.2.256:80
	refused 2 '"65536" is no port: 0 to 65535' -A -t 192.0.2.1:65536
	refused 2 '"nosuchport" is not the name of a port' -A -t 192.0.2.1:nosuchport
	refused 2 'IPv6 is ADDRESS or \[ADDRESS\]:PORT' -A -t '[2001:db8::1]'
	refused 2 'IPv6 is ADDRESS or \[ADDRESS\]:PORT' -A -t '2001:db8::1:http'
	refused 2 'IPv6 is ADDRESS or \[ADDRESS\]:PORT' -A -t '[2001:db8::g]:80'
	refused 2 'will not do for --tcp-service: ADDRESS\[:PORT\]' -A -t 80
	refused 2 'will not do for --tcp-service: ADDRESS\[:PORT\]' -A -t ''
	refused 2 'will not do for --tcp-service: ADDRESS\[:PORT\]' -A -t 192.0.2.1:
	refused 2 'from 1 to 2678400' -A -t 192.0.2.1:80 -p 0
	refused 2 'from 0 to 2147483647' -a -t 192.0.2.1:80 -r 192.0.2.2 -w 2147483648
	refused 2 'no type of tunnel' -a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type vxlan
	for source in 0.0.0.0 127.0.0.1 224.0.0.1 255.255.255.255 :: ::1 ff02::1; do
		refused 2 "\"$source\" will not do for --fullnat: it is " -a -t 192.0.2.1:80 \
			-r 192.0.2.2 --fullnat=$source
	done
	refused 2 'no multicast address' --start-daemon master --mcast-group 192.0.2.1
	refused 2 'neither master nor backup' --start-daemon m
	refused 2 'three timeouts' --set 1 2
	refused 2 'no timeout' --set 1 2 x
	refused 2 'unexpected word' --set 1 2 3 4
}

@test "what goes with what" {
	refused 2 'needs a service' -A
	refused 2 'needs a real server' -a -t 192.0.2.1:80
	refused 2 'does not go with --list' -L -s rr
	refused 2 '--masquerading does not go with --delete-server' -d -t 192.0.2.1:80 \
		-r 192.0.2.2 -m
	refused 2 '--udp-service does not go with --clear' -C -u 192.0.2.1:80
	refused 2 'does not go with' -L -c --timeout
	refused 2 'two different lists' -L -c --stats
	refused 2 'said already' -A -t 192.0.2.1:80 -u 192.0.2.1:80
	refused 2 'goes with -f' -A -t '[2001:db8::1]:80' -6
	refused 2 'must be persistent' -A -t 192.0.2.1
	refused 2 '--ops is for UDP' -A -t 192.0.2.1:80 -o
	refused 2 'no flag "sh-port"' -A -t 192.0.2.1:80 -s mh -b sh-port
	refused 2 'no scheduler flag "foo"' -A -t 192.0.2.1:80 -s sh -b foo
	refused 2 'by a tunnel only' -a -t 192.0.2.1:80 -r '[2001:db8::1]:80' -m
	refused 2 'go with -i' -a -t 192.0.2.1:80 -r 192.0.2.2 -m --tun-csum
	refused 2 'gue needs --tun-port' -a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gue
	refused 2 'one kind of checksum' -a -t 192.0.2.1:80 -r 192.0.2.2 -i --tun-type gre \
		--tun-csum --tun-nocsum
}

@test "names: completion of verbs, commands, options and values" {
	run -0 lvsctl --complete ''
	[[ $output == *explain* && $output == *--add-service* && $output != *--weight* ]]
	run -0 lvsctl --complete -a --w
	[[ $output == --weight ]]
	run -0 lvsctl --complete -A -t 192.0.2.1:80 -s w
	[[ $output == $'wrr\nwlc' ]]
	run -0 lvsctl --complete -L --sort=out
	[[ $output == $'--sort=outpkts\n--sort=outbytes\n--sort=outpps\n--sort=outbps' ]]
	run -0 lvsctl --complete -D -t '' # no kernel is needed to have nothing to say
	[[ $output != *-* ]]
}

# completes WANTED WORD...
completes() {
	local words
	words=$(lvsctl --complete "${@:2}")
	[ "$words" = "$1" ] || { echo "${*:2}: $words"; return 1; }
}

@test "names: completion behind verbs" {
	run -0 lvsctl --complete explain --
	[[ $output == *--tcp-service*--from* && $output != *--add-service* ]]
	completes $'--simulate' explain -t 10.0.0.1:80 --si
	completes $'--dry-run' apply --d
	completes '<FILE>' apply ''
	completes $'--json\n--pretty' check --
	completes '' check ''
	completes $'add\ndel\nlist' mark ''
	completes $'--json\n--pretty' mark list --
	completes $'start\nstatus' rs sta
	completes '' rs start ''
	completes $'dr\ntun\ndev' rs start 10.0.0.1 ''
	completes 'tun' rs start 10.0.0.1 t
	completes '<DEV>' rs start 10.0.0.1 dev ''
	completes '' rs stop 10.0.0.1 ''
	completes $'--json\n--pretty' rs status -
}

@test "ipvsadm-save says what it takes" {
	ln -s "$NP_BUILD/lvsctl" "$BATS_TEST_TMPDIR/ipvsadm-save"
	run -1 --separate-stderr "$BATS_TEST_TMPDIR/ipvsadm-save" -x
	[[ -z $output && $stderr == *-n* ]]
}

@test "without IPVS its module is named" {
	[ ! -e /proc/net/ip_vs ] || skip "this kernel has IPVS"
	refused 2 'module ip_vs' -L
	refused 2 'module ip_vs' -A -t 192.0.2.1:80
}
