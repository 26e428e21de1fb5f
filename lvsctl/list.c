// SPDX-License-Identifier: GPL-2.0-or-later
/* -L and -S: what is asked of the kernel for them. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/json_write.h"
#include "lvsctl/apply.h"
#include "lvsctl/cmds.h"
#include "lvsctl/list.h"
#include "lvsctl/written.h"

#define SAID(r, bit) ((r)->said >> (bit) & 1)

static int init_view(struct lvs_view *v, const struct lvs_request *r, struct np_err *err)
{
	static const enum lvs_said columns[] = { LVS_SAID_STATS, LVS_SAID_RATE, LVS_SAID_THRESHOLDS,
						 LVS_SAID_PERSISTENT_CONN, LVS_SAID_TUN_INFO };
	size_t c = 0;

	while (c < sizeof(columns) / sizeof(columns[0]) && !SAID(r, columns[c]))
		c++;
	*v = (struct lvs_view){
		.fp = stdout,
		.names = lvs_names_new(SAID(r, LVS_SAID_NUMERIC)),
		.columns = (enum lvs_columns)c,
		.exact = SAID(r, LVS_SAID_EXACT),
		.pe_data = SAID(r, LVS_SAID_PERSISTENT_CONN),
		.full = SAID(r, LVS_SAID_FULL),
	};
	return v->names ? 0 : np_err_nomem(err);
}

/* What a list of the whole table shows of real servers. */
static unsigned shows(const struct lvs_request *r, const struct lvs_view *v)
{
	if (SAID(r, LVS_SAID_JSON) || r->sort || v->columns == LVS_COLUMNS_STATS ||
	    v->columns == LVS_COLUMNS_RATE)
		return LVS_FETCH_COUNTERS | LVS_FETCH_TUNNELS;
	return r->cmd == LVS_CMD_SAVE || v->columns == LVS_COLUMNS_TUNNEL ? LVS_FETCH_TUNNELS : 0;
}

/* The table, or the one service that is asked for. */
static int fetch(struct lvs_run *run, const struct lvs_request *r, const struct lvs_view *v,
		 struct lvs_table *t, struct np_err *err)
{
	struct np_lvs_svc svc = r->svc;
	int ret;

	if (!SAID(r, LVS_SAID_SERVICE))
		return lvs_table_fetch(t, &run->lvs, shows(r, v), err);
	ret = np_lvs_svc_get(&run->lvs, &svc, err);
	if (!ret)
		ret = lvs_table_add_svc(t, &svc, err);
	if (!ret)
		ret = lvs_svc_fetch_dests(&t->svcs[0], &run->lvs, err);
	for (size_t i = 0; !ret && i < t->svcs[0].n; i++)
		ret = lvs_fullnat_fill(&run->fullnat, &svc, &t->svcs[0].dests[i], err);
	return ret;
}

static int list_table(struct lvs_run *run, const struct lvs_request *r, const struct lvs_view *v,
		      struct np_err *err)
{
	struct lvs_table t = { 0 };
	struct np_json j;
	int ret;

	if (!SAID(r, LVS_SAID_JSON) && !SAID(r, LVS_SAID_SERVICE))
		lvs_text_version(v, &run->info);
	ret = fetch(run, r, v, &t, err);
	if (!ret && !SAID(r, LVS_SAID_NOSORT))
		lvs_sort(&t, r->sort);
	if (!ret && SAID(r, LVS_SAID_JSON)) {
		np_json_init(&j, v->fp, run->pretty);
		lvs_json_table(&j, &run->info, &t);
		np_json_end(&j);
	} else if (!ret) {
		lvs_text_title(v);
		for (size_t i = 0; i < t.n; i++)
			lvs_text_svc(v, &t.svcs[i]);
	}
	lvs_table_clean(&t);
	return ret;
}

static int list_conns(struct lvs_run *run, const struct lvs_request *r, const struct lvs_view *v,
		      struct np_err *err)
{
	bool json = SAID(r, LVS_SAID_JSON);
	FILE *fp = fopen(NP_LVS_CONN_PATH, "re");
	struct np_lvs_conn c;
	struct np_json j;
	char line[512];

	if (!fp)
		return np_err_set(err, errno, "cannot open " NP_LVS_CONN_PATH ": %s",
				  strerror(errno));
	np_json_init(&j, v->fp, run->pretty);
	if (json)
		np_json_open(&j, NULL, '[');
	else
		lvs_text_conn_title(v);
	while (fgets(line, sizeof(line), fp)) {
		if (!np_lvs_conn_parse(&c, line))
			continue;
		if (json)
			lvs_json_conn(&j, &c);
		else
			lvs_text_conn(v, &c);
	}
	if (json) {
		np_json_close(&j, ']');
		np_json_end(&j);
	}
	fclose(fp);
	return 0;
}

static int list_timeouts(struct lvs_run *run, const struct lvs_request *r,
			 const struct lvs_view *v, struct np_err *err)
{
	struct np_lvs_timeouts t;
	struct np_json j;
	int ret = np_lvs_timeouts_get(&run->lvs, &t, err);

	if (ret)
		return ret;
	if (!SAID(r, LVS_SAID_JSON)) {
		lvs_text_timeouts(v, &t);
		return 0;
	}
	np_json_init(&j, v->fp, run->pretty);
	lvs_json_timeouts(&j, &t);
	np_json_end(&j);
	return 0;
}

static int list_daemons(struct lvs_run *run, const struct lvs_request *r, const struct lvs_view *v,
			struct np_err *err)
{
	struct np_lvs_daemon daemons[2];
	struct np_json j;
	int ret = np_lvs_daemons(&run->lvs, daemons, err);

	if (ret)
		return ret;
	if (!SAID(r, LVS_SAID_JSON)) {
		lvs_text_daemons(v, daemons);
		return 0;
	}
	np_json_init(&j, v->fp, run->pretty);
	lvs_json_daemons(&j, daemons);
	np_json_end(&j);
	return 0;
}

static int list_once(struct lvs_run *run, const struct lvs_request *r, const struct lvs_view *v,
		     struct np_err *err)
{
	if (SAID(r, LVS_SAID_CONNECTION))
		return list_conns(run, r, v, err);
	if (SAID(r, LVS_SAID_TIMEOUT))
		return list_timeouts(run, r, v, err);
	if (SAID(r, LVS_SAID_DAEMON))
		return list_daemons(run, r, v, err);
	return list_table(run, r, v, err);
}

/* Redraws each second until a signal comes, or until nobody reads. */
static int watch(struct lvs_run *run, const struct lvs_request *r, const struct lvs_view *v,
		 struct np_err *err)
{
	const struct timespec second = { .tv_sec = 1 };
	bool terminal = isatty(STDOUT_FILENO);
	sigset_t set;
	int ret;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	do {
		if (terminal)
			fputs("\033[H\033[J", v->fp);
		ret = list_once(run, r, v, err);
		if (fflush(v->fp))
			break;
	} while (!ret && sigtimedwait(&set, NULL, &second) < 0);
	return ret;
}

int lvs_list(struct lvs_run *run, const struct lvs_request *r, struct np_err *err)
{
	struct lvs_view v;
	int ret = init_view(&v, r, err);

	if (!ret && SAID(r, LVS_SAID_WATCH) && v.columns == LVS_COLUMNS_PLAIN)
		v.columns = LVS_COLUMNS_RATE;
	if (!ret)
		ret = SAID(r, LVS_SAID_WATCH) ? watch(run, r, &v, err) :
						list_once(run, r, &v, err);
	if (ret)
		np_lvs_refusal(err, NP_LVS_ASKED_LIST);
	lvs_names_free(v.names);
	return ret ? 1 : 0;
}

int lvs_save(struct lvs_run *run, const struct lvs_request *r, struct np_err *err)
{
	struct lvs_table t = { 0 };
	struct lvs_view v;
	struct np_json j;
	int ret = init_view(&v, r, err);

	if (!ret)
		ret = lvs_table_fetch(&t, &run->lvs, shows(r, &v), err);
	if (!ret)
		lvs_sort(&t, NULL);
	if (!ret && SAID(r, LVS_SAID_JSON)) {
		np_json_init(&j, v.fp, run->pretty);
		lvs_json_table(&j, &run->info, &t);
		np_json_end(&j);
	}
	for (size_t i = 0; !ret && !SAID(r, LVS_SAID_JSON) && i < t.n; i++)
		lvs_save_svc(&v, &t.svcs[i]);
	if (ret)
		np_lvs_refusal(err, NP_LVS_ASKED_LIST);
	else /* half a file restores as a table of its own; of lists ipvsadm never minds */
		ret = lvs_written(&(struct np_out){ .fp = v.fp }, err);
	lvs_table_clean(&t);
	lvs_names_free(v.names);
	return ret ? 1 : 0;
}
