// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/drops.h"

#include <errno.h>

#include "lib/netns.h"

/* In the janitor, whose settings to restore are those that were read before. */
static void stop(void *arg)
{
	struct np_err err = NP_ERR_INIT;

	(void)np_drops_stop_again(arg, &err);
}

static int start(struct drops *w, struct np_err *err)
{
	bool ours = false;
	int ret = np_drops_open(&w->d, err);

	/* the janitor is there before there is anything to clear up */
	if (!ret)
		ret = janitor_start(&w->janitor, stop, w->d, err);
	if (!ret)
		ret = np_drops_start(w->d, &ours, err);
	if (!ours)
		janitor_dismiss(&w->janitor);
	return ret;
}

int drops_open(struct drops *w, struct np_err *err)
{
	int back = -1, ret = 0;

	*w = (struct drops){ .d = NULL };
	if (!np_netns_is_first())
		ret = np_netns_first_enter(&back, err);
	if (!ret)
		ret = start(w, err);
	if (back >= 0 && np_netns_back(back) && !ret)
		ret = np_err_set(err, EPERM, "cannot come back from the first network namespace");
	if (ret)
		drops_close(w);
	return ret;
}

void drops_close(struct drops *w)
{
	/* the janitor looks whether others listen, when we do no more */
	np_drops_close(w->d);
	w->d = NULL;
	janitor_end(&w->janitor);
}
