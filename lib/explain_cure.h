/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_EXPLAIN_CURE_H
#define NP_EXPLAIN_CURE_H

#include "lib/explain.h"

/* How a remedy is filled. r NULL: there is no room for one, nothing is done. */

/* A command, and what it does (static). */
void np_cure(struct np_explain_remedy *r, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Only words help. */
void np_advise(struct np_explain_remedy *r, const char *what);

#endif
