// SPDX-License-Identifier: GPL-2.0-or-later
/* The hosts that packets are explained by: this one, with what its kernel says, or snapshots. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/nl.h"
#include "lib/route_io.h"
#include "lib/route_nl.h"
#include "lib/snapshot.h"
#include "trace/explain.h"

#define REREADS 3 /* times that a host is read again in vain */
#define HOST_NAME 256

/* A snapshot, which is asked like a host. */
struct file {
	struct explain_host host; /* first: what explain_packet() is handed */
	struct explainer *ex;
	struct np_snapshot snapshot;
};

struct explainer {
	struct explain_host host; /* first: what explain_packet() is handed */
	char name[HOST_NAME];
	struct np_explain_host known[2]; /* IPv4, IPv6 */
	bool loaded[2];
	unsigned rereads;
	struct np_nl *nl;
	struct np_names *names;
	struct np_fib_kernel kernel;
	struct np_fib_decision d;
	struct packet_explained room;
	struct file *files; /* instead of this host */
	unsigned n_files;
	uint64_t left;
	const char *left_host;
};

static struct explainer *of(struct explain_host *host)
{
	return (struct explainer *)host;
}

static int get(struct explain_host *host, uint8_t family, const struct np_explain_host **known,
	struct np_err *err)
{
	struct explainer *ex = of(host);
	unsigned i = family == AF_INET6;
	int ret = 0;

	*known = &ex->known[i];
	if (ex->loaded[i])
		return 0;
	if (!ex->nl)
		ret = np_nl_open(&ex->nl, NETLINK_ROUTE, err);
	if (!ret)
		ret = np_explain_host_load(&ex->known[i], ex->nl, ex->names, family, err);
	ex->loaded[i] = !ret;
	return ret;
}

/* ---- the kernel's own answer ---- */

/* Protocols that RTM_GETROUTE takes (rtm_getroute_parse_ip_proto()). */
static bool kernel_takes(uint8_t family, uint8_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
		proto == (family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

/* False: the question cannot be put to the kernel as it stands. */
static bool fill_query(const struct np_fib *fib, const struct np_flow *f, struct np_route *q)
{
	const uint32_t l4 = NP_FRULE_IPPROTO | NP_FRULE_SPORT | NP_FRULE_DPORT;
	bool takes = kernel_takes(fib->family, f->ipproto);

	for (size_t i = 0; i < fib->n_rules && !takes; i++)
		if (fib->rules[i].set & l4)
			return false;
	np_route_init(q);
	q->family = fib->family;
	q->dst_bits = fib->family == AF_INET ? 32 : 128;
	memcpy(q->dst, f->dst, sizeof(q->dst));
	q->set = NP_RT_DST | NP_RT_MARK;
	q->mark = f->mark;
	q->tos = f->tos;
	if (f->set & NP_FLOW_SRC) {
		q->set |= NP_RT_SRC;
		q->src_bits = q->dst_bits;
		memcpy(q->src, f->src, sizeof(q->src));
	}
	if (f->iif) {
		q->set |= NP_RT_IIF;
		q->iif = f->iif;
	}
	if (f->oif) {
		q->nh.set |= NP_NH_DEV;
		q->nh.ifindex = f->oif;
	}
	if (f->set & NP_FLOW_UID) {
		q->set |= NP_RT_UID;
		q->uid = f->uid;
	}
	if (!takes)
		return true;
	q->set |= NP_RT_IPPROTO | (f->sport ? NP_RT_SPORT : 0) | (f->dport ? NP_RT_DPORT : 0);
	q->ipproto = f->ipproto;
	q->sport = f->sport;
	q->dport = f->dport;
	return true;
}

static int answer_msg(const struct nlmsghdr *nlh, void *arg)
{
	return np_route_decode(arg, nlh);
}

/* A refusal is an answer: it goes to *code. */
static int ask_one(struct np_nl *nl, const struct np_route *q, struct np_route *room, int *code,
	struct np_err *err)
{
	struct np_err refusal = NP_ERR_INIT;
	int ret;

	np_route_reset(room);
	ret = np_route_get(nl, q, answer_msg, room, &refusal);
	if (ret && !refusal.refused) {
		*err = refusal;
		return ret;
	}
	*code = -ret;
	return 0;
}

static int ask_kernel(struct explainer *ex, const struct np_fib *fib, const struct np_flow *f,
	struct np_err *err)
{
	struct np_fib_kernel *k = &ex->kernel;
	struct np_route q;
	int ret;

	k->asked = k->matched = false;
	if (!fill_query(fib, f, &q))
		return 0;
	q.flags = fib->family == AF_INET ? RTM_F_LOOKUP_TABLE : 0;
	ret = ask_one(ex->nl, &q, &k->answer, &k->err, err);
	q.flags |= RTM_F_FIB_MATCH;
	if (!ret)
		ret = ask_one(ex->nl, &q, &k->match, &k->match_err, err);
	k->asked = k->matched = !ret;
	return ret;
}

/* ---- decisions ---- */

static int decide_once(struct explainer *ex, struct np_fib *fib, const struct np_flow *flow,
	bool *agrees, struct np_err *err)
{
	int ret = ask_kernel(ex, fib, flow, err);

	if (!ret && np_fib_explain(fib, flow, &ex->kernel, &ex->d, agrees))
		ret = np_err_nomem(err);
	return ret;
}

/* The host may have changed since it was read: read again before a disagreement is told. */
static int decide(struct explain_host *host, uint8_t family, const struct np_flow *flow,
	struct np_explanation *x, struct np_err *err)
{
	struct explainer *ex = of(host);
	struct np_explain_host *known = &ex->known[family == AF_INET6];
	const struct np_explain_host *again;
	int ret;

	*x = (struct np_explanation){ .host = known, .flow = flow, .d = &ex->d,
		.kernel = &ex->kernel };
	ret = decide_once(ex, &known->fib, flow, &x->agrees, err);
	if (ret || x->agrees || !ex->kernel.asked || ex->rereads >= REREADS)
		return ret;
	ex->rereads++;
	ex->loaded[family == AF_INET6] = false;
	ret = get(host, family, &again, err);
	if (!ret)
		ret = decide_once(ex, &known->fib, flow, &x->agrees, err);
	if (!ret && x->agrees)
		ex->rereads--; /* that was it */
	return ret;
}

/* ---- snapshots ---- */

static int file_get(struct explain_host *host, uint8_t family, const struct np_explain_host **known,
	struct np_err *err)
{
	(void)err;
	*known = &((struct file *)host)->snapshot.hosts[family == AF_INET6];
	return 0;
}

static int file_decide(struct explain_host *host, uint8_t family, const struct np_flow *flow,
	struct np_explanation *x, struct np_err *err)
{
	struct file *f = (struct file *)host;
	struct np_explain_host *known = &f->snapshot.hosts[family == AF_INET6];

	*x = (struct np_explanation){ .host = known, .flow = flow, .d = &f->ex->d };
	return np_fib_decide(&known->fib, flow, 0, &f->ex->d) ? np_err_nomem(err) : 0;
}

static int read_snapshots(struct explainer *ex, const char *const *names, unsigned n,
	struct np_err *err)
{
	int ret = 0;

	if (!n)
		return 0;
	ex->files = calloc(n, sizeof(*ex->files));
	if (!ex->files)
		return np_err_nomem(err);
	for (; ex->n_files < n && !ret; ex->n_files++) {
		struct file *f = &ex->files[ex->n_files];

		f->host = (struct explain_host){ .get = file_get, .decide = file_decide };
		f->ex = ex;
		ret = np_snapshot_read(&f->snapshot, names[ex->n_files], false, err);
	}
	return ret;
}

/* ---- packets ---- */

int explainer_new(struct explainer **out, const char *const *snapshots, unsigned n,
	struct np_err *err)
{
	const struct np_names_opts names = { 0 };
	struct explainer *ex = calloc(1, sizeof(*ex));

	*out = ex;
	if (!ex)
		return np_err_nomem(err);
	ex->host = (struct explain_host){ .get = get, .decide = decide };
	np_fib_kernel_init(&ex->kernel);
	np_fib_decision_init(&ex->d);
	ex->d.walk.brief = ex->d.back.brief = true;
	ex->names = np_names_new(&names);
	if (!ex->names)
		return np_err_nomem(err);
	if (gethostname(ex->name, sizeof(ex->name) - 1))
		return np_err_set(err, errno, "the name of this host: %s", strerror(errno));
	return read_snapshots(ex, snapshots, n, err);
}

void explainer_free(struct explainer *ex)
{
	if (!ex)
		return;
	for (unsigned i = 0; i < ex->n_files; i++)
		np_snapshot_clean(&ex->files[i].snapshot);
	free(ex->files);
	np_explain_host_clean(&ex->known[0]);
	np_explain_host_clean(&ex->known[1]);
	np_fib_kernel_clean(&ex->kernel);
	np_fib_decision_clean(&ex->d);
	np_names_free(ex->names);
	np_nl_close(ex->nl);
	free(ex);
}

/* "ceph3" and "ceph3.example.org" are one host. */
static bool is_host(const char *name, const char *logged)
{
	size_t len = strcspn(name, ".");

	if (!strcmp(name, logged))
		return true;
	if (name[len] && strchr(logged, '.'))
		return false; /* both are in full */
	return strcspn(logged, ".") == len && !strncmp(name, logged, len);
}

/* Whom to ask about packets of a host; NULL: nobody. A log without names is the only one's. */
static struct explain_host *host_of(struct explainer *ex, const char *logged)
{
	bool named = logged && *logged;

	if (!ex->n_files)
		return !named || is_host(ex->name, logged) ? &ex->host : NULL;
	if (!named)
		return ex->n_files == 1 ? &ex->files[0].host : NULL;
	for (unsigned i = 0; i < ex->n_files; i++)
		if (is_host(ex->files[i].snapshot.host, logged))
			return &ex->files[i].host;
	return NULL;
}

int explainer_packet(struct explainer *ex, struct packet *p, struct np_err *err)
{
	const char *logged = packet_first(p)->host;
	struct explain_host *host = host_of(ex, logged);
	int ret;

	if (!host) {
		if (explain_way_lost(p) != WAY_NONE) {
			ex->left++;
			ex->left_host = logged;
		}
		return 0;
	}
	ret = explain_packet(host, p, &ex->room, err);
	if (!ret)
		p->explained = &ex->room;
	return ret;
}

uint64_t explainer_left(const struct explainer *ex, const char **host)
{
	*host = ex->left_host;
	return ex->left;
}
