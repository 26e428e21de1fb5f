/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_PLAN_WORDS_H
#define LVSCTL_PLAN_WORDS_H

#include <stdint.h>

/* Words of the saved language and their bits; the last row has none. */
struct lvs_word {
	const char *word;
	uint32_t value;
};

/* For printing the first with a value counts; sh's and mh's names stand after the plain ones. */
extern const struct lvs_word lvs_flag_words[];
extern const struct lvs_word lvs_tunnel_words[];

#endif
