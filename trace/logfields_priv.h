/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGFIELDS_PRIV_H
#define PKTTRACE_LOGFIELDS_PRIV_H

#include "lib/intern.h"
#include "lib/trace.h"
#include "trace/logcur.h"

/* Between the files that read the fields of a TRACE line: devices and headers. */
struct logread {
	struct logcur c;
	struct np_trace_event *ev;
	struct np_intern *intern;
	const char *bad; /* what was wrong, first come */
	const char *ttl, *ttl_end; /* its digits, of the outer header */
	bool cut;        /* the text ended in the middle of something */
	bool marked;     /* … and says so ("...") */
	bool quoted;     /* inside the brackets of an ICMP error */
};

/* Returns false, so that callers write `return logread_bad(r, …)`. */
static inline bool logread_bad(struct logread *r, const char *why)
{
	if (!r->bad)
		r->bad = why;
	return false;
}

/* Whether the text ends in the middle of this word. */
static inline bool logread_half(const struct logread *r, const char *word)
{
	size_t left = logcur_left(&r->c);

	return left < strlen(word) && !memcmp(r->c.p, word, left);
}

/* A word that may come next; half of it at the end of the text sets cut. */
static inline bool logread_opt(struct logread *r, const char *word)
{
	logcur_skip(&r->c);
	if (logcur_word(&r->c, word))
		return true;
	if (logcur_left(&r->c) && logread_half(r, word))
		r->cut = true;
	return false;
}

/* A word that must come next; false sets cut if the text ends in it or before it. */
static inline bool logread_need(struct logread *r, const char *word)
{
	if (logread_opt(r, word))
		return true;
	if (r->cut || logread_half(r, word)) {
		r->cut = true;
		return false;
	}
	return logread_bad(r, "a field is missing or out of order");
}

/*
 * Numbers. last: a line can end right after this one, so its end is no sign of
 * a cut. Each returns false with cut or bad set.
 */
bool logread_num(struct logread *r, uint32_t max, uint32_t *v, bool last);
bool logread_hex(struct logread *r, unsigned min, unsigned max, uint32_t *v, bool last);
/* family 0: either; returns the family read, 0 on failure. */
int logread_addr(struct logread *r, int family, uint8_t addr[16]);

/* From SRC= to the end of the transport header. quoted: of the packet in brackets. */
bool logread_headers(struct logread *r, struct np_hdr *h, bool quoted);

/* From PROTO= on. */
bool logread_transport(struct logread *r, struct np_hdr *h);

/* "INCOMPLETE [n bytes]": sets NP_HDR_INCOMPLETE and returns 1; 0 if not there, -1 on failure. */
int logread_incomplete(struct logread *r, struct np_hdr *h);

/* "OPT (", with or without the blank. */
bool logread_opt_open(struct logread *r);
/* "hex)" of IP's or TCP's options, after that. buf may be NULL. */
bool logread_options(struct logread *r, uint8_t *buf, uint8_t *len);

#endif
