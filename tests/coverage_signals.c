// SPDX-License-Identifier: GPL-2.0-or-later
/* Linked into programs built with COVERAGE=1: what a signal ends has run all the same. */
#include <signal.h>
#include <stddef.h>

void __gcov_dump(void);

static void ended(int sig)
{
	__gcov_dump();
	raise(sig); /* SA_RESETHAND: its own way now */
}

__attribute__((constructor)) static void begin(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct sigaction act = { .sa_handler = ended, .sa_flags = (int)SA_RESETHAND }, old;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (!sigaction(signals[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(signals[i], &act, NULL);
}
