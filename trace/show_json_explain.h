/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_SHOW_JSON_EXPLAIN_H
#define PKTTRACE_SHOW_JSON_EXPLAIN_H

#include "lib/json_write.h"
#include "trace/packet.h"

/* What the routing model says, into an object that is open. x may be NULL. */

/* "routing", of the decision before a step. */
void show_json_routing(struct np_json *j, const struct packet_explained *x, uint32_t step);
/* "explain", of a vanished packet's end. */
void show_json_explain(struct np_json *j, const struct packet_explained *x);

/* "lookups" and "way_back_lookups", the tables that the kernel asked. Likewise. */
void show_json_lookups(struct np_json *j, const struct packet_lookups *x, uint32_t step);

#endif
