// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <string.h>

#include "lib/genl.h"
#include "lib/lvs_attr.h"

#define MAX NP_NL_MSG_MAX

int np_lvs_open(struct np_lvs *v, struct np_err *err)
{
	int ret = np_nl_open(&v->nl, NETLINK_GENERIC, err);

	if (ret)
		return ret;
	ret = np_genl_find(v->nl, "ip_vs", IPVS_GENL_NAME, &v->family, NULL, NULL, err);
	if (!ret)
		return 0;
	np_lvs_close(v);
	if (ret != -ENOENT)
		return ret;
	return np_err_set(err, ENOENT, "this kernel has no IPVS, and its module ip_vs cannot be "
			  "loaded: modprobe ip_vs says why");
}

void np_lvs_close(struct np_lvs *v)
{
	np_nl_close(v->nl);
	v->nl = NULL;
}

static void stats(const struct np_lvs_nest *n, int type64, int type, struct np_lvs_stats *s)
{
	const struct nlattr *a = n->a[type64] ? n->a[type64] : n->a[type];
	struct np_lvs_nest in = { { NULL } };

	if (a)
		mnl_attr_parse_nested(a, np_lvs_nest_attr, &in);
	*s = (struct np_lvs_stats){
		.conns = np_lvs_number(&in, IPVS_STATS_ATTR_CONNS),
		.inpkts = np_lvs_number(&in, IPVS_STATS_ATTR_INPKTS),
		.outpkts = np_lvs_number(&in, IPVS_STATS_ATTR_OUTPKTS),
		.inbytes = np_lvs_number(&in, IPVS_STATS_ATTR_INBYTES),
		.outbytes = np_lvs_number(&in, IPVS_STATS_ATTR_OUTBYTES),
		.cps = np_lvs_number(&in, IPVS_STATS_ATTR_CPS),
		.inpps = np_lvs_number(&in, IPVS_STATS_ATTR_INPPS),
		.outpps = np_lvs_number(&in, IPVS_STATS_ATTR_OUTPPS),
		.inbps = np_lvs_number(&in, IPVS_STATS_ATTR_INBPS),
		.outbps = np_lvs_number(&in, IPVS_STATS_ATTR_OUTBPS),
	};
}

static bool read_svc(const struct nlmsghdr *nlh, struct np_lvs_svc *svc)
{
	struct np_lvs_nest n;

	if (!np_lvs_open_nest(nlh, IPVS_CMD_ATTR_SERVICE, &n))
		return false;
	*svc = (struct np_lvs_svc){
		.af = (uint8_t)np_lvs_number(&n, IPVS_SVC_ATTR_AF),
		.protocol = (uint8_t)np_lvs_number(&n, IPVS_SVC_ATTR_PROTOCOL),
		.port = ntohs((uint16_t)np_lvs_number(&n, IPVS_SVC_ATTR_PORT)),
		.fwmark = (uint32_t)np_lvs_number(&n, IPVS_SVC_ATTR_FWMARK),
		.timeout = (uint32_t)np_lvs_number(&n, IPVS_SVC_ATTR_TIMEOUT),
		.netmask = (uint32_t)np_lvs_number(&n, IPVS_SVC_ATTR_NETMASK),
	};
	stats(&n, IPVS_SVC_ATTR_STATS64, IPVS_SVC_ATTR_STATS, &svc->stats);
	if (n.a[IPVS_SVC_ATTR_FLAGS] &&
	    mnl_attr_get_payload_len(n.a[IPVS_SVC_ATTR_FLAGS]) >= sizeof(struct ip_vs_flags))
		memcpy(&svc->flags, mnl_attr_get_payload(n.a[IPVS_SVC_ATTR_FLAGS]),
		       sizeof(svc->flags));
	np_lvs_address(&n, IPVS_SVC_ATTR_ADDR, svc->addr, svc->af);
	np_lvs_string(&n, IPVS_SVC_ATTR_SCHED_NAME, svc->sched, sizeof(svc->sched));
	np_lvs_string(&n, IPVS_SVC_ATTR_PE_NAME, svc->pe, sizeof(svc->pe));
	return true;
}

static bool read_dest(const struct nlmsghdr *nlh, uint8_t svc_af, struct np_lvs_dest *dest)
{
	struct np_lvs_nest n;

	if (!np_lvs_open_nest(nlh, IPVS_CMD_ATTR_DEST, &n))
		return false;
	*dest = (struct np_lvs_dest){
		.af = (uint8_t)np_lvs_number(&n, IPVS_DEST_ATTR_ADDR_FAMILY),
		.port = ntohs((uint16_t)np_lvs_number(&n, IPVS_DEST_ATTR_PORT)),
		.fwd = (uint32_t)np_lvs_number(&n, IPVS_DEST_ATTR_FWD_METHOD),
		.weight = (int32_t)np_lvs_number(&n, IPVS_DEST_ATTR_WEIGHT),
		.u_threshold = (uint32_t)np_lvs_number(&n, IPVS_DEST_ATTR_U_THRESH),
		.l_threshold = (uint32_t)np_lvs_number(&n, IPVS_DEST_ATTR_L_THRESH),
		.active = (uint32_t)np_lvs_number(&n, IPVS_DEST_ATTR_ACTIVE_CONNS),
		.inactive = (uint32_t)np_lvs_number(&n, IPVS_DEST_ATTR_INACT_CONNS),
		.persistent_conns = (uint32_t)np_lvs_number(&n, IPVS_DEST_ATTR_PERSIST_CONNS),
		.tun_type = (uint8_t)np_lvs_number(&n, IPVS_DEST_ATTR_TUN_TYPE),
		.tun_port = ntohs((uint16_t)np_lvs_number(&n, IPVS_DEST_ATTR_TUN_PORT)),
		.tun_flags = (uint16_t)np_lvs_number(&n, IPVS_DEST_ATTR_TUN_FLAGS),
	};
	stats(&n, IPVS_DEST_ATTR_STATS64, IPVS_DEST_ATTR_STATS, &dest->stats);
	if (!dest->af)
		dest->af = svc_af;
	np_lvs_address(&n, IPVS_DEST_ATTR_ADDR, dest->addr, dest->af);
	return true;
}

static bool put_svc(struct nlmsghdr *nlh, const struct np_lvs_svc *svc)
{
	struct ip_vs_flags flags = { .flags = svc->flags, .mask = ~0u };

	return mnl_attr_put_strz_check(nlh, MAX, IPVS_SVC_ATTR_SCHED_NAME, svc->sched) &&
	       (!*svc->pe || mnl_attr_put_strz_check(nlh, MAX, IPVS_SVC_ATTR_PE_NAME, svc->pe)) &&
	       mnl_attr_put_check(nlh, MAX, IPVS_SVC_ATTR_FLAGS, sizeof(flags), &flags) &&
	       mnl_attr_put_u32_check(nlh, MAX, IPVS_SVC_ATTR_TIMEOUT, svc->timeout) &&
	       mnl_attr_put_u32_check(nlh, MAX, IPVS_SVC_ATTR_NETMASK, svc->netmask);
}

static bool put_dest(struct nlmsghdr *nlh, const struct np_lvs_dest *d, bool key_only)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, MAX, IPVS_CMD_ATTR_DEST);

	if (!nest || !mnl_attr_put_u16_check(nlh, MAX, IPVS_DEST_ATTR_ADDR_FAMILY, d->af) ||
	    !mnl_attr_put_check(nlh, MAX, IPVS_DEST_ATTR_ADDR, 16, d->addr) ||
	    !mnl_attr_put_u16_check(nlh, MAX, IPVS_DEST_ATTR_PORT, htons(d->port)))
		return false;
	if (!key_only &&
	    (!mnl_attr_put_u32_check(nlh, MAX, IPVS_DEST_ATTR_FWD_METHOD, d->fwd) ||
	     !mnl_attr_put_u32_check(nlh, MAX, IPVS_DEST_ATTR_WEIGHT, (uint32_t)d->weight) ||
	     !mnl_attr_put_u32_check(nlh, MAX, IPVS_DEST_ATTR_U_THRESH, d->u_threshold) ||
	     !mnl_attr_put_u32_check(nlh, MAX, IPVS_DEST_ATTR_L_THRESH, d->l_threshold) ||
	     !mnl_attr_put_u8_check(nlh, MAX, IPVS_DEST_ATTR_TUN_TYPE, d->tun_type) ||
	     !mnl_attr_put_u16_check(nlh, MAX, IPVS_DEST_ATTR_TUN_PORT, htons(d->tun_port)) ||
	     !mnl_attr_put_u16_check(nlh, MAX, IPVS_DEST_ATTR_TUN_FLAGS, d->tun_flags)))
		return false;
	mnl_attr_nest_end(nlh, nest);
	return true;
}

/* What was given to fn stays given: a list that changed is not read again. */
static int no_restart(void *arg)
{
	(void)arg;
	return -1;
}

struct svc_call {
	int (*fn)(const struct np_lvs_svc *svc, void *arg);
	void *arg;
};

static int svc_msg(const struct nlmsghdr *nlh, void *arg)
{
	const struct svc_call *call = arg;
	struct np_lvs_svc svc;

	return read_svc(nlh, &svc) ? call->fn(&svc, call->arg) : 0;
}

int np_lvs_svcs(struct np_lvs *v, int (*fn)(const struct np_lvs_svc *svc, void *arg), void *arg,
		 struct np_err *err)
{
	struct svc_call call = { fn, arg };
	struct np_nl_sink sink = { .msg = svc_msg, .restart = no_restart, .arg = &call };
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, IPVS_CMD_GET_SERVICE);

	return np_nl_dump(v->nl, nlh, &sink, err);
}

struct dest_call {
	int (*fn)(const struct np_lvs_dest *dest, void *arg);
	void *arg;
	uint8_t af;
};

static int dest_msg(const struct nlmsghdr *nlh, void *arg)
{
	const struct dest_call *call = arg;
	struct np_lvs_dest dest;

	return read_dest(nlh, call->af, &dest) ? call->fn(&dest, call->arg) : 0;
}

int np_lvs_dests(struct np_lvs *v, const struct np_lvs_svc *svc,
		  int (*fn)(const struct np_lvs_dest *dest, void *arg), void *arg,
		  struct np_err *err)
{
	struct dest_call call = { fn, arg, svc->af };
	struct np_nl_sink sink = { .msg = dest_msg, .restart = no_restart, .arg = &call };
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, IPVS_CMD_GET_DEST);
	struct nlattr *nest = np_lvs_put_key(nlh, svc);

	if (!nest)
		return np_lvs_too_long(err);
	mnl_attr_nest_end(nlh, nest);
	return np_nl_dump(v->nl, nlh, &sink, err);
}

static int one_svc(const struct nlmsghdr *nlh, void *arg)
{
	return read_svc(nlh, arg) ? 0 : -EBADMSG;
}

int np_lvs_svc_get(struct np_lvs *v, struct np_lvs_svc *svc, struct np_err *err)
{
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, IPVS_CMD_GET_SERVICE);
	struct nlattr *nest = np_lvs_put_key(nlh, svc);

	if (!nest)
		return np_lvs_too_long(err);
	mnl_attr_nest_end(nlh, nest);
	return np_nl_get(v->nl, nlh, one_svc, svc, err);
}

static int asked_svc(const struct nlmsghdr *nlh, void *arg)
{
	struct np_lvs_svc *const *svc = arg;

	return one_svc(nlh, *svc);
}

int np_lvs_svc_ask(struct np_lvs *v, const struct np_lvs_svc *key, struct np_lvs_svc *svc,
		   struct np_err *err)
{
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, IPVS_CMD_GET_SERVICE);
	struct nlattr *nest = np_lvs_put_key(nlh, key);

	if (!nest)
		return np_lvs_too_long(err);
	mnl_attr_nest_end(nlh, nest);
	return np_nl_ask(v->nl, nlh, asked_svc, &svc, sizeof(svc), err);
}

int np_lvs_change_svc(struct np_lvs *v, enum np_lvs_op op, const struct np_lvs_svc *svc,
		       struct np_err *err)
{
	static const uint8_t cmds[] = { IPVS_CMD_NEW_SERVICE, IPVS_CMD_SET_SERVICE,
					IPVS_CMD_DEL_SERVICE };
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, cmds[op]);
	struct nlattr *nest = np_lvs_put_key(nlh, svc);

	if (!nest || (op != NP_LVS_DEL && !put_svc(nlh, svc)))
		return np_lvs_too_long(err);
	mnl_attr_nest_end(nlh, nest);
	return np_nl_submit(v->nl, nlh, err);
}

int np_lvs_change_dest(struct np_lvs *v, enum np_lvs_op op, const struct np_lvs_svc *svc,
			const struct np_lvs_dest *dest, struct np_err *err)
{
	static const uint8_t cmds[] = { IPVS_CMD_NEW_DEST, IPVS_CMD_SET_DEST, IPVS_CMD_DEL_DEST };
	struct nlmsghdr *nlh = np_lvs_request(v->nl, v->family, cmds[op]);
	struct nlattr *nest = np_lvs_put_key(nlh, svc);

	if (!nest)
		return np_lvs_too_long(err);
	mnl_attr_nest_end(nlh, nest);
	if (!put_dest(nlh, dest, op == NP_LVS_DEL))
		return np_lvs_too_long(err);
	return np_nl_submit(v->nl, nlh, err);
}
