/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_REBUILD_H
#define PKTTRACE_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/trace.h"

/* Room for all headers with their options, and for those that an ICMP error quotes. */
#define REBUILD_MAX 512

/*
 * The bytes of a packet's headers, from what a line of the log says of them
 * (RFC 791, 8200, 9293, 768, 792, 4443). What the log does not hold is left out:
 * *cap bytes are built, *orig is the packet's whole length. Checksums are right
 * where all that they cover is known, else 0. *ethernet: begins with the link's
 * header. Returns 0, or -EINVAL where the line has no addresses.
 */
int rebuild_packet(const struct np_trace_event *ev, uint8_t buf[REBUILD_MAX], uint32_t *cap,
	uint32_t *orig, bool *ethernet);

#endif
