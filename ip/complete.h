/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_COMPLETE_H
#define PRT_COMPLETE_H

#include <stdio.h>

#include "lib/names.h"

/* For np_cmd.complete: each prints, one a line, those of its words that begin so. */
void prt_offer(FILE *fp, const char *word, const char *begins);
void prt_offer_names(FILE *fp, enum np_names_db db, const char *begins);
void prt_offer_types(FILE *fp, const char *begins);

#endif
