// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/readahead.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* Large enough that waking each other costs nothing, small enough for the cache. */
#define BATCHES 4
#define BATCH_ITEMS 256

struct batch {
	struct log_item items[BATCH_ITEMS];
	unsigned n;
	int ret; /* what next returned after these: 1, or the end */
};

struct readahead {
	log_item_fn next;
	void *arg;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned filled, taken; /* batches so far; under the lock */
	bool stop;              /* under the lock */
	bool given;             /* the caller holds the batch at taken */
	struct batch ring[BATCHES];
};

/* Waits for a batch that is free. False: there is nothing more to do. */
static bool wait_free(struct readahead *ra)
{
	bool stop;

	pthread_mutex_lock(&ra->lock);
	while (!ra->stop && ra->filled - ra->taken == BATCHES)
		pthread_cond_wait(&ra->changed, &ra->lock);
	stop = ra->stop;
	pthread_mutex_unlock(&ra->lock);
	return !stop;
}

static void *work(void *arg)
{
	struct readahead *ra = arg;
	int ret = 1;

	while (ret == 1 && wait_free(ra)) {
		struct batch *b = &ra->ring[ra->filled % BATCHES];

		b->n = 0;
		while (b->n < BATCH_ITEMS && (ret = ra->next(ra->arg, &b->items[b->n])) == 1)
			b->n++;
		b->ret = ret;
		pthread_mutex_lock(&ra->lock);
		ra->filled++;
		pthread_cond_signal(&ra->changed);
		pthread_mutex_unlock(&ra->lock);
	}
	return NULL;
}

int readahead_start(struct readahead **out, log_item_fn next, void *arg)
{
	struct readahead *ra = calloc(1, sizeof(*ra));
	int ret;

	if (!ra)
		return -ENOMEM;
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

int readahead_next(struct readahead *ra, const struct log_item **items, unsigned *n)
{
	const struct batch *b;

	pthread_mutex_lock(&ra->lock);
	if (ra->given) {
		ra->taken++;
		pthread_cond_signal(&ra->changed);
	}
	while (ra->filled == ra->taken)
		pthread_cond_wait(&ra->changed, &ra->lock);
	pthread_mutex_unlock(&ra->lock);
	b = &ra->ring[ra->taken % BATCHES];
	*items = b->items;
	*n = b->n;
	/* the last batch may be asked for again, and is empty then */
	ra->given = b->ret == 1;
	if (b->ret != 1 && b->n) {
		ra->ring[ra->taken % BATCHES].n = 0;
		return 1;
	}
	return b->ret;
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
