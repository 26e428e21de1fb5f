/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_VERBS_H
#define LVSCTL_VERBS_H

#include "lib/cli.h"

/* The verbs (a first word without dashes): each table ends with a row without a name. */
extern const struct np_cmd *const lvs_verb_tables[];

#endif
