# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The same script run with ip of iproute2 6.1 and with prt, each in a network
# namespace of its own, and what the two print held against each other: stdout to
# the byte, and the status (ip's 255 and 22 for wrong usage are its documented 1).
#
#   both <<'END'
#   sys ip addr add …       # the same for both: the real ip, not shown
#   x route add …           # the tool under test; shown with its status
#   END
#
# In the script v0 and v1 are a pair of links, up, 10.0.0.1/24 and 10.1.0.1/24.

need_ip_6_1() {
	[[ $(ip -V 2>/dev/null) == *iproute2-6.1.* ]] || skip "iproute2 6.1 is not here to compare with"
	unshare -rn true 2>/dev/null || skip "no user namespaces"
}

both_prelude() {
	cat <<'END'
sys() { "$@" >/dev/null 2>&1; }
x() {
	local out status
	printf '$ %s\n' "$*"
	out=$("$TOOL" "$@" 2>err; printf '= %d' $?)
	status=${out##*= }
	case $status in 0 | 2) ;; *) status=1 ;; esac
	printf '%s= %s%s\n' "${out%= *}" "$status" "$([ -s err ] && echo ' !')"
}
sys sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
	net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.addr_gen_mode=1
sys ip link set lo up
sys ip link add v0 type veth peer name v1
sys ip link set v0 up
sys ip link set v1 up
sys ip addr add 10.0.0.1/24 dev v0
sys ip addr add 10.1.0.1/24 dev v1
sys ip -6 addr add 2001:db8::1/64 dev v0 nodad
sys ip -6 addr add 2001:db8:1::1/64 dev v1 nodad
# Each link gets its multicast route when it carries; which comes first is chance.
for _ in {1..200}; do
	[ "$(ip -6 route show table local ff00::/8 | wc -l)" -lt 2 ] || break
	sleep 0.02
done
sys ip -6 route del multicast ff00::/8 dev v0 table local
sys ip -6 route append multicast ff00::/8 dev v0 table local proto kernel metric 256
END
}

# What depends on the moment: ages, users, what is left of a lifetime.
both_normal() {
	sed -E 's/(users [0-9]+ )?age [0-9]+sec |users [0-9]+ |used [0-9]+ //g
		s/expires [0-9]+sec/expires SOON/; s/"expires":[0-9]+/"expires":0/g; s/,"(users|used|age)":[0-9]+//g'
}

both() {
	local script tool dir
	script=$(both_prelude; cat)
	for tool in ip prt; do
		dir=$BATS_TEST_TMPDIR/$tool
		mkdir -p "$dir"
		(cd "$dir" && TOOL=$tool NO_COLOR='' unshare -rn bash -c "$script") 2>"$dir/stderr" |
			both_normal >"$BATS_TEST_TMPDIR/$tool.out"
	done
	[ -s "$BATS_TEST_TMPDIR/prt.out" ]
	diff -u "$BATS_TEST_TMPDIR/ip.out" "$BATS_TEST_TMPDIR/prt.out"
}
