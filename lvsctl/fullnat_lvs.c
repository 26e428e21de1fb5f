// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/fullnat_lvs.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <stdio.h>
#include <string.h>

static int need(struct fullnat **f, struct np_err *err)
{
	return *f ? 0 : fullnat_open(f, FULLNAT_CONNTRACK, err);
}

static bool is_masq(const struct np_lvs_dest *dest)
{
	return (dest->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ;
}

struct fullnat_dest lvs_fullnat_key(const struct np_lvs_svc *svc, const struct np_lvs_dest *dest)
{
	struct fullnat_dest d = {
		.family = dest ? dest->af : svc->af, .protocol = (uint8_t)svc->protocol,
		.port = svc->port, .fwmark = svc->fwmark, .rport = dest ? dest->port : 0,
	};

	memcpy(&d.vip, svc->addr, sizeof(d.vip));
	if (dest)
		memcpy(&d.rip, dest->addr, sizeof(d.rip));
	return d;
}

struct fullnat_source lvs_fullnat_source(const struct np_lvs_dest *dest)
{
	struct fullnat_source s = { .mode = is_masq(dest) ? dest->fullnat : NP_LVS_FULLNAT_NONE };

	if (s.mode == NP_LVS_FULLNAT_ADDR)
		memcpy(&s.addr, dest->fullnat_addr, sizeof(s.addr));
	return s;
}

int lvs_fullnat_fill(struct fullnat **f, const struct np_lvs_svc *svc, struct np_lvs_dest *dest,
		     struct np_err *err)
{
	struct fullnat_dest d = lvs_fullnat_key(svc, dest);
	struct fullnat_source s;
	int ret;

	dest->fullnat = NP_LVS_FULLNAT_NONE;
	if (!is_masq(dest))
		return 0;
	ret = need(f, err);
	if (ret)
		return ret;
	fullnat_get(*f, &d, &s);
	dest->fullnat = s.mode;
	dest->fullnat_af = dest->af;
	memcpy(dest->fullnat_addr, &s.addr, sizeof(dest->fullnat_addr));
	return 0;
}

/* Settles what a batch keeps back. False: something of it failed, as its fail() was told. */
static bool settled(struct np_lvs *v)
{
	return !np_nl_flush(v->nl);
}


/* Another destination that the same entry stands for: see fullnat_key(). */
struct twin {
	const struct np_lvs_dest *dest;
	bool found;
};

static int is_twin(const struct np_lvs_dest *dest, void *arg)
{
	struct twin *t = arg;

	t->found |= is_masq(dest) && dest->af == t->dest->af && dest->port != t->dest->port &&
		    !memcmp(dest->addr, t->dest->addr, sizeof(dest->addr));
	return 0;
}

static int del_dest(struct fullnat *f, struct np_lvs *v, const struct np_lvs_svc *svc,
		    const struct np_lvs_dest *dest, struct np_err *err)
{
	const struct fullnat_source none = { .mode = NP_LVS_FULLNAT_NONE };
	struct fullnat_dest d = lvs_fullnat_key(svc, dest);
	struct twin twin = { .dest = dest };
	struct fullnat_source old;
	int ret = np_lvs_change_dest(v, NP_LVS_DEL, svc, dest, err);

	fullnat_get(f, &d, &old);
	if (ret || old.mode == NP_LVS_FULLNAT_NONE || !settled(v))
		return ret;
	if (svc->fwmark || !svc->port)
		ret = np_lvs_dests(v, svc, is_twin, &twin, err);
	return ret || twin.found ? ret : fullnat_set(f, &d, &none, err);
}

int lvs_fullnat_refuse(const struct np_lvs_svc *svc, const struct np_lvs_dest *dest,
		       struct np_err *err)
{
	if (svc->flags & IP_VS_SVC_F_ONEPACKET)
		return np_err_set(err, EINVAL, "FULLNAT cannot serve one-packet scheduling: "
				  "no connection is kept by which an answer finds its way back");
	if (svc->af != dest->af)
		return np_err_set(err, EINVAL, "FULLNAT cannot lead from IPv4 to IPv6 or back");
	if (dest->fullnat == NP_LVS_FULLNAT_ADDR && dest->fullnat_af != dest->af)
		return np_err_set(err, EINVAL,
				  "FULLNAT wants a source of the real server's family");
	return 0;
}

/* What cannot work is said before anything is changed. Returns 0 or -errno. */
static int refuse(struct np_lvs *v, const struct np_lvs_svc *svc, const struct np_lvs_dest *dest,
		  struct np_err *err)
{
	struct np_lvs_svc there = *svc;
	int ret = np_lvs_svc_get(v, &there, err);

	return ret ? ret : lvs_fullnat_refuse(&there, dest, err);
}

int lvs_fullnat_change_dest(struct fullnat **f, struct np_lvs *v, enum np_lvs_op op,
			    const struct np_lvs_svc *svc, const struct np_lvs_dest *dest,
			    struct np_err *err)
{
	struct fullnat_source old, source = lvs_fullnat_source(dest);
	struct fullnat_dest d = lvs_fullnat_key(svc, dest);
	int ret;

	/* An entry left behind means nothing to a destination that does not masquerade. */
	if (op == NP_LVS_ADD && !is_masq(dest))
		return np_lvs_change_dest(v, op, svc, dest, err);
	ret = need(f, err);
	if (!ret && op == NP_LVS_DEL)
		return del_dest(*f, v, svc, dest, err);
	if (!ret && source.mode != NP_LVS_FULLNAT_NONE)
		ret = refuse(v, svc, dest, err);
	if (ret)
		return ret;
	fullnat_get(*f, &d, &old);
	if (old.mode == NP_LVS_FULLNAT_NONE && source.mode == NP_LVS_FULLNAT_NONE)
		return np_lvs_change_dest(v, op, svc, dest, err);
	settled(v);
	ret = fullnat_set(*f, &d, &source, err);
	if (ret)
		return ret;
	ret = np_lvs_change_dest(v, op, svc, dest, err);
	if (ret || !settled(v)) {
		struct np_err ignored = NP_ERR_INIT;

		fullnat_set(*f, &d, &old, &ignored);
	}
	return ret;
}

int lvs_fullnat_del_svc(struct fullnat **f, struct np_lvs *v, const struct np_lvs_svc *svc,
			struct np_err *err)
{
	struct fullnat_dest d = lvs_fullnat_key(svc, NULL);
	int ret = need(f, err);

	if (!ret)
		ret = np_lvs_change_svc(v, NP_LVS_DEL, svc, err);
	if (ret || !fullnat_serves(*f, &d) || !settled(v))
		return ret;
	return fullnat_drop_service(*f, &d, err);
}

int lvs_fullnat_clear(struct fullnat **f, struct np_err *err)
{
	int ret = need(f, err);

	return ret ? ret : fullnat_flush(*f, err);
}

/* No packet can have it as its source and find an answer. */
static const char *no_source(uint8_t af, const uint8_t *addr)
{
	static const uint8_t any[16], loopback[16] = { [15] = 1 };

	if (!memcmp(addr, any, sizeof(any)))
		return "the address of nobody";
	if (af == AF_INET ? addr[0] == 127 : !memcmp(addr, loopback, sizeof(loopback)))
		return "a loopback address, which real servers cannot answer";
	if (af == AF_INET ? addr[0] >= 224 : addr[0] == 0xff)
		return "no address of one host";
	return NULL;
}

int lvs_fullnat_parse(struct np_lvs_dest *dest, const char *address, struct np_err *err)
{
	const char *why;

	dest->fwd = (dest->fwd & ~(uint32_t)IP_VS_CONN_F_FWD_MASK) | IP_VS_CONN_F_MASQ;
	dest->fullnat = address ? NP_LVS_FULLNAT_ADDR : NP_LVS_FULLNAT_AUTO;
	dest->fullnat_af = AF_UNSPEC;
	memset(dest->fullnat_addr, 0, sizeof(dest->fullnat_addr));
	if (!address)
		return 0;
	dest->fullnat_af = strchr(address, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(dest->fullnat_af, address, dest->fullnat_addr) != 1)
		return np_err_set(err, EINVAL, "\"%s\" is no address for --fullnat", address);
	why = no_source(dest->fullnat_af, dest->fullnat_addr);
	return why ? np_err_set(err, EINVAL, "\"%s\" will not do for --fullnat: it is %s",
				address, why) : 0;
}

bool lvs_fullnat_same(const struct np_lvs_dest *a, const struct np_lvs_dest *b)
{
	struct fullnat_source x = lvs_fullnat_source(a), y = lvs_fullnat_source(b);

	return x.mode == y.mode && !memcmp(&x.addr, &y.addr, sizeof(x.addr));
}

const char *lvs_fullnat_text(const struct np_lvs_dest *dest, char buf[LVS_FULLNAT_TEXT])
{
	char addr[INET6_ADDRSTRLEN];

	*buf = 0;
	if (!is_masq(dest) || dest->fullnat == NP_LVS_FULLNAT_NONE)
		return buf;
	if (dest->fullnat == NP_LVS_FULLNAT_AUTO)
		snprintf(buf, LVS_FULLNAT_TEXT, "--fullnat");
	else
		snprintf(buf, LVS_FULLNAT_TEXT, "--fullnat=%s",
			 inet_ntop(dest->fullnat_af, dest->fullnat_addr, addr, sizeof(addr)));
	return buf;
}
