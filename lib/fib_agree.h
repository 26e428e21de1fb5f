/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_FIB_AGREE_H
#define NP_FIB_AGREE_H

#include "lib/fib.h"
#include "lib/route.h"

/*
 * What the kernel answered to the same question (RTM_GETROUTE with
 * RTM_F_LOOKUP_TABLE), and which route of which table it used
 * (RTM_F_FIB_MATCH as well, since Linux 4.13).
 */
struct np_fib_kernel {
	bool asked;
	int err;               /* positive errno, 0: answer holds */
	struct np_route answer;
	bool matched;          /* it was asked which route of a table it used */
	int match_err;         /* positive errno, 0: match holds */
	struct np_route match;
};

void np_fib_kernel_init(struct np_fib_kernel *k);
void np_fib_kernel_clean(struct np_fib_kernel *k);

/* The model cannot tell which of several routes it is: k->matched would help. */
bool np_fib_wants_match(const struct np_fib *fib, const struct np_fib_decision *d,
			const struct np_fib_kernel *k);

/*
 * Decides, and where the model leaves a choice (which nexthop of several the
 * kernel's hash picks, which of several default routes, what np_fib_seal had to
 * guess) takes the one that the kernel took. Without k->asked it is
 * np_fib_decide(), told as the kernel would (see np_fib_decision.shared). *agrees: the
 * decision is what the kernel said: type, device, gateway and table, and the prefix
 * where k->matched. A guess that proved wrong is mended in fib. Returns 0 or -ENOMEM.
 */
int np_fib_explain(struct np_fib *fib, const struct np_flow *flow, const struct np_fib_kernel *k,
		   struct np_fib_decision *d, bool *agrees);

#endif
