/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LEGACY_H
#define PKTTRACE_LEGACY_H

#include "trace/ruleset.h"

/*
 * The rules of legacy iptables of this host and network namespace, as its own
 * iptables-legacy-save prints them: the kernel has them in a form that each match's and
 * target's own library must read.
 */
struct legacy {
	struct ruleset *rules;   /* NULL: not read, or there are none */
	uint8_t known;           /* the families whose rules these are */
	int64_t read_us, cost_us;
	bool said;               /* that they cannot be read */
};

enum { LEGACY_V4 = 1, LEGACY_V6 = 2 };

/* The families that it has a table of here: their TRACE goes into the kernel log. */
uint8_t legacy_tables(void);
/* Whether it is time to read them again: not more than a twentieth of the time is spent so. */
bool legacy_is_old(const struct legacy *l, int64_t now_us);
/*
 * The rules of some families. Returns 0, or -errno: only those that could be read are known
 * then, or what was known before where that is more.
 */
int legacy_read(struct legacy *l, uint8_t families, struct np_intern *intern, struct np_err *err);
void legacy_clean(struct legacy *l);

#endif
