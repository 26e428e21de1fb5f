/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGMEMO_H
#define PKTTRACE_LOGMEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/intern.h"
#include "lib/trace.h"
#include "trace/logfields.h"

/*
 * What the last lines said. The lines of one packet differ in their time, their
 * step, at times in OUT= and TTL=, and in nothing else, and few packets are
 * woven into one another: most of a line was read before, byte for byte.
 *
 * Each lookup gives what a fresh reading of the same bytes gives, or nothing:
 * the keys are all the bytes that a reading depends on.
 */
#define LOGMEMO_PREFIX_MAX 96
#define LOGMEMO_SECONDS_MAX 19 /* 8 blanks, 10 digits and the point */
#define LOGMEMO_HEADS 256
#define LOGMEMO_HEAD_MAX 80
#define LOGMEMO_DEVICES 256
#define LOGMEMO_DEVICES_MAX 192
#define LOGMEMO_TAILS 8
#define LOGMEMO_TAIL_MAX 512

/* A prefix that ends in the kernel's "[ 72.841930] ". */
struct logmemo_prefix {
	size_t len;      /* of text up to the bracket, that included; 0: none */
	size_t until_us; /* of text up to the point of the seconds, that included; 0: no such */
	int64_t sec;
	char text[LOGMEMO_PREFIX_MAX + LOGMEMO_SECONDS_MAX];
	uint32_t set;
	const char *host;
	int64_t wall_us;
	char stamp[NP_TRACE_STAMP_MAX];
};

/* "raw:PREROUTING:policy:2" */
struct logmemo_head {
	size_t len;
	char text[LOGMEMO_HEAD_MAX];
	const char *table, *chain;
	enum np_trace_type type;
	uint32_t number;
};

/* What stands before "SRC=". */
struct logmemo_devices {
	size_t len;
	uint64_t serial; /* no other text had or will have the same */
	char text[LOGMEMO_DEVICES_MAX];
	const char *in, *out, *physin, *physout;
	uint8_t mac[NP_TRACE_MAC_MAX], mac_len;
};

/*
 * Everything after the head of one packet's lines. Where the devices and the TTL
 * could be told apart from the rest, text is "SRC=… TTL=" and, from `before` on,
 * " ID=…"; else before is 0 and text is all of it.
 */
struct logmemo_tail {
	size_t before, len; /* of text */
	const struct logmemo_devices *at; /* those in ev, while their serial is still… */
	uint64_t devices;                 /* …this one */
	char text[LOGMEMO_TAIL_MAX];
	struct np_trace_event ev;
};

/* Of each tail what tells most others apart at a glance: the IP's ID. */
struct logmemo_glance {
	uint64_t word;  /* text + before … + 8 of the tail */
	uint32_t after; /* bytes of the tail from there on; 0: it is compared as a whole */
};

struct logmemo {
	struct logmemo_prefix prefix;
	struct logmemo_head heads[LOGMEMO_HEADS];
	struct logmemo_devices devices[LOGMEMO_DEVICES];
	struct logmemo_glance glances[LOGMEMO_TAILS];
	struct logmemo_tail tails[LOGMEMO_TAILS];
	unsigned last, next; /* tails: the one that was right last, and the one to give up */
	uint64_t serial; /* of devices */
	uint32_t twin;   /* of tails */
};

/*
 * The prefix of line, if it is the last one's but for the uptime and "TRACE: "
 * comes right after it. Returns where the words after that begin, else NULL.
 */
const char *logmemo_prefix(
	struct logmemo *m, const char *line, const char *end, int64_t *uptime_us);
/* ev: a line that was read; uptime_at: as struct logprefix has it. */
void logmemo_keep_prefix(
	struct logmemo *m, const char *line, size_t uptime_at, const struct np_trace_event *ev);
/* A file ends: its times and host are not the next one's. */
void logmemo_forget_prefix(struct logmemo *m);

const struct logmemo_head *logmemo_head(const struct logmemo *m, const char *s, size_t len);
void logmemo_keep_head(
	struct logmemo *m, const char *s, size_t len, const struct np_trace_event *ev);

/*
 * Sets ev to what the tail says (the rest of *ev is zero), if it is known or
 * known but for its devices and its TTL.
 */
bool logmemo_tail(struct logmemo *m, const char *s, size_t len, struct np_trace_event *ev);
/* Where "SRC=" is in a tail, and its devices end; 0: nowhere. */
size_t logmemo_ip(const char *s, size_t len);
/* Sets ev's devices to what s..s + ip says of them and returns that; NULL: not met before. */
const struct logmemo_devices *logmemo_devices(
	const struct logmemo *m, const char *s, size_t ip, struct np_trace_event *ev);

/* The parts of a new tail. */
struct logmemo_parts {
	size_t ip;                         /* logmemo_ip() of it */
	const struct logmemo_devices *at;  /* logmemo_devices() of it */
	struct logfields_ttl ttl;          /* as logfields_parse() found it */
};

/* ev: what logfields_parse() made of the tail, and nothing else; its twin is set. */
void logmemo_keep_tail(struct logmemo *m, const char *s, size_t len,
	const struct logmemo_parts *parts, struct np_trace_event *ev);

#endif
