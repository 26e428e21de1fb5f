// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/interrupt.h"

#include <stddef.h>

volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	interrupted = sig;
}

void interrupt_catch(void)
{
	/* no SA_RESTART: a read that waits must come back */
	const struct sigaction act = { .sa_handler = on_signal };
	struct sigaction old;

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	if (!sigaction(SIGHUP, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &act, NULL);
}

void interrupt_no_reader(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}
