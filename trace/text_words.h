/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_TEXT_WORDS_H
#define PKTTRACE_TEXT_WORDS_H

#include "trace/packet.h"
#include "trace/text.h"

/* Words of a packet that several of the texts have. */

/* Its time as logged, or in UTC, or the kernel's clock in brackets. False: it has none. */
bool text_time(struct text *t, bool utc, const struct np_trace_event *ev);
/* "TCP", "ICMPV6", "253"; nothing where the line did not say. */
void text_proto(struct text *t, const struct np_hdr *h);
/* An address of the header with its port, where there are ports. */
void text_end_of(struct text *t, const struct np_hdr *h, const uint8_t *addr, uint16_t port);

enum np_style text_state_style(enum packet_state state);

#endif
