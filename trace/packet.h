/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_PACKET_H
#define PKTTRACE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trace.h"

/*
 * The model that every renderer of pkttrace draws: one packet's way through one
 * host. It holds facts only; words and columns are the renderers' business.
 */

/* What a step's line says differently from the step before. */
enum {
	STEP_SRC = 1 << 0,
	STEP_DST = 1 << 1,
	STEP_SPORT = 1 << 2,
	STEP_DPORT = 1 << 3,
	STEP_IN = 1 << 4,
	STEP_OUT = 1 << 5,
	STEP_TTL = 1 << 6,
	STEP_TOS = 1 << 7,
	STEP_MARK = 1 << 8,
	STEP_LEN = 1 << 9,
	STEP_ID = 1 << 10,
	STEP_PHYSIN = 1 << 11,
	STEP_PHYSOUT = 1 << 12,
	STEP_SEQ = 1 << 13,
};

/* What an outer packet has in common with the one in it. */
#define STEP_OF_BOTH ((uint32_t)(STEP_IN | STEP_OUT | STEP_MARK | STEP_PHYSIN | STEP_PHYSOUT))

/* What happened between the step before and this one, drawn as a line of its own. */
enum {
	STEP_NEW_HOOK = 1 << 0,  /* first step of a hook: a heading */
	STEP_REROUTED = 1 << 1,  /* OUT changed inside or after OUTPUT: routed again */
	STEP_LOOPED = 1 << 2,    /* went out on lo and came in again */
	STEP_IPVS = 1 << 3,      /* IPVS took it from INPUT to OUTPUT */
	STEP_GAP = 1 << 4,       /* lines are missing between the two */
	STEP_UNNAT = 1 << 5,     /* a reply's address was translated back (no nat: line) */
	STEP_GOTO = 1 << 6,      /* the chain was entered by goto: its end leaves the caller too */
	STEP_ROUTED = 1 << 7,    /* the ordinary routing decision: PREROUTING to INPUT/FORWARD */
	STEP_WRAPPED = 1 << 8,   /* it is in another packet from here on: hdr is the outer one's */
};

struct packet_step {
	struct np_trace_event ev; /* ev.rule where a ruleset knows the text */
	enum np_hook hook;
	uint8_t depth;            /* 0 in a built-in chain, 1 in one that it called … */
	uint32_t changes;         /* STEP_SRC … against the step before */
	uint32_t before;          /* STEP_NEW_HOOK … */
	int64_t offset_us;        /* since the packet's first step; -1 where the log has no clock */
	const char *target;       /* chain called, or DNAT, DROP, … NULL: not known */
};

enum packet_state {
	PACKET_SENT,
	PACKET_DELIVERED,
	PACKET_DROPPED,
	PACKET_VANISHED,
	PACKET_UNFINISHED,
};
#define PACKET_STATES 5

/* A likely reason why the kernel dropped a packet between two hooks. */
enum packet_cause {
	CAUSE_MARTIAN,      /* martian source or destination address */
	CAUSE_NO_ROUTE,     /* no route, blackhole, unreachable, prohibit */
	CAUSE_RP_FILTER,    /* the way back leaves by another interface */
	CAUSE_FORWARDING,   /* ip_forward is off */
	CAUSE_TTL,          /* TTL ran out */
	CAUSE_MTU,          /* too long for the way out, and DF is set */
	CAUSE_SOURCE_ROUTE, /* IP options: a source route that cannot be kept */
	CAUSE_NO_SOCKET,    /* nothing listens */
	CAUSE_NEIGHBOUR,    /* next hop does not answer ARP or ND */
	CAUSE_CONNTRACK,    /* conntrack or NAT refused it (clash, table full) */
	CAUSE_IPVS,         /* IPVS dropped it */
	CAUSE_OTHER_HOOK,   /* an nf_tables or security hook that does not trace here */
	CAUSE_XFRM,         /* IPsec policy */
	CAUSE_QUEUE,        /* NFQUEUE without a listener */
	CAUSE_LEGACY,       /* a rule of legacy iptables, none of which is seen here */
	/* multicast that no socket of the host has asked for; of IPv4 with mc_forwarding alone */
	CAUSE_NOT_JOINED,
	CAUSE_FRAGMENTS,    /* a fragment that this host was to put together */
	CAUSE_COUNT,
};

#define PACKET_EXPECTED_MAX 6

struct packet_outcome {
	enum packet_state state;
	bool evident;        /* proven by the log itself: an ICMP error, a martian line, a rule */
	/* of a vanished packet: "mangle:INPUT", "filter:INPUT" …, interned */
	const char *expected[PACKET_EXPECTED_MAX];
	uint8_t n_expected;
	uint8_t causes[CAUSE_COUNT]; /* enum packet_cause, in the order the kernel looks */
	uint8_t n_causes;
	bool inside;         /* live: vanished in a hook, whose end was not seen */
	bool lossy;          /* lines of this log are known to be lost or damaged */
	bool cause_proven;   /* causes[0] is proven by the log (n_causes is 1 then) */
};

struct packet_explained;
struct packet_lookups;

struct packet {
	struct packet_step *steps; /* at least one; owned by the packet */
	uint32_t n_steps;
	uint32_t n_lines;          /* TRACE lines; more than n_steps under quiet_steps only */
	uint64_t journey;          /* 0: seen on one host only; else one number on all of them */
	struct packet_outcome outcome;
	/* address before and after the last rewrite that the lines show */
	bool dnat, snat;
	uint8_t dst_from[16], dst_to[16], src_from[16], src_to[16];
	bool dnat_port, snat_port;
	uint16_t dport_from, dport_to, sport_from, sport_to;
	/* live: what the kernel said when it dropped the packet; "" or NULL: it did not */
	const char *drop_reason, *drop_function;
	const struct packet_explained *explained; /* trace/explained.h; NULL: nobody asked */
	const struct packet_lookups *lookups; /* trace/looked.h; NULL: none is known */
};

/* The packet as it came: its first line. */
static inline const struct np_trace_event *packet_first(const struct packet *p)
{
	return &p->steps[0].ev;
}

static inline const struct np_trace_event *packet_last(const struct packet *p)
{
	return &p->steps[p->n_steps - 1].ev;
}

#define LIVE_QUIET_US 300000 /* live: a packet without a line for so long has ended */

/* "sent", "delivered", "dropped", "vanished", "unfinished"; NULL at the end. */
extern const char *const packet_state_words[PACKET_STATES + 1];
const char *packet_state_name(enum packet_state state);
/* A few words on a cause ("the way back (rp_filter)"), never NULL. */
const char *packet_cause_text(enum packet_cause cause);
/* The cause's word in JSON ("rp_filter"). */
const char *packet_cause_word(enum packet_cause cause);

/*
 * The step in FORWARD is that of a frame that a bridge passes on without routing it: the log
 * names its port, and elsewhere its TTL is what it was though it came in and goes out by the
 * same interface (ip_forward() takes one off before this hook).
 */
bool packet_is_bridged(const struct packet *p, uint32_t step);
/*
 * The packet's header where it was lost: that of its last line, after the DNAT of a
 * rule that is the last line itself and whose text is known. False: the line has no
 * addresses.
 */
bool packet_lost_hdr(const struct packet *p, struct np_hdr *h);
/* "IPIP", "GRE", "GUE": what a packet with STEP_WRAPPED is in. */
const char *packet_wrap_name(const struct np_hdr *outer);
/* Fills dnat … sport_to from the first line and the last before the packet was wrapped. */
void packet_rewrites(struct packet *p);
/* A rule of nat is the last line, and what it did to the packet is not known. */
bool packet_lost_rewritten(const struct packet *p);

/*
 * Writes the command that asks the model or the kernel about a cause of this
 * packet ("prt explain 10.0.1.12 from … iif …", "sysctl net.ipv4.ip_forward").
 * Returns the length, or 0 where there is nothing to ask; cut when buf is short.
 */
size_t packet_ask(const struct packet *p, enum packet_cause cause, char *buf, size_t size);

#endif
