// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "lib/out.h"
#include "lvsctl/cmds.h"
#include "lvsctl/written.h"

int lvs_run_open(struct lvs_run *run, struct np_err *err)
{
	int ret = np_lvs_open(&run->lvs, err);

	if (ret)
		return ret;
	ret = np_lvs_info(&run->lvs, &run->info, err);
	if (!ret)
		return 0;
	np_lvs_refusal(err, NP_LVS_ASKED_OTHER);
	lvs_run_close(run);
	return ret;
}

void lvs_run_close(struct lvs_run *run)
{
	fullnat_close(run->fullnat);
	lvs_fullnat_queue_free(run->waiting);
	run->fullnat = NULL;
	run->waiting = NULL;
	np_lvs_close(&run->lvs);
}

void lvs_run_settle(struct lvs_run *run)
{
	lvs_fullnat_settle(run->waiting, run->fullnat, &run->lvs);
}

enum np_lvs_asked lvs_asked(enum lvs_cmd cmd)
{
	static const enum np_lvs_asked asked[] = {
		[LVS_CMD_ADD] = NP_LVS_ASKED_ADD_SVC,
		[LVS_CMD_EDIT] = NP_LVS_ASKED_EDIT_SVC,
		[LVS_CMD_DEL] = NP_LVS_ASKED_DEL_SVC,
		[LVS_CMD_LIST] = NP_LVS_ASKED_LIST,
		[LVS_CMD_ADD_DEST] = NP_LVS_ASKED_ADD_DEST,
		[LVS_CMD_DEL_DEST] = NP_LVS_ASKED_DEL_DEST,
		[LVS_CMD_EDIT_DEST] = NP_LVS_ASKED_EDIT_DEST,
		[LVS_CMD_START] = NP_LVS_ASKED_START,
		[LVS_CMD_STOP] = NP_LVS_ASKED_STOP,
		[LVS_CMD_ZERO] = NP_LVS_ASKED_ZERO,
		[LVS_CMD_VERSION] = NP_LVS_ASKED_OTHER,
	};

	return asked[cmd];
}

/* Without a service, and with the service of everything (0.0.0.0:0), all are zeroed. */
static const struct np_lvs_svc *which(const struct np_lvs_svc *s)
{
	static const uint8_t any[16];

	return s->fwmark || s->port || memcmp(s->addr, any, sizeof(any)) ? s : NULL;
}

/* The kernel's part of a command that changes something. Returns 0 or -errno. */
static int change(struct lvs_run *run, const struct lvs_request *r, struct np_err *err)
{
	struct np_lvs *v = &run->lvs;
	int ret;

	switch (r->cmd) {
	case LVS_CMD_ADD:
		return np_lvs_change_svc(v, NP_LVS_ADD, &r->svc, err);
	case LVS_CMD_EDIT:
		return np_lvs_change_svc(v, NP_LVS_EDIT, &r->svc, err);
	case LVS_CMD_DEL:
		return lvs_fullnat_del_svc(&run->fullnat, v, &r->svc, err);
	case LVS_CMD_ADD_DEST:
		if (run->restoring)
			return lvs_fullnat_add_later(&run->waiting, &run->fullnat, v, &r->svc,
						     &r->dest, err);
		return lvs_fullnat_change_dest(&run->fullnat, v, NP_LVS_ADD, &r->svc, &r->dest,
					       err);
	case LVS_CMD_EDIT_DEST:
		return lvs_fullnat_change_dest(&run->fullnat, v, NP_LVS_EDIT, &r->svc, &r->dest,
					       err);
	case LVS_CMD_DEL_DEST:
		return lvs_fullnat_change_dest(&run->fullnat, v, NP_LVS_DEL, &r->svc, &r->dest,
					       err);
	case LVS_CMD_CLEAR:
		ret = np_lvs_flush(v, err);
		return ret ? ret : lvs_fullnat_clear(&run->fullnat, err);
	case LVS_CMD_ZERO:
		return np_lvs_zero(v, which(&r->svc), err);
	case LVS_CMD_SET:
		return np_lvs_timeouts_set(v, &r->timeouts, err);
	case LVS_CMD_START:
		return np_lvs_daemon_start(v, &r->daemon, err);
	case LVS_CMD_STOP:
		return np_lvs_daemon_stop(v, r->daemon.state, err);
	default:
		return np_err_set(err, EINVAL, "not a command that changes something");
	}
}

/* ipvsadm-save and ipvsadm-restore are ipvsadm in this. */
static const char *language(const struct lvs_run *run)
{
	return strncmp(run->prog, "ipvsadm-", 8) ? run->prog : "ipvsadm";
}

static int help(const struct lvs_run *run, struct np_err *err)
{
	struct np_out out;

	np_out_init(&out, stdout, NP_COLOR_NEVER);
	lvs_usage(stdout, language(run));
	return lvs_written(&out, err) ? 1 : 0;
}

int lvs_run_request(struct lvs_run *run, struct lvs_request *r, struct np_err *err)
{
	if (r->cmd != LVS_CMD_ADD && r->cmd != LVS_CMD_ADD_DEST)
		lvs_run_settle(run);
	switch (r->cmd) {
	case LVS_CMD_HELP:
		return help(run, err);
	case LVS_CMD_VERSION:
		lvs_version(stdout, language(run)); /* unwritten or not, it is 0 in ipvsadm */
		return 0;
	case LVS_CMD_LIST:
		return lvs_list(run, r, err);
	case LVS_CMD_SAVE:
		return lvs_save(run, r, err);
	case LVS_CMD_RESTORE:
		if (!run->restoring)
			return lvs_restore(run, r, err);
		np_err_set(err, EINVAL, "--restore within what is restored");
		return 255;
	default:
		if (!change(run, r, err))
			return 0;
		np_lvs_refusal(err, lvs_asked(r->cmd));
		return 255;
	}
}
