// SPDX-License-Identifier: GPL-2.0-or-later
/* prt explain: the model's decision, with its reasons, beside the kernel's own. */
#include "ip/explain_args.h"
#include "ip/explain_run.h"

static int one(struct explain_run *run, struct np_args *a, struct np_err *err)
{
	struct explain_slot s = { 0 };
	int ret;

	np_fib_kernel_init(&s.kernel);
	ret = explain_parse_slot(run, &s, a, err);
	if (!ret)
		ret = explain_ask(run, &s, true, err);
	if (!ret)
		explain_ask_nat(run, &s);
	if (!ret)
		ret = explain_answer(run, &s, NULL, err);
	explain_query_clean(&s.query);
	np_fib_kernel_clean(&s.kernel);
	return ret;
}

static int run_it(struct explain_run *run, const struct explain_args *args, struct np_args *a,
		  struct np_err *err)
{
	struct prt *p = run->p;
	struct np_snapshot snapshot = { 0 };
	int ret;

	if (args->batch && np_args_next(a))
		return np_args_fail(a, err, "the words of a question stand in the lines of the "
				    "batch");
	run->all_rules = args->all_rules;
	run->d.walk.brief = !run->all_rules && !p->show.details;
	if (args->file) {
		ret = np_snapshot_read(&snapshot, args->file, np_names_numeric(p->show.names), err);
		p->snapshot = run->snapshot = &snapshot;
		p->show.names = snapshot.names;
		p->show.links = snapshot.links;
	} else {
		ret = prt_need_nl(p, err);
	}
	if (!ret && args->batch)
		ret = explain_batch(run, args->batch, err);
	else if (!ret)
		ret = one(run, a, err);
	p->snapshot = NULL;
	np_snapshot_clean(&snapshot);
	return ret;
}

int prt_explain(struct prt *p, struct np_args *a, struct np_err *err)
{
	const struct prt_show keep = p->show;
	const bool json = p->want_json, pretty = p->pretty;
	struct explain_args args;
	struct explain_run run;
	int ret;

	explain_run_init(&run, p);
	ret = explain_take_options(p, explain_opts, a, &args, err);
	if (!ret)
		ret = run_it(&run, &args, a, err);
	explain_run_clean(&run);
	p->show = keep;
	p->want_json = json;
	p->pretty = pretty;
	return ret;
}
