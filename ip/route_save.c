// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <unistd.h>

#include "ip/route_verbs.h"
#include "ip/savefile.h"
#include "lib/msgs.h"
#include "lib/route_io.h"
#include "lib/route_nl.h"

/* The first four bytes of iproute2's files, in the byte order of the host. */
#define ROUTE_MAGIC 0x45311224

struct saving {
	struct route_filter filter;
	struct np_route route;
	FILE *fp;
	struct prt *p;
	struct np_err *err;
};

static int save_one(const struct nlmsghdr *nlh, void *arg)
{
	struct saving *s = arg;
	int ret = np_route_decode(&s->route, nlh);

	if (ret == -ENOMEM)
		return np_err_nomem(s->err);
	if (ret || !route_filter_match(&s->filter, &s->route))
		return 0;
	(void)!fwrite(nlh, 1, nlh->nlmsg_len, s->fp); /* main finds a write that failed */
	return 0;
}

static int save_again(void *arg)
{
	struct saving *s = arg;

	if (prt_list_restart(s->p))
		return -1;
	savefile_begin(s->fp, ROUTE_MAGIC);
	return 0;
}

static int save(struct saving *s, struct np_args *a)
{
	struct np_nl_sink sink = { save_one, save_again, s };
	struct np_route_dump dump;
	int ret = route_filter_parse(&s->filter, s->p, a, s->err);

	if (ret)
		return ret;
	route_filter_dump(&s->filter, s->p, &dump);
	return np_route_list(s->p->nl, &dump, &sink, s->err);
}

int route_save(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct saving s = { .fp = p->show.fp, .p = p, .err = err };
	bool json = p->want_json;
	int ret;

	if (isatty(STDOUT_FILENO))
		return np_err_set(err, ENOTTY, "a save file is binary: not written to a terminal");
	np_route_init(&s.route);
	p->want_json = false;
	p->whole = true;
	ret = prt_list_begin(p, err);
	if (!ret) {
		savefile_begin(s.fp, ROUTE_MAGIC);
		ret = save(&s, a);
		prt_list_end(p);
	}
	p->want_json = json;
	np_route_clean(&s.route);
	return ret;
}

static int check_stdin(struct np_err *err)
{
	if (isatty(STDIN_FILENO))
		return np_err_set(err, ENOTTY, "a save file is binary: "
				  "it is not read from a terminal");
	return savefile_check(stdin, ROUTE_MAGIC, err);
}

/*
 * Routes of local addresses first, then those of networks that they are in, then
 * those with gateways: each needs those before.
 */
static unsigned rank(const struct np_route *r)
{
	if (r->nh.set & NP_NH_GATEWAY)
		return 2;
	if (!(r->set & NP_RT_PREFSRC))
		return 0;
	return r->set & NP_RT_DST && !memcmp(r->prefsrc, r->dst, sizeof(r->dst)) ? 0 : 1;
}

struct restoring {
	struct prt *p;
	struct np_msgs all;
	struct np_route route;
	unsigned there; /* routes that there were already */
};

static int restore_rank(struct restoring *rs, unsigned want, struct np_err *err)
{
	struct nlmsghdr *nlh = NULL;

	while ((nlh = np_msgs_next(&rs->all, nlh))) {
		int ret = np_route_decode(&rs->route, nlh);

		if (ret || rank(&rs->route) != want)
			continue;
		ret = np_route_restore_msg(rs->p->nl, nlh, err);
		if (ret == -EEXIST)
			rs->there++;
		else if (ret)
			return ret;
	}
	return 0;
}

static int keep(const void *msg, size_t len, void *arg, struct np_err *err)
{
	(void)len;
	return np_msgs_add(arg, msg) ? np_err_nomem(err) : 0;
}

/* Of a file that is damaged only the first rank is restored before that is told, as ip does. */
static int restore(struct restoring *rs, int damaged, struct np_err *err)
{
	int ret = 0;

	for (unsigned i = 0; !ret && i < (damaged ? 1 : 3); i++)
		ret = restore_rank(rs, i, err);
	if (rs->there)
		prt_note(rs->p, "note: %u route%s there already", rs->there,
			 rs->there == 1 ? " was" : "s were");
	return ret;
}

int route_restore(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct restoring rs = { .p = p };
	struct np_err damage = NP_ERR_INIT;
	int damaged, ret = check_stdin(err);

	(void)a; /* iproute2 ignores words here */
	if (ret)
		return ret;
	np_route_init(&rs.route);
	damaged = savefile_read(stdin, keep, &rs.all, &damage);
	ret = restore(&rs, damaged, err);
	if (!ret && damaged) {
		*err = damage;
		err->refused = true; /* the status of ip: 2 once the magic was right */
		ret = damaged;
	}
	np_route_clean(&rs.route);
	np_msgs_free(&rs.all);
	return ret;
}

static int showdump_one(const void *msg, size_t len, void *arg, struct np_err *err)
{
	struct route_printer *rp = arg;
	struct route_filter filter = { .family = rp->p->show.family };

	(void)len;
	(void)err;
	if (!route_printer_read(rp, msg, NULL) && route_filter_match(&filter, &rp->route))
		route_printer_print(rp);
	return 0;
}

int route_showdump(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct route_printer rp;
	int ret = check_stdin(err);

	(void)a;
	if (!ret)
		ret = prt_settle(p, err);
	if (ret)
		return ret;
	route_printer_init(&rp, p);
	p->show.json = NULL; /* text, whatever -j says, as ip does it */
	np_links_load(p->show.links, NULL);
	ret = savefile_read(stdin, showdump_one, &rp, err);
	if (ret)
		err->refused = true; /* as restore has it */
	route_printer_clean(&rp);
	return ret;
}
