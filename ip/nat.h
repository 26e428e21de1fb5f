/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_NAT_H
#define PRT_NAT_H

#include "ip/ctx.h"
#include "lib/cli.h"
#include "lib/nat.h"

/*
 * [dst|src] FROM[/LEN] to TO[/LEN] [dev DEV] [nptv6] into m. verb: whose words they
 * are. Returns 0 or -errno.
 */
int nat_parse(const struct prt *p, struct np_args *a, const char *verb, struct np_nat_mapping *m,
	      struct np_err *err);
/* The words of list and flush into f, for np_nat_match(). */
int nat_parse_filter(const struct prt *p, struct np_args *a, struct np_nat_filter *f,
		     struct np_err *err);

/* Help of prt nat. */
void nat_usage(FILE *fp);
/* One mapping as nat_parse() reads it, no newline. No colour: for a file. */
void nat_words(const struct prt_show *show, const struct np_nat_mapping *m, bool color);
/* One record; del: it was deleted (monitor). */
void nat_text(const struct prt_show *show, const struct np_nat_mapping *m, bool del);
void nat_json(const struct prt_show *show, const struct np_nat_mapping *m, bool del);
static inline void nat_show(const struct prt_show *show, const struct np_nat_mapping *m, bool del)
{
	if (show->json)
		nat_json(show, m, del);
	else
		nat_text(show, m, del);
}
/*
 * Of a refusal by the module that says that a mapping is in the way of m (ip/nat_clash.c):
 * names it in err. False: it is none of the table in use.
 */
bool nat_name_clash(struct prt *p, const struct np_nat_mapping *m, struct np_err *err);
/* The same if ret is -EEXIST. Returns ret. */
int nat_clash(struct prt *p, const struct np_nat_mapping *m, int ret, struct np_err *err);
struct np_nat_stats;
void nat_stats_text(const struct prt_show *show, const struct np_nat_stats *s);
void nat_stats_json(const struct prt_show *show, const struct np_nat_stats *s);
static inline void nat_stats_show(const struct prt_show *show, const struct np_nat_stats *s)
{
	if (show->json)
		nat_stats_json(show, s);
	else
		nat_stats_text(show, s);
}

prt_cmd nat_save, nat_restore; /* ip/nat_save.c */
extern const struct np_opt nat_restore_opts[];

#endif
