/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOOKUPS_H
#define PKTTRACE_LOOKUPS_H

#include "trace/janitor.h"
#include "trace/looked.h"

/* The kernel's routing lookups, for as long as this process is there. */
struct lookups {
	struct np_lookups *t; /* NULL: they were not asked for */
	struct looked *seen;
	struct janitor janitor;
};

/* links: as looked_new(). Returns 0 or -errno. */
int lookups_open(struct lookups *w, struct np_links *links, struct np_err *err);
/* Those that are there. Returns 0 or -errno. */
int lookups_take(struct lookups *w, struct np_err *err);
/* As looked_of(). */
const struct packet_lookups *lookups_of(struct lookups *w, const struct packet *p);
void lookups_close(struct lookups *w);

#endif
