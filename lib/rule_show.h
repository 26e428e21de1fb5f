/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_RULE_SHOW_H
#define NP_RULE_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/json_write.h"
#include "lib/rule.h"

/* A rule in the words of ip-rule(8), and in the keys of `ip -j rule`. */

/* What a rule is written with. */
struct np_rule_pen {
	FILE *fp;             /* of np_rule_text() */
	struct np_json *json; /* of np_rule_json() */
	const struct np_names *names;
	bool details;         /* also what goes without saying (protocol kernel) */
	/*
	 * Writes an address (NP_RULE_T_PREFIX) or a link's name (NP_RULE_T_IFNAME) to fp
	 * in its colour; NULL: they are written plain.
	 */
	void (*put)(const struct np_rule_pen *pen, enum np_rule_type type, uint8_t family,
		    const char *text);
	const void *arg;      /* for put */
	/*
	 * Where np_rule_text() notes how far fp was (ftell) when the words of the action
	 * began, with the blank before them, untouched when there are none; or NULL.
	 */
	long *action;
};

/* "0:\tfrom all lookup local\n" to pen->fp. Sources: iprule.c of iproute2, ip-rule(8). */
void np_rule_text(const struct np_rule_pen *pen, const struct np_rule *rule);
/* The members of an object that the caller has opened in pen->json and closes. */
void np_rule_json(const struct np_rule_pen *pen, const struct np_rule *rule);

#endif
