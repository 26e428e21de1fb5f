# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For the guest's bats files: `load lib`, `lab_end` in teardown. Namespaces and links go at its
# call, processes as well. Nothing waits for a fixed time: wait_for polls a condition.
bats_require_minimum_version 1.5.0

[[ ${LAB_KERNEL-} ]] || { echo "this file runs in the lab: tests/lab/run $BATS_TEST_FILENAME" >&2; exit 1; }

lab_namespaces=()
lab_processes=()

# load_modules NAME...: from the distribution's modules; says which kernel lacks which. What a
# kernel has built in needs no loading.
load_modules() {
	local name
	for name; do
		[[ -d /sys/module/$name ]] || modprobe "$name" || {
			echo "lab: kernel $LAB_KERNEL cannot load module $name" >&2
			return 1
		}
	done
}

# load_static_nat [PARAMETER...]: the module, built by the harness for any file that says this
# word, nat_begin, or loads nat_net or prt_nat
load_static_nat() {
	[[ $LAB_NAT ]] || skip "no static_nat: $LAB_NAT_WHY"
	insmod "$LAB_NAT" "$@"
}

# nat_begin NAMESPACE...: the module and these namespaces; nat_end takes both away
nat_begin() {
	load_static_nat
	namespaces "$@"
}

nat_end() {
	lab_end
	rmmod static_nat
}

# namespaces NAME...: made anew, loopback up; lab_end deletes them
namespaces() {
	local name
	for name; do
		ip netns add "$name" || return
		lab_namespaces+=("$name")
		ip -n "$name" link set lo up || return
	done
}

# lone_director: a namespace d with 10.0.0.254/8 and 2001:db8::fe/64 on its loopback
lone_director() {
	namespaces d
	ip -n d address add 10.0.0.254/8 dev lo
	ip -n d -6 address add 2001:db8::fe/64 dev lo nodad
}

# in_line A R B: two hosts and the router between them, of whose network cards each has the name
# of the host that it is cabled to:
#
#   A eth0 10.0.1.1, fd01::1 ─── rA 10.0.1.254, fd01::254 R rB 10.0.2.254, fd02::254 ─── eth0 B
#                                                                          10.0.2.2, fd02::2
in_line() {
	namespaces "$1" "$2" "$3"
	veth "$1" eth0 10.0.1.1/24,fd01::1/64 "$2" "r$1" 10.0.1.254/24,fd01::254/64
	veth "$2" "r$3" 10.0.2.254/24,fd02::254/64 "$3" eth0 10.0.2.2/24,fd02::2/64
	ways_out "$1" 10.0.1.254 fd01::254
	ways_out "$3" 10.0.2.254 fd02::254
	sysctls "$2" net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

ways_out() {	# NAMESPACE IPV4 IPV6: its default routes
	ip -n "$1" route add default via "$2"
	ip -n "$1" route add default via "$3"
}

# at NAMESPACE COMMAND...: shown, then run there
at() {
	echo "+ [$1] ${*:2}" >&2
	ip netns exec "$@"
}

# veth NS1 DEV1 ADDRESS1 NS2 DEV2 ADDRESS2: a cable between two namespaces, both ends up.
# ADDRESS is ADDR/LEN, several with commas between, or "" for none; IPv6 is usable at once.
veth() {
	ip -n "$1" link add "$2" type veth peer name "$5" netns "$4" || return
	end_of_cable "$1" "$2" "$3" && end_of_cable "$4" "$5" "$6" &&
		wait_for 10 cable_up "$1" "$2" && wait_for 10 cable_up "$4" "$5"
}

end_of_cable() {
	local address nodad
	for address in ${3//,/ }; do
		nodad=()
		[[ $address != *:* ]] || nodad=(nodad)
		ip -n "$1" address add "$address" dev "$2" "${nodad[@]}" || return
	done
	ip -n "$1" link set "$2" up
}

cable_up() {
	[[ $(ip -n "$1" -br link show dev "$2") == *LOWER_UP* ]]
}

# sysctls NAMESPACE KEY=VALUE...
sysctls() {
	at "$1" sysctl -qw "${@:2}"
}

# legacy_rules NAMESPACE RULE...: its legacy rules are these, "TABLE LINE", and no others; all four
# tables are there. Those of iptables, or of $tool.
legacy_rules() {
	local table rule
	for table in raw mangle nat filter; do
		printf '*%s\n' $table
		for rule in "${@:2}"; do
			[[ $rule != "$table "* ]] || printf '%s\n' "${rule#* }"
		done
		printf 'COMMIT\n'
	done | at "$1" "${tool:-iptables}-legacy-restore"
}

# wait_for SECONDS COMMAND...: until it succeeds; failure says what did not come
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS <= end)) || { echo "lab: waited in vain for: $*" >&2; return 1; }
		sleep 0.05
	done
}

# background NAMESPACE COMMAND...: lab_end ends it; its id is in $!
background() {
	ip netns exec "$@" 3>&- &
	lab_processes+=($!)
}

# progress TEXT: a sign of life inside a long test, for the harness's stall limit
progress() {
	echo "$*" >>"$LAB_OUT/progress"
}

# kmsg_mark: kmsg_since prints what the kernel logged after the last mark, as dmesg does
kmsg_mark() {
	lab_mark="lab: mark $BASHPID $SRANDOM"
	echo "$lab_mark" >/dev/kmsg
}

kmsg_since() {
	dmesg | awk -v mark="$lab_mark" 'seen; index($0, mark) { seen = 1 }'
}

kmsg_has() {	# REGEX, since the mark
	kmsg_since | grep -qE -- "$1"
}

# The kernel's TRACE and LOG lines of all namespaces reach its log; only the first has a say in it.
log_all_namespaces() {
	load_modules nf_log_syslog && sysctl -qw net.netfilter.nf_log_all_netns=1
}

lab_end() {
	local name
	((${#lab_processes[@]} == 0)) || kill "${lab_processes[@]}" 2>/dev/null
	for name in "${lab_namespaces[@]}"; do
		ip netns pids "$name" | xargs -r kill -9
		ip netns delete "$name"
	done
	lab_processes=() lab_namespaces=()
}

# lab_all: LAB_APPEND=lab.all was given: every case there is, not what fits into make check
lab_all() {
	[[ " $(</proc/cmdline) " == *" lab.all "* ]]
}
