/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language of /proc/net/static_nat: one line a change, `+FROM TO dst|src` or
 * `-FROM TO dst|src`. Compiles in the kernel and, for tests, in user space.
 */
#ifndef _STATIC_NAT_PARSE_H
#define _STATIC_NAT_PARSE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#endif

/* The longest line without its newline: `+255.255.255.255 255.255.255.255 dst`. */
#define SN_LINE_MAX 36

/**
 * struct sn_line - what a line says
 * @add: '+', not '-'
 * @src: the direction is src, not dst
 * @from: network byte order
 * @to: network byte order
 */
struct sn_line {
	bool add;
	bool src;
	__be32 from;
	__be32 to;
};

/**
 * struct sn_lines - a stream of lines, taken in pieces; all zero at its beginning
 * @tail: the line that has no newline yet
 * @len: bytes of it
 * @ended: a whole line was taken already, whose newline may come yet
 */
struct sn_lines {
	char tail[SN_LINE_MAX];
	unsigned int len;
	bool ended;
};

typedef int (*sn_line_fn)(void *arg, const struct sn_line *line);

/*
 * sn_parse_line: one line without its newline. 0; -EINVAL; -EAGAIN: it is none, but may become one
 * by what follows.
 */
int sn_parse_line(const char *text, size_t len, struct sn_line *line);

/*
 * sn_lines_feed: takes @len bytes, and gives each line that ends in them to @emit. Stops with
 * -EINVAL at a line that is none, or with what @emit returned when that is not 0.
 */
int sn_lines_feed(struct sn_lines *s, const char *text, size_t len, sn_line_fn emit, void *arg);

/* sn_lines_end: what has no newline is a line, too, or -EINVAL. Nothing is left in @s. */
int sn_lines_end(struct sn_lines *s, sn_line_fn emit, void *arg);

/*
 * sn_lines_pause: more may come. A whole line is taken, the beginning of one is kept, anything else
 * is -EINVAL.
 */
int sn_lines_pause(struct sn_lines *s, sn_line_fn emit, void *arg);

#endif
