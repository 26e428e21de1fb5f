// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/lvs_attr.h"

#define MAX NP_NL_MSG_MAX

/* The attributes of the answer's first level. */
static int outer_msg(const struct nlmsghdr *nlh, void *arg)
{
	uint32_t *out = arg; /* [0]: the count, then values by type from 1 */
	struct np_lvs_nest n = { { NULL } };

	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), np_lvs_nest_attr, &n);
	for (uint32_t i = 1; i <= out[0]; i++)
		out[i] = (uint32_t)np_lvs_number(&n, (int)i);
	return 0;
}

int np_lvs_info(struct np_lvs *v, struct np_lvs_info *info, struct np_err *err)
{
	uint32_t out[IPVS_INFO_ATTR_MAX + 1] = { IPVS_INFO_ATTR_MAX };
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, IPVS_CMD_GET_INFO);
	int ret = np_nl_get(v->nl, nlh, outer_msg, out, err);

	info->version = out[IPVS_INFO_ATTR_VERSION];
	info->size = out[IPVS_INFO_ATTR_CONN_TAB_SIZE];
	return ret;
}

int np_lvs_timeouts_get(struct np_lvs *v, struct np_lvs_timeouts *t, struct np_err *err)
{
	uint32_t out[IPVS_CMD_ATTR_MAX + 1] = { IPVS_CMD_ATTR_MAX };
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, IPVS_CMD_GET_CONFIG);
	int ret = np_nl_get(v->nl, nlh, outer_msg, out, err);

	*t = (struct np_lvs_timeouts){ out[IPVS_CMD_ATTR_TIMEOUT_TCP],
				       out[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN],
				       out[IPVS_CMD_ATTR_TIMEOUT_UDP] };
	return ret;
}

int np_lvs_timeouts_set(struct np_lvs *v, const struct np_lvs_timeouts *t, struct np_err *err)
{
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, IPVS_CMD_SET_CONFIG);

	if (!mnl_attr_put_u32_check(nlh, MAX, IPVS_CMD_ATTR_TIMEOUT_TCP, t->tcp) ||
	    !mnl_attr_put_u32_check(nlh, MAX, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, t->tcpfin) ||
	    !mnl_attr_put_u32_check(nlh, MAX, IPVS_CMD_ATTR_TIMEOUT_UDP, t->udp))
		return np_lvs_too_long(err);
	return np_nl_submit(v->nl, nlh, err);
}

static int daemon_msg(const struct nlmsghdr *nlh, void *arg)
{
	struct np_lvs_daemon *daemons = arg, d = { 0 };
	struct np_lvs_nest n;

	if (!np_lvs_open_nest(nlh, IPVS_CMD_ATTR_DAEMON, &n))
		return 0;
	d.state = (uint32_t)np_lvs_number(&n, IPVS_DAEMON_ATTR_STATE);
	d.syncid = (uint32_t)np_lvs_number(&n, IPVS_DAEMON_ATTR_SYNC_ID);
	d.maxlen = (uint16_t)np_lvs_number(&n, IPVS_DAEMON_ATTR_SYNC_MAXLEN);
	d.port = (uint16_t)np_lvs_number(&n, IPVS_DAEMON_ATTR_MCAST_PORT);
	d.ttl = (uint8_t)np_lvs_number(&n, IPVS_DAEMON_ATTR_MCAST_TTL);
	np_lvs_string(&n, IPVS_DAEMON_ATTR_MCAST_IFN, d.ifn, sizeof(d.ifn));
	if (n.a[IPVS_DAEMON_ATTR_MCAST_GROUP]) {
		d.af = AF_INET;
		np_lvs_address(&n, IPVS_DAEMON_ATTR_MCAST_GROUP, d.group, AF_INET);
	} else if (n.a[IPVS_DAEMON_ATTR_MCAST_GROUP6]) {
		d.af = AF_INET6;
		np_lvs_address(&n, IPVS_DAEMON_ATTR_MCAST_GROUP6, d.group, AF_INET6);
	}
	if (d.state == IP_VS_STATE_MASTER)
		daemons[0] = d;
	else if (d.state == IP_VS_STATE_BACKUP)
		daemons[1] = d;
	return 0;
}

int np_lvs_daemons(struct np_lvs *v, struct np_lvs_daemon daemons[2], struct np_err *err)
{
	struct np_nl_sink sink = { .msg = daemon_msg, .arg = daemons };

	memset(daemons, 0, 2 * sizeof(*daemons));
	return np_nl_dump(v->nl, np_lvs_request(v->nl, v->family, IPVS_CMD_GET_DAEMON), &sink, err);
}

/* What was not said is left to the kernel. */
static bool put_daemon(struct nlmsghdr *nlh, const struct np_lvs_daemon *d)
{
	if (!mnl_attr_put_strz_check(nlh, MAX, IPVS_DAEMON_ATTR_MCAST_IFN, d->ifn) ||
	    !mnl_attr_put_u32_check(nlh, MAX, IPVS_DAEMON_ATTR_SYNC_ID, d->syncid))
		return false;
	if ((d->maxlen &&
	     !mnl_attr_put_u16_check(nlh, MAX, IPVS_DAEMON_ATTR_SYNC_MAXLEN, d->maxlen)) ||
	    (d->port && !mnl_attr_put_u16_check(nlh, MAX, IPVS_DAEMON_ATTR_MCAST_PORT, d->port)) ||
	    (d->ttl && !mnl_attr_put_u8_check(nlh, MAX, IPVS_DAEMON_ATTR_MCAST_TTL, d->ttl)))
		return false;
	if (d->af == AF_INET)
		return mnl_attr_put_check(nlh, MAX, IPVS_DAEMON_ATTR_MCAST_GROUP, 4, d->group);
	if (d->af == AF_INET6)
		return mnl_attr_put_check(nlh, MAX, IPVS_DAEMON_ATTR_MCAST_GROUP6, 16, d->group);
	return true;
}

static int change_daemon(struct np_lvs *v, uint8_t cmd, uint32_t state,
			 const struct np_lvs_daemon *d, struct np_err *err)
{
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, cmd);
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, MAX, IPVS_CMD_ATTR_DAEMON);

	if (!nest || !mnl_attr_put_u32_check(nlh, MAX, IPVS_DAEMON_ATTR_STATE, state) ||
	    (d && !put_daemon(nlh, d)))
		return np_lvs_too_long(err);
	mnl_attr_nest_end(nlh, nest);
	return np_nl_submit(v->nl, nlh, err);
}

int np_lvs_daemon_start(struct np_lvs *v, const struct np_lvs_daemon *d, struct np_err *err)
{
	return change_daemon(v, IPVS_CMD_NEW_DAEMON, d->state, d, err);
}

int np_lvs_daemon_stop(struct np_lvs *v, uint32_t state, struct np_err *err)
{
	/* The kernel wants no more, but ipvsadm names an interface and an id all the same. */
	return change_daemon(v, IPVS_CMD_DEL_DAEMON, state, NULL, err);
}

int np_lvs_zero(struct np_lvs *v, const struct np_lvs_svc *svc, struct np_err *err)
{
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, IPVS_CMD_ZERO);
	struct nlattr *nest;

	if (svc) {
		nest = np_lvs_put_key(nlh, svc);
		if (!nest)
			return np_lvs_too_long(err);
		mnl_attr_nest_end(nlh, nest);
	}
	return np_nl_submit(v->nl, nlh, err);
}

int np_lvs_flush(struct np_lvs *v, struct np_err *err)
{
	return np_nl_submit(v->nl, np_lvs_request(v->nl, v->family, IPVS_CMD_FLUSH), err);
}
