// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl explain, lvsctl simulate: asks the kernel for the service, and prints the answer. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/lvs_conn.h"
#include "lib/sysctl.h"
#include "lvsctl/apply.h"
#include "lvsctl/check.h"
#include "lvsctl/explain.h"
#include "lvsctl/plan.h"
#include "lvsctl/protocol.h"
#include "lvsctl/verbs_plan.h"
#include "lvsctl/written.h"

static void name_server(struct explain_server *s, const struct np_lvs_dest *d)
{
	s->port = d->port;
	inet_ntop(d->af, d->addr, s->addr, sizeof(s->addr));
	snprintf(s->text, sizeof(s->text), d->af == AF_INET6 ? "[%s]:%u" : "%s:%u", s->addr,
		d->port);
}

static void name_service(struct lvs_explanation *x, const struct explain_request *r)
{
	x->svc = (struct np_lvs_svc){ .af = r->service.af, .protocol = r->protocol,
		.port = r->service.port, .fwmark = r->fwmark };
	memcpy(x->svc.addr, r->service.addr, sizeof(x->svc.addr));
	lvs_svc_text(&x->svc, x->service);
}

/* ": that address has port 80, 443": services that differ in the port alone. */
static void other_ports(struct np_lvs *v, const struct np_lvs_svc *svc, char *buf, size_t size)
{
	struct lvs_table t = { 0 };
	size_t at = 0;

	*buf = '\0';
	if (!svc->fwmark && !lvs_table_fetch_svcs(&t, v, NULL))
		for (size_t i = 0; i < t.n && at + 32 < size; i++) {
			struct np_lvs_svc s = t.svcs[i].svc;
			uint16_t port = s.port;

			s.port = svc->port;
			if (!lvs_svc_key(&s, svc))
				at += (size_t)snprintf(buf + at, size - at, "%s%u",
						       at ? ", " : ": that address has port ",
						       port);
		}
	lvs_table_clean(&t);
}

/* The service with its real servers. */
static int read_service(struct lvs_svc *s, const struct lvs_explanation *x, struct np_err *err)
{
	char others[200];
	struct np_lvs v;
	int ret = np_lvs_open(&v, err);

	if (ret)
		return ret;
	s->svc = x->svc;
	ret = np_lvs_svc_get(&v, &s->svc, err);
	if (ret == -ESRCH) {
		other_ports(&v, &x->svc, others, sizeof(others));
		np_err_set(err, ESRCH, "there is no service %s%s", x->service, others);
	}
	if (!ret)
		ret = lvs_svc_fetch_dests(s, &v, err);
	np_lvs_close(&v);
	return ret;
}

static unsigned persist_bits(const struct np_lvs_svc *svc)
{
	return svc->af == AF_INET6 ? svc->netmask : (unsigned)__builtin_popcount(svc->netmask);
}

/*
 * What the template of a client of this service would say (ip_vs_sched_persist()): the
 * service's port, 0 for FTP's; a firewall mark stands in place of the address.
 */
static void template_key(struct np_lvs_conn *key, const struct lvs_svc *s,
	const struct lvs_endpoint *from)
{
	*key = (struct np_lvs_conn){ .protocol = s->svc.protocol, .af = s->svc.af };
	np_bits_cut(key->src, from->addr, persist_bits(&s->svc));
	if (s->svc.fwmark) {
		uint32_t mark = htonl(s->svc.fwmark);

		memcpy(key->dst, &mark, sizeof(mark));
		return;
	}
	memcpy(key->dst, s->svc.addr, sizeof(key->dst));
	key->dport = s->svc.port == 21 ? 0 : s->svc.port;
}

/* The real server of a template; port 0 is any. */
static size_t template_dest(const struct lvs_svc *s, const struct np_lvs_conn *c)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->dests[i].af == c->rs_af && !memcmp(s->dests[i].addr, c->rs, 16) &&
			(!c->rport || c->rport == s->dests[i].port))
			return i;
	return NP_SCHED_NONE;
}

/* Looks for the client's template. Its client is named in x. */
static int find_template(struct lvs_explanation *x, struct explain_input *in,
	const struct lvs_svc *s, const struct explain_request *r, struct np_err *err)
{
	struct np_lvs_conn key, c;
	FILE *fp = fopen(NP_LVS_CONN_PATH, "re");
	char *line = NULL;
	size_t size = 0;

	if (!fp)
		return np_err_set(err, errno, "%s: %s", NP_LVS_CONN_PATH, strerror(errno));
	template_key(&key, s, &r->from);
	while (getline(&line, &size, fp) >= 0)
		if (np_lvs_conn_parse(&c, line) && !c.sport && c.protocol == key.protocol &&
			c.af == key.af && c.dport == key.dport && !memcmp(c.src, key.src, 16) &&
			!memcmp(c.dst, key.dst, 16)) {
			in->template = template_dest(s, &c);
			in->expires = c.expires;
			break;
		}
	free(line);
	fclose(fp);
	if (in->template != NP_SCHED_NONE) {
		char text[INET6_ADDRSTRLEN] = "";

		inet_ntop(key.af, key.src, text, sizeof(text));
		snprintf(x->client, sizeof(x->client), "%s/%u", text, persist_bits(&s->svc));
	}
	return 0;
}

static void set_dest(struct np_sched_dest *to, const struct np_lvs_dest *d)
{
	*to = (struct np_sched_dest){ .port = d->port, .weight = d->weight, .active = d->active,
		.inactive = d->inactive, .u_threshold = d->u_threshold,
		.l_threshold = d->l_threshold, .conns = d->stats.conns };
	memcpy(to->addr, d->addr, sizeof(to->addr));
}

static int answer(struct lvs_explanation *x, const struct explain_request *r,
	const struct lvs_svc *s, struct np_err *err)
{
	struct np_sched_dest *dests = calloc(s->n + 1, sizeof(*dests));
	struct explain_server *servers = calloc(s->n + 1, sizeof(*servers));
	struct explain_input in = { .scheduler = s->svc.sched, .n = s->n, .dests = dests,
		.servers = servers, .template = NP_SCHED_NONE,
		.ops = s->svc.flags & IP_VS_SVC_F_ONEPACKET };
	int64_t quiescent;
	int ret = dests && servers ? 0 : np_err_nomem(err);

	for (size_t i = 0; !ret && i < s->n; i++) {
		set_dest(&dests[i], &s->dests[i]);
		name_server(&servers[i], &s->dests[i]);
	}
	if (s->svc.flags & IP_VS_SVC_F_SCHED1)
		in.sched_flags |= NP_SCHED_F_FALLBACK;
	if (s->svc.flags & IP_VS_SVC_F_SCHED2)
		in.sched_flags |= NP_SCHED_F_PORT;
	if (s->svc.flags & IP_VS_SVC_F_PERSISTENT) {
		in.expire_quiescent =
			!np_sysctl_get_int("net.ipv4.vs.expire_quiescent_template", &quiescent,
				NULL) && quiescent;
		in.persist = s->svc.timeout ? s->svc.timeout : 1;
		in.persist_bits = persist_bits(&s->svc);
		if (!ret && r->from.af != AF_UNSPEC)
			ret = find_template(x, &in, s, r, err);
	}
	if (!ret)
		ret = lvs_explain_build(x, r, &in, err);
	free(dests);
	free(servers);
	return ret;
}

static int print(const struct lvs_explanation *x, const struct explain_request *r,
	struct np_err *err)
{
	struct np_out out;

	np_out_init(&out, stdout, NP_COLOR_AUTO);
	if (r->json) {
		struct np_json j;

		np_json_init(&j, stdout, r->pretty);
		lvs_explain_json(&j, x);
	} else {
		lvs_explain_text(&out, x);
	}
	return lvs_written(&out, err);
}

static int run(bool simulate, int argc, char **argv, int at, struct np_err *err)
{
	struct explain_request r;
	struct lvs_explanation x = { .next = NP_SCHED_NONE };
	struct lvs_svc s = { 0 };
	int ret = lvs_explain_parse(&r, simulate, argc, argv, at, err);

	if (ret)
		return ret;
	name_service(&x, &r);
	ret = read_service(&s, &x, err);
	if (!ret)
		ret = answer(&x, &r, &s, err);
	free(s.dests);
	if (!ret)
		ret = print(&x, &r, err);
	if (!ret)
		ret = x.next == NP_SCHED_NONE && x.by != EXPLAIN_CLIENT;
	lvs_explain_clean(&x);
	return ret;
}

int lvs_explain_run(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx;
	return run(false, argc, argv, at, err);
}

int lvs_simulate_run(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx;
	return run(true, argc, argv, at, err);
}
