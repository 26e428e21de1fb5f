// SPDX-License-Identifier: GPL-2.0-or-later
/* Words of explain, snapshot and watch. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "ip/explain.h"
#include "ip/explain_args.h"
#include "ip/route_verbs.h"
#include "ip/verbs.h"
#include "lib/route_fields.h"

/* The question that the kernel is asked, as the packet that the model looks at. */
static void fill_flow(struct np_flow *f, const struct np_route *r, uint32_t len)
{
	memset(f, 0, sizeof(*f));
	f->len = len;
	memcpy(f->dst, r->dst, sizeof(f->dst));
	if (r->set & NP_RT_SRC) {
		memcpy(f->src, r->src, sizeof(f->src));
		f->set |= NP_FLOW_SRC;
	}
	f->iif = r->set & NP_RT_IIF ? r->iif : 0;
	f->oif = r->nh.set & NP_NH_DEV ? r->nh.ifindex : 0;
	f->tos = r->tos;
	f->mark = r->set & NP_RT_MARK ? r->mark : 0;
	f->sport = r->set & NP_RT_SPORT ? r->sport : 0;
	f->dport = r->set & NP_RT_DPORT ? r->dport : 0;
	f->uid = getuid();
	if (r->set & NP_RT_UID) {
		f->uid = r->uid;
		f->set |= NP_FLOW_UID;
	}
	if (r->set & NP_RT_IPPROTO) {
		f->ipproto = r->ipproto;
		f->set |= NP_FLOW_IPPROTO;
	}
}

int explain_parse(struct explain_query *q, struct prt *p, struct np_args *a,
		  struct np_err *err)
{
	uint32_t len = 0;
	int ret = route_get_parse(p, a, &q->route, &len, err);

	if (!ret)
		fill_flow(&q->flow, &q->route, len);
	return ret;
}

void explain_query_clean(struct explain_query *q)
{
	np_route_clean(&q->route);
}

/* ---- options ---- */

enum { OPT_ALL_RULES, OPT_BATCH, OPT_FILE, OPT_DETAILS, OPT_JSON, OPT_PRETTY, OPT_COUNT,
       OPT_TIMEOUT, OPT_HELP };

#define JSON_ROW { 'j', "json", NULL, "print JSON", OPT_JSON, NULL }
#define PRETTY_ROW { 'p', "pretty", NULL, "print JSON for people", OPT_PRETTY, NULL }
#define HELP_ROW { 'h', "help", NULL, "show this", OPT_HELP, NULL }

const struct np_opt explain_opts[] = {
	{ 'A', "all-rules", NULL, "also the rules behind the one that decided", OPT_ALL_RULES,
	  NULL },
	{ 'b', "batch", "FILE", "a question a line of FILE, - for stdin", OPT_BATCH, NULL },
	{ 'd', "details", NULL, "also what did not match, and checks that passed", OPT_DETAILS,
	  NULL },
	{ 'F', "file", "FILE", "ask what prt snapshot saved, not the kernel", OPT_FILE, NULL },
	{ 0, "snapshot", "FILE", "", OPT_FILE, NULL }, /* as pkttrace calls it */
	JSON_ROW, PRETTY_ROW, HELP_ROW,
	{ 0 }
};

const struct np_opt snapshot_opts[] = {
	JSON_ROW, PRETTY_ROW, HELP_ROW,
	{ 0 }
};

const struct np_opt watch_opts[] = {
	{ 0, "count", "N", "end after N answers", OPT_COUNT, NULL },
	{ 0, "timeout", "SECONDS", "end after this time", OPT_TIMEOUT, NULL },
	JSON_ROW, HELP_ROW,
	{ 0 }
};

static int take_option(struct prt *p, int id, const char *arg, int at, struct explain_args *to,
		       struct np_err *err)
{
	switch (id) {
	case OPT_ALL_RULES:
		to->all_rules = true;
		break;
	case OPT_BATCH:
		to->batch = arg;
		break;
	case OPT_FILE:
		to->file = arg;
		break;
	case OPT_DETAILS:
		p->show.details++;
		break;
	case OPT_JSON:
		p->want_json = true;
		break;
	case OPT_PRETTY:
		p->pretty = true;
		break;
	case OPT_COUNT:
		if (np_parse_u32(arg, &to->count) || !to->count)
			return np_err_word(err, EINVAL, at, "\"%s\" is not a number of answers",
					   arg);
		break;
	case OPT_TIMEOUT:
		return np_parse_seconds(arg, at, &to->timeout_us, err);
	default:
		return np_err_help(err);
	}
	return 0;
}

static bool wants_help(const struct np_args *a)
{
	const char *word = np_args_peek(a);

	return word && np_abbrev(word, "help");
}

int explain_take_options(struct prt *p, const struct np_opt *rows, struct np_args *a,
			 struct explain_args *to, struct np_err *err)
{
	/* np_opt_next() writes to none of the words */
	struct np_opt_iter it = { .opts = rows, .argc = a->argc, .at = a->at,
				  .argv = (char **)(uintptr_t)a->argv };
	const struct np_opt *opt;
	const char *arg;
	int ret;

	*to = (struct explain_args){ 0 };
	while ((ret = np_opt_next(&it, &opt, &arg, err)) == 1) {
		ret = take_option(p, opt->id, arg, it.at - 1, to, err);
		if (ret)
			return ret;
	}
	a->at = it.at;
	return !ret && wants_help(a) ? np_err_help(err) : ret;
}

void snapshot_complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	(void)cmd, (void)argv;
	if (argc - 1 == at)
		fputs("<FILE>\n", fp);
}
