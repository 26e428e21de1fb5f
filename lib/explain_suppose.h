/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_EXPLAIN_SUPPOSE_H
#define NP_EXPLAIN_SUPPOSE_H

#include <stdbool.h>

#include "lib/explain.h"

/*
 * What would be, were something else: to be asked of the model alone. x is the explanation
 * of what is supposed, on a host that differs from the real one in its links' settings.
 */
struct np_supposed {
	struct np_explain_host host; /* borrowed, but for fib.devs */
	struct np_flow flow;
	struct np_fib_decision d;
	struct np_explanation x;
};

/* As it is. 0 or -ENOMEM; to be cleaned in any case. */
int np_suppose_init(struct np_supposed *s, const struct np_explanation *x);
void np_suppose_clean(struct np_supposed *s);
/* That the setting which refuses is as its first remedy has it. False: none does. */
bool np_suppose_cured(struct np_supposed *s);
/* The reply, of a packet that passes. False: there is none, or its way is anybody's guess. */
bool np_suppose_reply(struct np_supposed *s);
/* With src_valid_mark on the link it came in by, a packet that rp_filter drops passes. */
bool np_suppose_marked(const struct np_explanation *x);
/* Could a route lead back to the source: no rule refuses it, and it is not this host's own. */
bool np_suppose_route_back(const struct np_explanation *x);
/* Where a packet would leave if it were forwarded; NULL: nowhere. */
const struct np_fib_dev *np_suppose_out(const struct np_explanation *x);

#endif
