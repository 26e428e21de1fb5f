/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LEGACY_H
#define LEGACY_H

#include "trace/ruleset.h"

/*
 * The rules of legacy iptables of this host and network namespace, as its own
 * iptables-legacy-save prints them: the kernel has them in a form that each match's and
 * target's own library must read.
 */
struct legacy {
	struct ruleset *rules;   /* NULL: not read, or there are none */
	int64_t read_us, cost_us;
	bool said;               /* that they cannot be read */
};

/* Whether it is time to read them again: not more than a twentieth of the time is spent so. */
bool legacy_is_old(const struct legacy *l, int64_t now_us);
/* Returns 0, or -errno: what was known before is known still. */
int legacy_read(struct legacy *l, struct np_intern *intern, struct np_err *err);
void legacy_clean(struct legacy *l);

#endif
