/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_FMT_H
#define PKTTRACE_FMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trace.h"

/*
 * Words for the parts of a traced packet, shared by all renderers. Each writes
 * a terminated string into the caller's buffer and returns its length; printf is
 * not used, for a log has a million lines.
 */
#define FMT_ADDR 48      /* an address, with brackets and port */
#define FMT_FLAGS 40     /* all TCP flags */
#define FMT_PLACE 256    /* table:chain:event:number; names of nf_tables are up to 127 bytes */
#define FMT_NUM 24       /* any integer */
#define FMT_TIME 40

size_t fmt_uint(char *buf, uint64_t v);
size_t fmt_int(char *buf, int64_t v);
/* Adds "0x". */
size_t fmt_hex(char *buf, uint64_t v);

/* addr is in network order. An unknown family gives "?". */
size_t fmt_addr(char *buf, uint8_t family, const uint8_t *addr);
/* With its port: 192.0.2.1:80, [2001:db8::1]:80. */
size_t fmt_endpoint(char *buf, uint8_t family, const uint8_t *addr, uint16_t port);

/* "SYN ACK", in the order of the kernel's lines from FIN's end: SYN FIN RST PSH ACK URG ECE CWR. */
size_t fmt_flags(char *buf, uint8_t flags);

/* "tcp", or the number of a protocol without a name. */
size_t fmt_proto(char *buf, uint8_t proto);

/* "nat:PREROUTING:policy:3". */
size_t fmt_place(char *buf, const struct np_trace_event *ev);

/* Microseconds as seconds with six decimals: "324781.838361". */
size_t fmt_seconds(char *buf, int64_t us);
/* Microseconds since the epoch as UTC: "2026-05-08T16:30:29.838361Z". */
size_t fmt_utc(char *buf, int64_t us);

/* A duration for people: "248 µs", "12 ms", "34 s"; micro is the first sign of the first unit. */
size_t fmt_duration(char *buf, int64_t us, const char *micro);

/*
 * The word for a type and code, more exact than the type's where the code has one
 * ("port unreachable", "fragmentation needed"); NULL for one without. *says_code: the
 * word says the code.
 */
const char *fmt_icmp(uint8_t family, uint8_t type, uint8_t code, bool *says_code);

#endif
