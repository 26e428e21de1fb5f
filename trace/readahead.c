// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/readahead.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * Small enough for the cache. To wake the other side costs as much as a hundred lines (a
 * guest's virtual CPU may have to be started for it): who has to wait, waits for half of them.
 */
#define BATCHES 16
#define BATCH_CELLS 512
#define ENOUGH (BATCHES / 2)
#define FETCH_CELLS 8 /* ahead of the one that is read */

struct batch {
	struct itemcode_cell cells[BATCH_CELLS];
	unsigned used; /* cells */
	int ret;       /* what next returned after these: 1, or the end */
};

struct readahead {
	/* the reading thread's */
	log_item_fn next;
	void *arg;
	struct itemcode put;
	/* the caller's, on cache lines of its own */
	_Alignas(ITEMCODE_CELL) struct itemcode get;
	const struct batch *now; /* the caller holds it; NULL: none */
	unsigned at;             /* cells of it that were taken */
	/* both sides' */
	_Alignas(ITEMCODE_CELL) pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned filled, taken; /* batches so far; under the lock */
	bool ended, stop;       /* under the lock: the last batch is there; no more is wanted */
	pthread_t thread;
	struct batch ring[BATCHES];
};

/* Waits for a batch that is free. False: there is nothing more to do. */
static bool wait_free(struct readahead *ra)
{
	bool stop;

	pthread_mutex_lock(&ra->lock);
	if (ra->filled - ra->taken == BATCHES)
		while (!ra->stop && ra->filled - ra->taken > BATCHES - ENOUGH)
			pthread_cond_wait(&ra->changed, &ra->lock);
	stop = ra->stop;
	pthread_mutex_unlock(&ra->lock);
	return !stop;
}

static void fill(struct readahead *ra, struct batch *b)
{
	struct log_item item;
	int ret = 1;

	b->used = 0;
	while (b->used + ITEMCODE_MAX <= BATCH_CELLS && (ret = ra->next(ra->arg, &item)) == 1)
		b->used += (unsigned)itemcode_put(&ra->put, &item, b->cells + b->used);
	b->ret = ret;
}

static void *work(void *arg)
{
	struct readahead *ra = arg;
	int ret = 1;

	for (unsigned i = 0; ret == 1 && wait_free(ra); i++) {
		struct batch *b = &ra->ring[i % BATCHES];

		fill(ra, b);
		ret = b->ret;
		pthread_mutex_lock(&ra->lock);
		ra->filled++;
		ra->ended = ret != 1;
		if (ra->ended || ra->filled - ra->taken == ENOUGH)
			pthread_cond_signal(&ra->changed);
		pthread_mutex_unlock(&ra->lock);
	}
	return NULL;
}

int readahead_start(struct readahead **out, log_item_fn next, void *arg)
{
	struct readahead *ra = aligned_alloc(ITEMCODE_CELL, sizeof(*ra));
	int ret;

	if (!ra)
		return -ENOMEM;
	memset(ra, 0, sizeof(*ra));
	ra->next = next;
	ra->arg = arg;
	pthread_mutex_init(&ra->lock, NULL);
	pthread_cond_init(&ra->changed, NULL);
	ret = pthread_create(&ra->thread, NULL, work, ra);
	if (ret) {
		pthread_cond_destroy(&ra->changed);
		pthread_mutex_destroy(&ra->lock);
		free(ra);
		return -ret;
	}
	*out = ra;
	return 0;
}

/* Gives the batch at hand back and waits for the next. */
static void next_batch(struct readahead *ra)
{
	unsigned taken;

	pthread_mutex_lock(&ra->lock);
	if (ra->now) {
		ra->taken++;
		if (ra->filled - ra->taken == BATCHES - ENOUGH)
			pthread_cond_signal(&ra->changed);
	}
	if (ra->filled == ra->taken)
		while (!ra->ended && ra->filled - ra->taken < ENOUGH)
			pthread_cond_wait(&ra->changed, &ra->lock);
	taken = ra->taken;
	pthread_mutex_unlock(&ra->lock);
	ra->now = &ra->ring[taken % BATCHES];
	ra->at = 0;
}

int readahead_next(struct readahead *ra, struct log_item *item)
{
	/* the last batch stays: the end may be asked for again */
	while (!ra->now || (ra->at == ra->now->used && ra->now->ret == 1))
		next_batch(ra);
	if (ra->at == ra->now->used)
		return ra->now->ret;
	/* from the other CPU's cache; some cells behind a batch are its end or the next one's */
	__builtin_prefetch(ra->now->cells + ra->at + FETCH_CELLS);
	ra->at += (unsigned)itemcode_get(&ra->get, ra->now->cells + ra->at, item);
	return 1;
}

void readahead_stop(struct readahead *ra)
{
	pthread_mutex_lock(&ra->lock);
	ra->stop = true;
	pthread_cond_signal(&ra->changed);
	pthread_mutex_unlock(&ra->lock);
	pthread_join(ra->thread, NULL);
	pthread_cond_destroy(&ra->changed);
	pthread_mutex_destroy(&ra->lock);
	free(ra);
}
