/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_READAHEAD_H
#define PKTTRACE_READAHEAD_H

#include "trace/itemcode.h"

/*
 * Reads and parses a log in a thread of its own while the caller puts the lines
 * together: on a large log the two take about the same time.
 */

/* Fills *item. Returns 1, 0 at the end of the log, or -errno. */
typedef int (*log_item_fn)(void *arg, struct log_item *item);

struct readahead;

/*
 * Starts the thread, which calls next until it does not return 1. Until
 * readahead_stop() nobody else may use what arg reaches. Returns 0 or -errno.
 */
int readahead_start(struct readahead **ra, log_item_fn next, void *arg);

/* The next item, in the order of the log. Returns what next returned. */
int readahead_next(struct readahead *ra, struct log_item *item);

/* Ends the thread, wherever it is, and frees. Everything that it did is seen by the caller. */
void readahead_stop(struct readahead *ra);

#endif
