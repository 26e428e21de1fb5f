// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/lookups.h"

#include <unistd.h>

#include "lib/clock.h"

#define AT_ONCE 4096 /* lines, before anything else is looked at */

struct taking {
	struct looked *seen;
	int64_t wall_us; /* when its clock began */
	pid_t self;
};

/* In the janitor. */
static void clear(void *arg)
{
	struct np_err err = NP_ERR_INIT;

	(void)np_lookups_remove(*(pid_t *)arg, &err);
}

int lookups_open(struct lookups *w, struct np_links *links, struct np_err *err)
{
	pid_t self = getpid();
	int ret;

	*w = (struct lookups){ .t = NULL };
	w->seen = looked_new(links);
	if (!w->seen)
		return np_err_nomem(err);
	/* the janitor is there before there is anything to clear up */
	ret = janitor_start(&w->janitor, clear, &self, err);
	if (!ret)
		ret = np_lookups_open(&w->t, err);
	if (ret)
		lookups_close(w);
	return ret;
}

static int on_lookup(const struct np_lookup *l, void *arg)
{
	struct taking *now = arg;

	/* what we ask the kernel for the routing model is no packet's */
	if (!l)
		looked_lost(now->seen);
	else if (l->pid != now->self || l->softirq)
		looked_add(now->seen, l, now->wall_us + l->mono_us);
	return 0;
}

int lookups_take(struct lookups *w, struct np_err *err)
{
	struct taking now = { .seen = w->seen };

	if (!w->t)
		return 0;
	now.wall_us = np_clock_us(CLOCK_REALTIME) - np_clock_us(CLOCK_MONOTONIC);
	now.self = getpid();
	return np_lookups_take(w->t, AT_ONCE, on_lookup, &now, err);
}

const struct packet_lookups *lookups_of(struct lookups *w, const struct packet *p)
{
	return w->t ? looked_of(w->seen, p) : NULL;
}

void lookups_close(struct lookups *w)
{
	np_lookups_close(w->t);
	w->t = NULL;
	janitor_end(&w->janitor);
	looked_free(w->seen);
	w->seen = NULL;
}
