/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_TIMELINE_IMPL_H
#define PKTTRACE_TIMELINE_IMPL_H

#include <bsd/sys/queue.h>
#include <sys/socket.h>

#include "trace/outcome.h"
#include "trace/timeline.h"

/*
 * What the files of the timeline share. timeline.c holds the window of packets,
 * match.c decides to which of them a line belongs, chainstack.c and order.c know
 * the ways through chains and hooks, evidence.c what one packet tells of another,
 * replay.c finds lines that were read before, cut.c
 * judges lines that were cut, journey.c the same packet on
 * another host, finish.c what can be said of a packet that has ended.
 */

/* A chain that the packet is in. */
struct frame {
	const char *chain; /* NULL: a base chain whose line is missing */
	uint32_t number;
	uint32_t step;     /* of the packet, at which it was entered */
};
#define STACK_MAX 16

struct chainstack {
	struct frame f[STACK_MAX];
	uint8_t n;
	bool over;     /* the base chain's policy was reached */
	bool returned; /* the last line was the top frame's end */
	bool at_rule;  /* the last line was a rule: what may call a chain */
};

/* How a line goes on from a stack; found by chainstack_next(), done by chainstack_go(). */
struct chainstep {
	uint8_t keep; /* frames that stay; the line is in the last, or in a new one above */
	bool push;
	bool gap;     /* a line in between is missing */
	bool gone;    /* a frame was left out on the way back: it had been entered by goto */
};

struct host;

struct open_packet {
	struct packet pk;
	TAILQ_ENTRY(open_packet) fifo; /* by first line */
	TAILQ_ENTRY(open_packet) lru;  /* by last line, the newest first */
	LIST_ENTRY(open_packet) bucket;
	struct host *host;
	struct chainstack stack;
	struct place at;
	const char *table;  /* of the last line */
	const char *in;     /* the last that is not empty, in this pass; NULL: none yet */
	uint32_t walked;    /* WALKED(hook, table) of this pass */
	uint64_t key;
	uint64_t tick;      /* the caller's clock when it was touched last */
	struct outcome_evidence evidence;
	uint32_t whole;     /* the last step whose line is whole */
	uint8_t cap_bits;   /* there is room for 1 << cap_bits steps */
	bool partial;       /* known only by lines that were cut: key means nothing */
	bool cut;           /* has lines that were cut */
	bool replay;        /* began among lines that may have been read before */
	bool older;         /* began among older lines than those before */
};
TAILQ_HEAD(packets, open_packet);
LIST_HEAD(bucket, open_packet);

/* Its headers tell the packet from others: its last line that is whole. */
static inline const struct np_trace_event *packet_whole(const struct open_packet *p)
{
	return &p->pk.steps[p->whole].ev;
}

/* A clock as the log has it. */
struct stamp {
	int64_t wall, uptime;
	bool has_wall, has_uptime;
};

/* What the lines of one host told so far, apart from its packets. */
struct host {
	const char *name;
	const char *file;       /* of its last line */
	struct stamp latest, last; /* last: of the line before, where that is behind the latest */
	bool behind;
	bool replay;            /* lines older than the latest are coming */
	bool older;             /* they are by more than a second, in the same file */
	uint64_t n_back, n_forth; /* lines that are older, newer than the one before */
	bool loops;             /* packets on lo are traced when they come in again */
	uint64_t n_whole, n_cut; /* lines */
	uint32_t cut_width;     /* at which most lines were cut, in bytes, and for how many */
	int64_t cut_votes;
	uint64_t last_line;     /* number of its latest line in file */
	uint8_t seen[2]; /* tables, for IPv4 and IPv6: TBL_BIT */
};

#define BUCKETS 16384 /* few have a packet that a line of another has to look at */
#define LEARNED 8192
#define CAP_BITS_END 14 /* steps of a packet: up to 1 << 13 */

/* What lines after it tell of a rule, where no ruleset does. */
struct learned {
	const char *table, *chain;
	uint32_t number;
	uint8_t type;
	uint16_t goes_on, accepts, ends; /* packets: what came after the line */
};

/* Room for steps that is not in use. */
struct free_steps {
	struct free_steps *next;
};

/* 512 bits of the filter of packets that were told (replay.c). */
struct bloom_block {
	uint64_t words[8];
};

/* match_key() of events that have twins. */
#define KNOWN_KEYS 16

struct known_key {
	uint32_t twin; /* 0: none */
	uint64_t key;
};

struct timeline {
	struct timeline_opts opts;
	timeline_done_fn done;
	void *arg;
	struct walk_map map;
	uint8_t ruled[2];              /* tables in the ruleset, for IPv4 and IPv6 */
	bool has_rules[2];
	struct packets window, lru;
	struct bucket buckets[BUCKETS];
	struct open_packet *free_packets;
	struct free_steps *free_steps[CAP_BITS_END];
	size_t n_open, step_bytes;
	unsigned n_partial;
	struct host **hosts, *last_host;
	unsigned n_hosts;
	uint64_t tick, journeys;
	struct timeline_stats stats;
	struct learned *learned;
	struct bloom_block *bloom; /* in bloom_mem */
	void *bloom_mem;
	struct known_key keys[KNOWN_KEYS];
};

/* An event with what the timeline made of it. */
struct line {
	const struct np_trace_event *ev;
	struct place at;
	struct host *host;
	struct stamp when;
	uint64_t key;
	bool partial;
	bool again; /* it may have been read before */
};

/* How a line fits to a packet. */
struct fit {
	int score; /* 0: it does not; FIT_PERFECT: nothing could fit better */
	struct place at;
	uint32_t before; /* STEP_* */
	bool same_walk;  /* the table goes on */
	bool new_pass;   /* looped, or taken up by IPVS */
	bool duplicate;  /* the very line is there already */
	struct chainstep chain;
};
#define FIT_PERFECT 100

static inline unsigned tl_family(uint8_t family)
{
	return family == AF_INET6;
}

/* chainstack.c */
bool chainstack_next(const struct chainstack *st, const char *chain, enum np_trace_type type,
	uint32_t number, bool base, struct chainstep *next);
void chainstack_start(struct chainstack *st, const char *chain, enum np_trace_type type,
	uint32_t number, bool base, uint32_t step);
void chainstack_go(struct chainstack *st, const struct chainstep *next, const char *chain,
	enum np_trace_type type, uint32_t number, uint32_t step);

/* order.c */
/* Whether the line can be p's next in another table: a score (0: no); fills fit but its score. */
int order_forward(const struct timeline *tl, const struct open_packet *p, const struct line *ln,
	struct fit *fit);
/* Whether the line is the first of p in a tunnel's packet, as IPVS sends it on; fills fit. */
bool order_wrapped(const struct open_packet *p, const struct line *ln, struct fit *fit);

/* match.c */
uint64_t match_key(const struct np_hdr *h);
struct open_packet *match_line(struct timeline *tl, const struct line *ln, struct fit *fit);
/* Whether two headers can be one packet's, addresses apart. */
bool match_same(const struct np_hdr *a, const struct np_hdr *b);

/* steps.c */
struct open_packet *packets_new(struct timeline *tl);
void packets_free(struct timeline *tl, struct open_packet *p);
void packets_drain(struct timeline *tl);
/* Adds the line as a step. Returns 0 or -ENOMEM. */
int steps_add(struct timeline *tl, struct open_packet *p, const struct line *ln,
	const struct fit *fit);
/* What b's line says differently from a's: STEP_*. */
uint32_t steps_changes(const struct np_trace_event *a, const struct np_trace_event *b);
/* Microseconds between the lines, -1 where no clock tells. */
int64_t steps_offset(const struct np_trace_event *first, const struct np_trace_event *ev);

/* evidence.c */
void evidence_from(struct timeline *tl, const struct open_packet *p);
void evidence_note(struct timeline *tl, const struct timeline_note *note);
/* p has been put together from fragments: the others ended with it. */
void evidence_whole(struct timeline *tl, const struct open_packet *p);

/* replay.c */
void replay_line(struct line *ln);
bool replay_same_step(const struct open_packet *p, const struct line *ln);
/* What replay_known() of it will look at is on its way to the cache then. */
void replay_fetch(const struct timeline *tl, const struct open_packet *p);
/* Whether the host's lines come newest first: what is told last of a packet is its beginning. */
bool replay_reversed(const struct host *h);
/* Whether the packet was told before; remembers it. */
bool replay_known(struct timeline *tl, const struct open_packet *p);
struct stamp replay_stamp(const struct np_trace_event *ev);
/* b - a in microseconds by a clock that both have; 0 where there is none. */
int64_t replay_elapsed(const struct stamp *a, const struct stamp *b);

/* cut.c */
void cut_count(const struct line *ln);
/* Whether a cut line of p is of no use when it comes: quiet_steps has no room to wait. */
bool cut_useless(const struct open_packet *p, const struct line *ln);
/* Takes out the lines that were cut and do not count. False: nothing is left to tell. */
bool cut_settle(struct timeline *tl, struct open_packet *p);

/* journey.c */
void journey_find(struct timeline *tl, struct open_packet *p, const struct line *ln);

/* learn.c */
void learn_next(struct timeline *tl, const struct open_packet *p, bool same_walk);
/* p has ended where it stands. */
void learn_end(struct timeline *tl, const struct open_packet *p);
/* A set of OUTCOME_LEARNED_*. */
unsigned learn_of(const struct timeline *tl, const struct np_trace_event *ev);

/* finish.c */
/* Rule texts, targets, rewrites and the outcome of a packet that has ended. */
void finish_packet(struct timeline *tl, struct open_packet *p);

#endif
