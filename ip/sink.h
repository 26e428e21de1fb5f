/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_SINK_H
#define PRT_SINK_H

#include <stdint.h>
#include <stdio.h>

/*
 * A stream over a file descriptor that says how many bytes have left it, so that a
 * listing can tell whether all of it is still in the buffer and can be taken back. What
 * leaves it has no hole: after a write that failed, nothing more is written.
 */
struct prt_sink;

/* NULL: out of memory. The stream's buffer is a megabyte; fclose() before _free(). */
FILE *prt_sink_open(struct prt_sink **sink, int fd);
void prt_sink_free(struct prt_sink *sink);
uint64_t prt_sink_written(const struct prt_sink *sink);
/* The errno of the first write that failed, 0: none did. */
int prt_sink_error(const struct prt_sink *sink);

#endif
