// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any words as commands of ipvsadm's language, a line a command: refused with a reason and an
 * exit status of ipvsadm's, or a request whose messages are well-formed and say the same when
 * they are read again; a service and a real server printed as a command are the same as well.
 */
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "lvsctl/args.h"
#include "lvsctl/plan.h"
#include "tests/fuzz/no_names.h"
#include "tests/unit/mock_nl.h"

static struct np_lvs lvs = { .family = 30 };
static struct mock mock;
static char said[NP_NL_MSG_MAX]; /* the last change */

static void demand(bool ok)
{
	if (!ok)
		abort();
}

/* Attributes fill the message to its end. */
static void check_attrs(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;
	const char *at = mnl_nlmsg_get_payload_offset(nlh, sizeof(struct genlmsghdr));

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		at = (const char *)mnl_attr_next(attr);
	demand(at == (const char *)nlh + nlh->nlmsg_len);
}

/* A list is what the last change said. */
static void list(struct mock *m, const struct nlmsghdr *to)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(void *)said;

	nlh->nlmsg_flags = NLM_F_MULTI;
	nlh->nlmsg_seq = to->nlmsg_seq;
	mock_push(m, said, nlh->nlmsg_len);
	mock_data(m, to, NLMSG_DONE, NLM_F_MULTI, 0);
}

static void handle(struct mock *m, const struct nlmsghdr *nlh)
{
	demand(nlh->nlmsg_type == lvs.family && nlh->nlmsg_len >= NLMSG_LENGTH(GENL_HDRLEN));
	check_attrs(nlh);
	if (nlh->nlmsg_flags & NLM_F_DUMP) {
		list(m, nlh);
		return;
	}
	memcpy(said, nlh, nlh->nlmsg_len);
	if (nlh->nlmsg_flags & NLM_F_ACK)
		mock_ack(m, nlh, 0, NULL);
}

static int keep_svc(const struct np_lvs_svc *svc, void *arg)
{
	*(struct np_lvs_svc *)arg = *svc;
	return 0;
}

static int keep_dest(const struct np_lvs_dest *dest, void *arg)
{
	*(struct np_lvs_dest *)arg = *dest;
	return 0;
}

/* The command that is printed to add a service or, dest, for one of its real servers. */
static void printed(const struct lvs_svc *s, const struct np_lvs_dest *dest)
{
	struct lvs_change change = { .op = NP_LVS_ADD, .svc = s, .dest = dest };
	char *line = lvs_change_command(&change);
	struct np_err err = NP_ERR_INIT;
	struct lvs_request r;

	demand(line && !lvs_args_line(&r, "lvsctl", line, &err));
	demand(!lvs_svc_key(&r.svc, &s->svc));
	if (dest)
		demand(!lvs_dest_key(&r.dest, dest) && lvs_dest_same(&r.dest, dest));
	else
		demand(lvs_svc_same(&r.svc, &s->svc));
	free(line);
}

static void service(const struct lvs_request *r, enum np_lvs_op op)
{
	struct lvs_svc s = { .svc = r->svc };
	struct np_lvs_svc got = { 0 };

	demand(!np_lvs_change_svc(&lvs, op, &r->svc, NULL));
	if (op == NP_LVS_DEL)
		return;
	demand(!np_lvs_svcs(&lvs, keep_svc, &got, NULL));
	demand(!lvs_svc_key(&got, &r->svc) && lvs_svc_same(&got, &r->svc));
	printed(&s, NULL);
}

static void server(const struct lvs_request *r, enum np_lvs_op op)
{
	struct lvs_svc s = { .svc = r->svc };
	struct np_lvs_dest got = { 0 };

	demand(!np_lvs_change_dest(&lvs, op, &r->svc, &r->dest, NULL));
	if (op == NP_LVS_DEL)
		return;
	demand(!np_lvs_dests(&lvs, &r->svc, keep_dest, &got, NULL));
	got.fullnat = r->dest.fullnat; /* of which IPVS knows nothing */
	got.fullnat_af = r->dest.fullnat_af;
	memcpy(got.fullnat_addr, r->dest.fullnat_addr, sizeof(got.fullnat_addr));
	demand(!lvs_dest_key(&got, &r->dest) && lvs_dest_same(&got, &r->dest));
	printed(&s, &r->dest);
}

static void daemons(const struct lvs_request *r)
{
	struct np_lvs_daemon got[2], *d;

	demand(!np_lvs_daemon_start(&lvs, &r->daemon, NULL));
	demand(!np_lvs_daemons(&lvs, got, NULL));
	d = &got[r->daemon.state != IP_VS_STATE_MASTER];
	demand(d->state == r->daemon.state && d->syncid == r->daemon.syncid &&
	       d->maxlen == r->daemon.maxlen && d->port == r->daemon.port &&
	       d->ttl == r->daemon.ttl && d->af == r->daemon.af &&
	       !strcmp(d->ifn, r->daemon.ifn));
	demand(!memcmp(d->group, r->daemon.group, sizeof(d->group)));
	demand(!np_lvs_daemon_stop(&lvs, r->daemon.state, NULL));
}

static void run(const struct lvs_request *r)
{
	switch (r->cmd) {
	case LVS_CMD_ADD:
	case LVS_CMD_EDIT:
	case LVS_CMD_DEL:
		service(r, r->cmd == LVS_CMD_ADD ? NP_LVS_ADD :
			   r->cmd == LVS_CMD_EDIT ? NP_LVS_EDIT : NP_LVS_DEL);
		break;
	case LVS_CMD_ADD_DEST:
	case LVS_CMD_EDIT_DEST:
	case LVS_CMD_DEL_DEST:
		server(r, r->cmd == LVS_CMD_ADD_DEST ? NP_LVS_ADD :
			  r->cmd == LVS_CMD_EDIT_DEST ? NP_LVS_EDIT : NP_LVS_DEL);
		break;
	case LVS_CMD_START:
		daemons(r);
		break;
	case LVS_CMD_ZERO:
		demand(!np_lvs_zero(&lvs, &r->svc, NULL));
		break;
	case LVS_CMD_SET:
		demand(!np_lvs_timeouts_set(&lvs, &r->timeouts, NULL));
		break;
	default:
		break;
	}
	mock_clear(&mock);
}

static void line(char *text)
{
	struct np_err err = NP_ERR_INIT;
	struct lvs_request r;
	int ret = lvs_args_line(&r, "lvsctl", text, &err);

	if (!ret)
		run(&r);
	if (ret < 0)
		demand(err.text[0] && (r.status == 2 || r.status == 255));
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	mock.handle = handle;
	lvs.nl = mock_open(&mock);
	demand(lvs.nl);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text, *one;

	demand(text);
	memcpy(text, data, size);
	text[size] = '\0';
	while ((one = strsep(&rest, "\n")))
		line(one);
	free(text);
	return 0;
}
