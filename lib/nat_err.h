/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NAT_ERR_H
#define NP_NAT_ERR_H

#include "lib/err.h"

/* Puts a sentence in place of what the netlink socket said of a refusal by the module. */
void np_nat_refusal(struct np_err *err);

#endif
