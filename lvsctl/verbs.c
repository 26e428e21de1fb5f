// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/verbs.h"
#include "lvsctl/verbs_host.h"
#include "lvsctl/verbs_plan.h"

const struct np_cmd *const lvs_verb_tables[] = {
	lvs_plan_verbs,
	lvs_host_verbs,
	NULL,
};
