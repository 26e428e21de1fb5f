/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_HDR_H
#define NP_HDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trace.h"

/* Bytes of a packet as they are on the wire, as far as someone kept them. */
struct np_hdr_bytes {
	const uint8_t *l3, *l4; /* IPv4 or IPv6; TCP, UDP …: NULL where not known */
	size_t l3_len, l4_len;
};

/*
 * Reads headers (RFC 791, 8200, 9293, 768, 792, 4443) into h, which then says what is
 * known and no more. Behind IPv6's extension headers the protocol is not known, nor
 * what l4 holds. Returns 0, or -EINVAL: it is neither IPv4 nor IPv6.
 */
int np_hdr_read(struct np_hdr *h, const struct np_hdr_bytes *bytes);

/*
 * The packet inside of outer, whose bytes these are: in IPIP (RFC 2003, 4213), GRE (RFC 2784,
 * 2890) or GUE (draft-ietf-intarea-gue, version 0). As much of its IP header as is there is
 * said, and nothing of what is behind that. Returns 0, or -ENOENT: it wraps none that can be
 * seen.
 */
int np_hdr_read_inner(struct np_hdr *h, const struct np_hdr *outer,
	const struct np_hdr_bytes *bytes);

/* Whether h is an ICMP error, which quotes the packet that it is about (RFC 792, 4443). */
bool np_hdr_is_error(const struct np_hdr *h);

/* That packet, as far as its header is quoted. Returns 0, or -ENOENT: there is none. */
int np_hdr_read_quoted(struct np_hdr *h, const struct np_hdr *outer,
	const struct np_hdr_bytes *bytes);

#endif
