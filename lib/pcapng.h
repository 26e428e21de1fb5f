/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_PCAPNG_H
#define NP_PCAPNG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Writes a capture file as draft-ietf-opsawg-pcapng describes it, in this host's
 * byte order. Times are microseconds since the epoch. Write errors stay in fp.
 */
enum { NP_LINKTYPE_ETHERNET = 1, NP_LINKTYPE_RAW = 101 };

#define NP_PCAPNG_COMMENT_MAX 8192 /* longer ones are cut */

/* The file's header; app is named as what wrote it. */
void np_pcapng_begin(FILE *fp, const char *app);
/* An interface; they are numbered from 0 in their order. name may be NULL. */
void np_pcapng_interface(FILE *fp, uint16_t linktype, const char *name);
/* A packet of cap bytes, which was orig bytes long on the wire; comment may be NULL. */
void np_pcapng_packet(FILE *fp, uint32_t interface, int64_t time_us, const void *data, uint32_t cap,
	uint32_t orig, const char *comment);

#endif
