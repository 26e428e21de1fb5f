/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_GATHER_H
#define PKTTRACE_GATHER_H

#include "lib/intern.h"
#include "lib/trace.h"
#include "trace/outcome.h"
#include "trace/packet.h"
#include "trace/ruleset.h"

/*
 * Live tracing: puts nf_tables' trace events together into packets, by the number that
 * the kernel gives a packet, and the kernel log's lines of legacy tables into them. Our
 * own empty chains at both ends of every hook (probes) say how far a packet came. Pure:
 * no I/O and no clock.
 */
struct gather;

enum gather_probe {
	PROBE_NONE,
	PROBE_SIGHT, /* the packet as it is, and no step */
	PROBE_START, /* the first chain of a hook */
	PROBE_RULE,  /* the rule in it that set the packet's trace */
	PROBE_END,   /* the last chain of a hook */
};

#define GATHER_FIRST INT32_MIN
#define GATHER_LAST INT32_MAX

struct gather_event {
	struct np_trace_event ev; /* interned; the packet's fields count with has_packet */
	bool has_packet;
	uint32_t id;
	enum np_hook hook;        /* of a base chain; NP_HOOK_UNKNOWN: a user chain's */
	int32_t priority;         /* of a base chain */
	enum gather_probe probe;
	enum outcome_verdict verdict; /* VERDICT_RULE: one of the kernel log that is not known */
	bool vrf;                 /* it came in by a VRF's link: a packet's second turn */
	const char *target;       /* "accept", "drop", a chain; NULL; interned or static */
	bool wraps;               /* the packet is in a tunnel's, and inner is its own header */
	struct np_hdr inner;
};

/* As timeline_done_fn. */
typedef int gather_done_fn(const struct packet *p, void *arg);

struct gather_opts {
	struct np_intern *intern;
	const struct ruleset *rules; /* of the legacy tables, or NULL */
	bool ours;                   /* only packets that a PROBE_RULE was seen of */
	bool quotes;                 /* gather_quote() comes: ICMP errors that leave wait for it */
	bool drops;                  /* gather_drop() comes: what vanished waits for it */
};

/* Returns NULL when out of memory. */
struct gather *gather_new(const struct gather_opts *opts, gather_done_fn *done, void *arg);
void gather_free(struct gather *g);

/* Other rules of the legacy tables from now on, or NULL; they live until others come. */
void gather_set_rules(struct gather *g, const struct ruleset *rules);

/*
 * An event, or a line of the kernel log. Copied. A line that belongs to no packet at hand
 * waits for 300 ms: events and lines come by two ways, and either may be the first; between
 * the two gather_late() looks for the packets of those that wait. Returns 0, -ENOMEM or what
 * done did.
 */
int gather_add(struct gather *g, const struct gather_event *e);
int gather_log(struct gather *g, const struct np_trace_event *ev);
int gather_late(struct gather *g);

/*
 * The kernel dropped a packet with this header; strings interned, "" where not known. Copied:
 * all events that had come by then are to be added before gather_late(), which looks for the
 * packet, and forgets what no packet at hand has. Returns 0 or -ENOMEM.
 */
int gather_drop(struct gather *g, const struct np_hdr *hdr, const char *reason,
	const char *function);

/*
 * What an ICMP error with the header outer quotes. Copied. It may come before the events of its
 * packet, and is forgotten as a line of the log is. Returns 0 or -ENOMEM.
 */
int gather_quote(struct gather *g, const struct np_hdr *outer, const struct np_hdr *quoted);

/* What comes from here on came at that time, by any clock that goes forward. */
void gather_now(struct gather *g, int64_t now_us);
/*
 * Tells the packets that have ended, and those without an event for 300 ms, as of the last
 * gather_now(). One that vanished waits a second more for the kernel's reason.
 */
int gather_settle(struct gather *g);
/* A packet waits for the kernel's reason alone. */
bool gather_awaits_reason(struct gather *g);
/* Tells all that are left. */
int gather_flush(struct gather *g);
/* Packets at hand: something is to be waited for. */
size_t gather_open(const struct gather *g);

#endif
