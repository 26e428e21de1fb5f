// SPDX-License-Identifier: GPL-2.0-or-later
#include <bsd/string.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <string.h>

#include "lvsctl/args.h"

#define SAID(r, bit) ((r)->said >> (bit) & 1)

/* The name of a flag that is not of every scheduler begins with the scheduler's. */
static bool flag_fits(const char *word, const char *sched)
{
	size_t len = strlen(sched);

	return !strncmp(word, "flag-", 5) || (len && !strncmp(word, sched, len) &&
					      word[len] == '-');
}

int lvs_args_sched_flags(struct lvs_request *r, struct np_err *err)
{
	char words[128], *rest = words, *word;
	const struct lvs_word *w;

	if (!r->sched_flags)
		return 0;
	strlcpy(words, r->sched_flags, sizeof(words));
	while ((word = strsep(&rest, ","))) {
		if (!*word)
			continue;
		w = lvs_word(lvs_flag_words, word);
		if (!w)
			return np_err_set(err, EINVAL, "there is no scheduler flag \"%s\"", word);
		if (!flag_fits(word, r->svc.sched))
			return np_err_set(err, EINVAL, "scheduler %s has no flag \"%s\"",
					  *r->svc.sched ? r->svc.sched : "wlc", word);
		r->svc.flags |= w->value;
	}
	return 0;
}

/* Which options there may, must and may not be. */
static int check_rows(const struct lvs_request *r,
		      const struct lvs_option *const typed[LVS_SAID_N], struct np_err *err)
{
	const struct lvs_option *alone = NULL;
	uint32_t cmd = LVS_MASK(r->cmd);

	for (const struct lvs_option *o = lvs_options; o->name; o++) {
		if (o->kind == LVS_K_COMMAND || o->kind == LVS_K_STATE)
			continue;
		if (!SAID(r, o->said)) {
			if (o->need & cmd)
				return np_err_set(err, EINVAL, "--%s needs %s",
						  lvs_cmd_name(r->cmd),
						  o->said == LVS_SAID_SERVER ? "a real server: -r" :
						  "a service: -t, -u, --sctp-service or -f");
			continue;
		}
		if (typed[o->said] != o)
			continue;
		if (!(o->may & cmd))
			return np_err_set(err, EINVAL, "--%s does not go with --%s", o->name,
					  lvs_cmd_name(r->cmd));
		if (!(o->alone & cmd))
			continue;
		if (alone && alone->said != o->said)
			return np_err_set(err, EINVAL, "--%s does not go with --%s", o->name,
					  alone->name);
		alone = o;
	}
	return 0;
}

static int check_service(struct lvs_request *r, struct np_err *err)
{
	struct np_lvs_svc *s = &r->svc;

	if (!s->fwmark && !s->port && !(s->flags & IP_VS_SVC_F_PERSISTENT))
		return np_err_set(err, EINVAL, "a service of all ports (port 0, or none said) must "
				  "be persistent: -p");
	if (s->flags & IP_VS_SVC_F_ONEPACKET && !s->fwmark && s->protocol != IPPROTO_UDP)
		return np_err_set(err, EINVAL, "--ops is for UDP, and for firewall marks");
	if (!*s->sched)
		strlcpy(s->sched, "wlc", sizeof(s->sched));
	return 0;
}

/* What a type of tunnel has: ipip nothing, gue a port and a kind of checksum, gre a kind. */
static int check_tunnel(const struct lvs_request *r, struct np_err *err)
{
	bool port = SAID(r, LVS_SAID_TUN_PORT), rem = SAID(r, LVS_SAID_TUN_REMCSUM);
	int sums = SAID(r, LVS_SAID_TUN_NOCSUM) + SAID(r, LVS_SAID_TUN_CSUM) + rem;

	if (r->dest.fwd != IP_VS_CONN_F_TUNNEL) {
		if (port || sums || SAID(r, LVS_SAID_TUN_TYPE))
			return np_err_set(err, EINVAL, "the --tun- options go with -i");
		return 0;
	}
	switch (r->dest.tun_type) {
	case IP_VS_CONN_F_TUNNEL_TYPE_IPIP:
		if (port || sums)
			return np_err_set(err, EINVAL, "a tunnel of type ipip has no port and no "
					  "checksum");
		return 0;
	case IP_VS_CONN_F_TUNNEL_TYPE_GUE:
		if (!port)
			return np_err_set(err, EINVAL, "a tunnel of type gue needs --tun-port");
		break;
	default:
		if (port || rem)
			return np_err_set(err, EINVAL, "a tunnel of type gre has no port and no "
					  "remote checksum");
	}
	return sums > 1 ? np_err_set(err, EINVAL, "a tunnel has one kind of checksum") : 0;
}

static int check_server(struct lvs_request *r, struct np_err *err)
{
	struct np_lvs_dest *d = &r->dest;

	/* They do not rewrite the port. */
	if (!r->svc.fwmark && (d->fwd == IP_VS_CONN_F_TUNNEL || d->fwd == IP_VS_CONN_F_DROUTE))
		d->port = r->svc.port;
	if (d->af != r->svc.af && d->fwd != IP_VS_CONN_F_TUNNEL)
		return np_err_set(err, EINVAL, "a real server of the other family is reached by "
				  "a tunnel only: -i");
	return check_tunnel(r, err);
}

static int check_list(const struct lvs_request *r, struct np_err *err)
{
	bool conn = SAID(r, LVS_SAID_CONNECTION);
	bool other = SAID(r, LVS_SAID_TIMEOUT) || SAID(r, LVS_SAID_DAEMON);
	bool table = SAID(r, LVS_SAID_STATS) || SAID(r, LVS_SAID_RATE) ||
		     SAID(r, LVS_SAID_THRESHOLDS);

	if (((conn || other) && table) || (other && SAID(r, LVS_SAID_PERSISTENT_CONN)))
		return np_err_set(err, EINVAL, "two different lists are asked for");
	return 0;
}

int lvs_args_check(struct lvs_request *r, const struct lvs_option *const typed[LVS_SAID_N],
		   struct np_err *err)
{
	int ret = check_rows(r, typed, err);

	if (ret)
		return ret;
	switch (r->cmd) {
	case LVS_CMD_ADD:
	case LVS_CMD_EDIT:
		return check_service(r, err);
	case LVS_CMD_ADD_DEST:
	case LVS_CMD_EDIT_DEST:
		return check_server(r, err);
	case LVS_CMD_LIST:
		return check_list(r, err);
	case LVS_CMD_START:
		if (!*r->daemon.ifn)
			strlcpy(r->daemon.ifn, "eth0", sizeof(r->daemon.ifn));
		return 0;
	default:
		return 0;
	}
}
