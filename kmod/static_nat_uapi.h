/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * static_nat: generic netlink interface of the stateless two-way NAT.
 *
 * Family "static_nat", version 1, one per network namespace. Everything is bound to the namespace
 * of the socket. GET and STATS are free; everything else wants CAP_NET_ADMIN in the user namespace
 * that owns the network namespace (EPERM).
 *
 * A mapping says which addresses are exchanged:
 *
 *   kind DST, from A to B   where a packet comes in, destination A becomes B; where it goes out,
 *                           source B becomes A
 *   kind SRC, from A to B   where a packet goes out, source A becomes B; where it comes in,
 *                           destination B becomes A
 *
 * The half that the kind names is what /proc/net/static_nat calls [STATIC], the other one [AUTO].
 * With a prefix length both addresses are networks, and the bits behind it stay as they are (MODE
 * PLAIN), or are adjusted so that no checksum changes (MODE NPTV6, RFC 6296). Where several
 * mappings fit, the longest prefix wins, then the one with an interface.
 *
 * Requests that change (ADD, DEL, FLUSH, COMMIT) are atomic: all of a message is done, or nothing,
 * and no packet sees a part of it. Refused mappings are named by the extended ack: its offset
 * (NLMSGERR_ATTR_OFFS) is that of the STATIC_NAT_A_MAPPING at fault, or of an attribute in it, and
 * its text (NLMSGERR_ATTR_MSG) says why. User space asks for it with NETLINK_EXT_ACK.
 *
 * All numbers are in host byte order, addresses in network byte order.
 */
#ifndef _STATIC_NAT_UAPI_H
#define _STATIC_NAT_UAPI_H

#define STATIC_NAT_GENL_NAME		"static_nat"
#define STATIC_NAT_GENL_VERSION		1
/* NEW, DEL, FLUSH and REPLACED are told to this multicast group's members. */
#define STATIC_NAT_GENL_MCGRP		"mappings"

/**
 * enum static_nat_cmd - commands, requests unless said otherwise
 *
 * @STATIC_NAT_CMD_GET: do: one MAPPING names kind, FROM and TO (TO may be left out), PREFIXLEN,
 *	IFINDEX; the answer is one NEW, or ENOENT. Dump: NEWs of some mappings each, in the order
 *	of ID; a MAPPING in the request filters by what it has of FAMILY, KIND, IFINDEX (0: only
 *	those without an interface). NLM_F_DUMP_INTR says that the table changed meanwhile.
 * @STATIC_NAT_CMD_ADD: any number of MAPPINGs. EEXIST: one of its two addresses has a mapping with
 *	this prefix length and interface already, in the direction that it would be looked up.
 *	EINVAL: FROM is TO, is 0, has bits behind the prefix. ENODEV: no such interface. ENOSPC:
 *	more than S_MAX_MAPPINGS. With the flag STAGED into the table begun by BEGIN, ENOENT
 *	without one.
 *	With the flag REPLACE a mapping of the same kind, FROM, PREFIXLEN and IFINDEX goes in the
 *	same step; one that is the same in all stays, with its counters.
 * @STATIC_NAT_CMD_DEL: any number of MAPPINGs, by kind, FROM, TO, PREFIXLEN, IFINDEX, MODE (TO and
 *	MODE may be left out); ENOENT if these do not all agree with one. As notification: the
 *	MAPPINGs that went, with their last counters, PORTID.
 * @STATIC_NAT_CMD_FLUSH: deletes all; with a MAPPING as filter (as in GET's dump), those. As
 *	notification: all have gone (one with a filter is told by DEL), PORTID.
 * @STATIC_NAT_CMD_BEGIN: begins an empty table, not in use, that belongs to this socket, in
 *	place of an earlier one of this socket. It goes when the socket does. EBUSY: too many
 *	in this namespace (S_MAX_STAGED).
 * @STATIC_NAT_CMD_COMMIT: the staged table takes the place of the one in use, at once. Mappings
 *	that are in both keep their counters. With GENERATION: only if the table in use has this
 *	generation, otherwise ESTALE, and the staged table stays. ENOENT without a BEGIN.
 * @STATIC_NAT_CMD_ABORT: forgets the staged table. ENOENT without one.
 * @STATIC_NAT_CMD_STATS: the answer is one STATS with the nest STATS.
 * @STATIC_NAT_CMD_NEW: answer to GET and notification of ADD: MAPPINGs; PORTID in notifications.
 * @STATIC_NAT_CMD_REPLACED: notification of COMMIT: GENERATION, PORTID.
 */
enum static_nat_cmd {
	STATIC_NAT_CMD_UNSPEC,
	STATIC_NAT_CMD_GET,
	STATIC_NAT_CMD_ADD,
	STATIC_NAT_CMD_DEL,
	STATIC_NAT_CMD_FLUSH,
	STATIC_NAT_CMD_BEGIN,
	STATIC_NAT_CMD_COMMIT,
	STATIC_NAT_CMD_ABORT,
	STATIC_NAT_CMD_STATS,
	STATIC_NAT_CMD_NEW,
	STATIC_NAT_CMD_REPLACED,

	__STATIC_NAT_CMD_MAX,
	STATIC_NAT_CMD_MAX = __STATIC_NAT_CMD_MAX - 1
};

/**
 * enum static_nat_attr - attributes of a message
 *
 * @STATIC_NAT_A_MAPPING: nest of enum static_nat_mapping_attr; any number of them, one behind the
 *	other, in ADD, DEL and their notifications (in a request as many as fit into a message:
 *	the kernel takes what sendmsg() takes; 64 KiB are about 900 of IPv4)
 * @STATIC_NAT_A_STAGED: flag, in ADD: into the staged table
 * @STATIC_NAT_A_GENERATION: u32, counts the changes of the table in use; in COMMIT the one
 *	expected; in each NEW that answers a GET, in notifications the one that the change made
 *	(the DEL and the NEW of one change have the same)
 * @STATIC_NAT_A_PORTID: u32, in notifications: netlink port of who made the change, 0: /proc, or
 *	the kernel (an interface went)
 * @STATIC_NAT_A_STATS: nest of enum static_nat_stat_attr
 * @STATIC_NAT_A_REPLACE: flag, in ADD: in the place of what FROM became before
 */
enum static_nat_attr {
	STATIC_NAT_A_UNSPEC,
	STATIC_NAT_A_MAPPING,
	STATIC_NAT_A_STAGED,
	STATIC_NAT_A_GENERATION,
	STATIC_NAT_A_PORTID,
	STATIC_NAT_A_STATS,
	STATIC_NAT_A_REPLACE,
	STATIC_NAT_A_PAD,

	__STATIC_NAT_A_MAX,
	STATIC_NAT_A_MAX = __STATIC_NAT_A_MAX - 1
};

/* STATIC_NAT_M_KIND */
#define STATIC_NAT_KIND_DST		1
#define STATIC_NAT_KIND_SRC		2

/* STATIC_NAT_M_MODE */
#define STATIC_NAT_MODE_PLAIN		0	/* 1:1 by offset, checksums follow */
#define STATIC_NAT_MODE_NPTV6		1	/* RFC 6296, IPv6, prefix length 1 to 64 */

/**
 * enum static_nat_mapping_attr - attributes of a mapping
 *
 * @STATIC_NAT_M_FAMILY: u8, AF_INET or AF_INET6; in requests to be had from the length of FROM
 * @STATIC_NAT_M_KIND: u8, STATIC_NAT_KIND_*
 * @STATIC_NAT_M_FROM: 4 or 16 bytes
 * @STATIC_NAT_M_TO: as long as FROM
 * @STATIC_NAT_M_PREFIXLEN: u8, 1 to 32 or 128; left out in requests: a single address
 * @STATIC_NAT_M_IFINDEX: u32; left out or 0: any. Only packets that come in here have their
 *	destination translated, only those that go out here their source; never the router's own
 *	traffic to a mapped address. The mapping goes with the interface.
 * @STATIC_NAT_M_MODE: u8, STATIC_NAT_MODE_*; left out in ADD: PLAIN, in DEL and GET: any
 * @STATIC_NAT_M_ID: u32, answers and notifications only: the mapping's number, as in
 *	`TRACE: static_nat:PREROUTING:rule:ID`; the order of dumps and of /proc. Not given again
 *	before all other numbers were.
 * @STATIC_NAT_M_DST_PACKETS: u64, answers: packets whose destination was translated
 * @STATIC_NAT_M_DST_BYTES: u64, their bytes, from the IP header on
 * @STATIC_NAT_M_SRC_PACKETS: u64, packets whose source was translated
 * @STATIC_NAT_M_SRC_BYTES: u64
 */
enum static_nat_mapping_attr {
	STATIC_NAT_M_UNSPEC,
	STATIC_NAT_M_FAMILY,
	STATIC_NAT_M_KIND,
	STATIC_NAT_M_FROM,
	STATIC_NAT_M_TO,
	STATIC_NAT_M_PREFIXLEN,
	STATIC_NAT_M_IFINDEX,
	STATIC_NAT_M_MODE,
	STATIC_NAT_M_ID,
	STATIC_NAT_M_DST_PACKETS,
	STATIC_NAT_M_DST_BYTES,
	STATIC_NAT_M_SRC_PACKETS,
	STATIC_NAT_M_SRC_BYTES,
	STATIC_NAT_M_PAD,

	__STATIC_NAT_M_MAX,
	STATIC_NAT_M_MAX = __STATIC_NAT_M_MAX - 1
};

/**
 * enum static_nat_stat_attr - what the namespace has and did
 *
 * @STATIC_NAT_S_MAPPINGS: u32, in the table in use
 * @STATIC_NAT_S_MAX_MAPPINGS: u32, limit for one table (module parameter max_mappings)
 * @STATIC_NAT_S_MEMORY: u64, bytes of the table in use: mappings, counters of all processors, hash
 * @STATIC_NAT_S_GENERATION: u32, as STATIC_NAT_A_GENERATION
 * @STATIC_NAT_S_STAGED: u32, staged tables of all sockets
 * @STATIC_NAT_S_MAX_STAGED: u32, how many there may be
 * @STATIC_NAT_S_TRANSLATED: u64, addresses rewritten in packets, since the namespace began
 * @STATIC_NAT_S_ICMP: u64, headers quoted in ICMP errors rewritten
 * @STATIC_NAT_S_DROPPED: u64, packets dropped because they could not be translated whole: headers
 *	cut short, no memory for a writable copy, no NPTv6 address (RFC 6296, 3.6)
 * @STATIC_NAT_S_UNROUTED: u64, own packets dropped because there is no route to the new destination
 */
enum static_nat_stat_attr {
	STATIC_NAT_S_UNSPEC,
	STATIC_NAT_S_MAPPINGS,
	STATIC_NAT_S_MAX_MAPPINGS,
	STATIC_NAT_S_MEMORY,
	STATIC_NAT_S_GENERATION,
	STATIC_NAT_S_STAGED,
	STATIC_NAT_S_MAX_STAGED,
	STATIC_NAT_S_TRANSLATED,
	STATIC_NAT_S_ICMP,
	STATIC_NAT_S_DROPPED,
	STATIC_NAT_S_UNROUTED,
	STATIC_NAT_S_PAD,

	__STATIC_NAT_S_MAX,
	STATIC_NAT_S_MAX = __STATIC_NAT_S_MAX - 1
};

#endif
