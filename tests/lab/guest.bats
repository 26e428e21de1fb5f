#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the other files here rely on: modules, two namespaces on a cable, the kernel's log.
load lib

teardown() {
	lab_end
}

@test "a cable between two namespaces carries IPv4 and IPv6 at once" {
	namespaces a b
	veth a eth0 192.0.2.1/24,2001:db8::1/64 b eth0 192.0.2.2/24,2001:db8::2/64
	at a busybox ping -c1 -W10 192.0.2.2
	at a busybox ping -c1 -W10 2001:db8::2
}

@test "a namespace's TRACE lines are in the kernel's log, behind the mark" {
	log_all_namespaces
	namespaces a
	at a iptables-legacy -t raw -A OUTPUT -d 127.0.0.9 -j TRACE
	at a busybox ping -c1 -W10 127.0.0.9
	kmsg_mark
	run ! kmsg_has TRACE:
	at a busybox ping -c1 -W10 127.0.0.9
	wait_for 10 kmsg_has "TRACE: raw:OUTPUT:policy:2 .*DST=127.0.0.9"
}

@test "modules for load balancing, tunnels and VLANs load" {
	load_modules ip_vs ip_vs_rr ip_vs_wlc ip_vs_sh ip_vs_mh ipip 8021q dummy drop_monitor act_nat
}
