/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_QUOTES_H
#define PKTTRACE_QUOTES_H

#include "trace/gather.h"

/*
 * ICMP errors of this network namespace, by a packet socket: nf_tables' events have 20 bytes
 * of a packet behind its IP header, and the addresses that an error quotes stand behind those.
 */
struct quotes {
	int fd; /* -1: they are not seen */
};

/* Without CAP_NET_RAW there are none. */
void quotes_open(struct quotes *q);
/* Those that are there, at most so many. Returns 0 or -ENOMEM. */
int quotes_take(struct quotes *q, struct gather *g, unsigned most);
void quotes_close(struct quotes *q);

#endif
