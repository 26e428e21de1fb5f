/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FIB_UNIT_H
#define FIB_UNIT_H

/* What the tests of the lookup model share: one model, its last decision, its rules. */
#include "lib/fib.h"
#include "tests/unit/unit.h"

enum { LO = 1, A = 2, B = 3, VRF = 9 };

static struct np_fib fib;
static struct np_fib_decision d;

/* The rule can be changed until np_fib_seal(). */
static struct np_fib_rule *rule(uint32_t priority, uint32_t table)
{
	struct np_fib_rule r;

	np_fib_rule_init(&r);
	r.priority = priority;
	r.table = table;
	np_fib_add_rule(&fib, &r);
	return &fib.rules[fib.n_rules - 1];
}

#endif
