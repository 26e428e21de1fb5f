// SPDX-License-Identifier: GPL-2.0-or-later
/* A saved table, line by line. */
#include <arpa/inet.h>
#include <bsd/string.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/explain_args.h"
#include "lvsctl/fullnat_lvs.h"
#include "lvsctl/plan_read.h"
#include "lvsctl/plan_words.h"

#define WORDS_MAX 64

enum {
	ADD_SERVICE, ADD_SERVER, TCP, UDP, SCTP, FWMARK, SCHEDULER, PERSISTENT, NETMASK, ENGINE,
	ONE_PACKET, SCHED_FLAGS, IPV6, SERVER, GATEWAYING, IPIP, MASQUERADING, FULLNAT,
	WEIGHT, UPPER, LOWER,
	TUN_TYPE, TUN_PORT, TUN_NOCSUM, TUN_CSUM, TUN_REMCSUM,
};

static const struct np_opt options[] = {
	{ 'A', "add-service", NULL, "", ADD_SERVICE, NULL },
	{ 'a', "add-server", NULL, "", ADD_SERVER, NULL },
	{ 't', "tcp-service", "VIP:PORT", "", TCP, NULL },
	{ 'u', "udp-service", "VIP:PORT", "", UDP, NULL },
	{ 0, "sctp-service", "VIP:PORT", "", SCTP, NULL },
	{ 'f', "fwmark-service", "MARK", "", FWMARK, NULL },
	{ 's', "scheduler", "NAME", "", SCHEDULER, NULL },
	{ 'p', "persistent", NULL, "", PERSISTENT, NULL },
	{ 'M', "netmask", "MASK", "", NETMASK, NULL },
	{ 0, "pe", "ENGINE", "", ENGINE, NULL },
	{ 'o', "ops", NULL, "", ONE_PACKET, NULL },
	{ 'b', "sched-flags", "FLAGS", "", SCHED_FLAGS, NULL },
	{ '6', "ipv6", NULL, "", IPV6, NULL },
	{ 'r', "real-server", "HOST:PORT", "", SERVER, NULL },
	{ 'g', "gatewaying", NULL, "", GATEWAYING, NULL },
	{ 'i', "ipip", NULL, "", IPIP, NULL },
	{ 'm', "masquerading", NULL, "", MASQUERADING, NULL },
	{ 0, "fullnat", "[ADDRESS]", "", FULLNAT, NULL },
	{ 'w', "weight", "N", "", WEIGHT, NULL },
	{ 'x', "u-threshold", "N", "", UPPER, NULL },
	{ 'y', "l-threshold", "N", "", LOWER, NULL },
	{ 0, "tun-type", "TYPE", "", TUN_TYPE, NULL },
	{ 0, "tun-port", "PORT", "", TUN_PORT, NULL },
	{ 0, "tun-nocsum", NULL, "", TUN_NOCSUM, NULL },
	{ 0, "tun-csum", NULL, "", TUN_CSUM, NULL },
	{ 0, "tun-remcsum", NULL, "", TUN_REMCSUM, NULL },
	{ 0, NULL, NULL, NULL, 0, NULL },
};

/* A line: what it adds, and to which service. */
struct line {
	int command; /* ADD_SERVICE, ADD_SERVER, -1: none yet */
	bool server; /* -r was said */
	uint8_t mask_af; /* of -M; 0: was not said */
	struct np_lvs_svc svc;
	struct np_lvs_dest dest;
	struct lvs_endpoint rs;
};

static int read_number(const char *word, uint32_t max, uint32_t *n, struct np_err *err)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(word, &end, 0);
	if (*word < '0' || *word > '9' || *end || errno || v > max)
		return np_err_set(err, EINVAL, "\"%s\" is no number from 0 to %u", word, max);
	*n = (uint32_t)v;
	return 0;
}

static int read_service(struct line *l, int id, const char *word, struct np_err *err)
{
	static const uint8_t protocols[] = { [TCP] = IPPROTO_TCP, [UDP] = IPPROTO_UDP,
		[SCTP] = IPPROTO_SCTP };
	struct lvs_endpoint e;

	if (l->svc.protocol || l->svc.fwmark)
		return np_err_set(err, EINVAL, "two services in one line");
	if (id == FWMARK)
		return read_number(word, UINT32_MAX, &l->svc.fwmark, err);
	if (lvs_endpoint_parse(&e, word))
		return np_err_set(err, EINVAL, "\"%s\" is no address with a port", word);
	l->svc.protocol = protocols[id];
	l->svc.af = e.af;
	l->svc.port = e.port;
	memcpy(l->svc.addr, e.addr, sizeof(l->svc.addr));
	return 0;
}

/* A dotted mask of IPv4, or a length of IPv6. */
static int read_netmask(struct line *l, const char *word, struct np_err *err)
{
	struct in_addr mask;

	l->mask_af = strchr(word, '.') ? AF_INET : AF_INET6;
	if (l->mask_af == AF_INET6)
		return read_number(word, 128, &l->svc.netmask, err);
	if (inet_pton(AF_INET, word, &mask) != 1)
		return np_err_set(err, EINVAL, "\"%s\" is no mask", word);
	l->svc.netmask = mask.s_addr;
	return 0;
}

static int read_words(const struct lvs_word *words, const char *what, const char *list,
	uint32_t *bits, struct np_err *err)
{
	char text[128], *save = NULL;

	strlcpy(text, list, sizeof(text));
	for (char *w = strtok_r(text, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		const struct lvs_word *known = words;

		while (known->word && strcmp(known->word, w))
			known++;
		if (!known->word)
			return np_err_set(err, EINVAL, "unknown %s \"%s\"", what, w);
		*bits |= known->value;
	}
	return 0;
}

static int read_persistence(struct line *l, struct np_opt_iter *it, struct np_err *err)
{
	const char *word = it->at < it->argc ? it->argv[it->at] : "";

	l->svc.flags |= IP_VS_SVC_F_PERSISTENT;
	l->svc.timeout = 300;
	if (*word < '0' || *word > '9')
		return 0;
	it->at++;
	return read_number(word, 86400 * 31, &l->svc.timeout, err);
}

/* A scheduler's or an engine's name: a module's, which the kernel looks for by it. */
static int read_name(char to[16], const char *what, const char *word, struct np_err *err)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	if (!*word || word[strspn(word, ok)] || strlcpy(to, word, 16) >= 16)
		return np_err_set(err, EINVAL, "\"%s\" is no name of a %s", word, what);
	return 0;
}

static int read_svc_option(struct line *l, int id, const char *arg, struct np_opt_iter *it,
	struct np_err *err)
{
	switch (id) {
	case SCHEDULER:
		return read_name(l->svc.sched, "scheduler", arg, err);
	case PERSISTENT:
		return read_persistence(l, it, err);
	case NETMASK:
		return read_netmask(l, arg, err);
	case ENGINE:
		return read_name(l->svc.pe, "persistence engine", arg, err);
	case ONE_PACKET:
		l->svc.flags |= IP_VS_SVC_F_ONEPACKET;
		return 0;
	case SCHED_FLAGS:
		return read_words(lvs_flag_words, "flag", arg, &l->svc.flags, err);
	case IPV6:
		l->svc.af = AF_INET6;
		return 0;
	default:
		return read_service(l, id, arg, err);
	}
}

static int read_dest_option(struct line *l, int id, const char *arg, struct np_err *err)
{
	struct np_lvs_dest *d = &l->dest;
	uint32_t n = 0;
	int ret = 0;

	switch (id) {
	case SERVER:
		l->server = true;
		if (!lvs_endpoint_parse(&l->rs, arg))
			return 0;
		return np_err_set(err, EINVAL, "\"%s\" is no address, with or without port", arg);
	case GATEWAYING:
		d->fwd = IP_VS_CONN_F_DROUTE;
		return 0;
	case IPIP:
		d->fwd = IP_VS_CONN_F_TUNNEL;
		return 0;
	case MASQUERADING:
		d->fwd = IP_VS_CONN_F_MASQ;
		return 0;
	case FULLNAT:
		return lvs_fullnat_parse(d, arg, err);
	case WEIGHT:
		ret = read_number(arg, INT32_MAX, &n, err);
		d->weight = (int32_t)n;
		return ret;
	case UPPER:
		return read_number(arg, INT32_MAX, &d->upper, err);
	case LOWER:
		return read_number(arg, INT32_MAX, &d->lower, err);
	case TUN_TYPE:
		ret = read_words(lvs_tunnel_words, "type of tunnel", arg, &n, err);
		d->tun_type = (uint8_t)n;
		return ret;
	case TUN_PORT:
		ret = read_number(arg, 65535, &n, err);
		d->tun_port = (uint16_t)n;
		return ret;
	case TUN_CSUM:
		d->tun_flags |= IP_VS_TUNNEL_ENCAP_FLAG_CSUM;
		return 0;
	case TUN_REMCSUM:
		d->tun_flags |= IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM;
		return 0;
	default:
		return 0;
	}
}

/* Defaults and the rules that are ipvsadm's own (ipvsadm.c: process_options). */
static int finish_line(struct line *l, struct np_err *err)
{
	if (l->command < 0)
		return np_err_set(err, EINVAL, "neither -A nor -a");
	if (!l->svc.protocol && !l->svc.fwmark)
		return np_err_set(err, EINVAL, "no service: -t, -u, --sctp-service or -f");
	if (l->svc.af == AF_UNSPEC)
		l->svc.af = AF_INET;
	if (l->mask_af && l->mask_af != l->svc.af)
		return np_err_set(err, EINVAL, "-M is of the other family");
	if (!l->svc.netmask)
		l->svc.netmask = l->svc.af == AF_INET6 ? 128 : UINT32_MAX;
	if (l->command == ADD_SERVICE)
		return 0;
	if (!l->server)
		return np_err_set(err, EINVAL, "no real server: -r");
	if (l->dest.fwd != IP_VS_CONN_F_TUNNEL &&
		(l->dest.tun_type || l->dest.tun_port || l->dest.tun_flags))
		return np_err_set(err, EINVAL, "options of tunnels without -i");
	l->dest.af = l->rs.af;
	l->dest.port = l->rs.port;
	memcpy(l->dest.addr, l->rs.addr, sizeof(l->dest.addr));
	if (!l->svc.fwmark && (!l->rs.port || l->dest.fwd != IP_VS_CONN_F_MASQ))
		l->dest.port = l->svc.port;
	return 0;
}

static int read_line(struct line *l, char *text, struct np_err *err)
{
	char *argv[WORDS_MAX + 1], *save = NULL;
	struct np_opt_iter it = { .opts = options, .argv = argv };
	const struct np_opt *opt;
	const char *arg;
	int ret = 0;

	*l = (struct line){ .command = -1, .svc.sched = "wlc", .dest.weight = 1,
		.dest.fwd = IP_VS_CONN_F_DROUTE };
	for (char *w = strtok_r(text, " \t\r\n", &save); w; w = strtok_r(NULL, " \t\r\n", &save)) {
		if (it.argc == WORDS_MAX)
			return np_err_set(err, E2BIG, "too many words");
		argv[it.argc++] = w;
	}
	argv[it.argc] = NULL;
	while (!ret && it.at < it.argc) {
		ret = np_opt_next(&it, &opt, &arg, err);
		if (!ret)
			return np_err_set(err, EINVAL, "unknown word \"%s\"", argv[it.at]);
		if (ret < 0)
			break;
		if (opt->id <= ADD_SERVER)
			ret = l->command >= 0 ? np_err_set(err, EINVAL, "-A and -a in one line") :
				(l->command = opt->id, 0);
		else if (opt->id <= IPV6)
			ret = read_svc_option(l, opt->id, arg, &it, err);
		else
			ret = read_dest_option(l, opt->id, arg, err);
	}
	return ret ? ret : finish_line(l, err);
}

/* The service of a key: most often the last one. */
static struct lvs_svc *find_svc(struct lvs_table *t, const struct np_lvs_svc *key)
{
	for (size_t i = t->n; i-- > 0;)
		if (!lvs_svc_key(&t->svcs[i].svc, key))
			return &t->svcs[i];
	return NULL;
}

static int take_line(struct lvs_table *t, const struct line *l, struct np_err *err)
{
	struct lvs_svc *s = find_svc(t, &l->svc);

	if (l->command == ADD_SERVER)
		return s ? lvs_svc_add_dest(s, &l->dest, err) :
			np_err_set(err, ENOENT, "no line before this one adds the service");
	return lvs_table_add_svc(t, &l->svc, err);
}

int lvs_plan_read(struct lvs_table *t, FILE *fp, const char *name, struct np_err *err)
{
	char *text = NULL;
	size_t size = 0, number = 0;
	struct line l;
	int ret = 0;

	*t = (struct lvs_table){ 0 };
	while (!ret && getline(&text, &size, fp) >= 0) {
		size_t blank = strspn(text, " \t\r\n");

		number++;
		if (!text[blank] || text[blank] == '#')
			continue;
		ret = read_line(&l, text, err);
		if (!ret)
			ret = take_line(t, &l, err);
		if (ret)
			np_err_prefix(err, "%s:%zu", name, number);
	}
	if (!ret && ferror(fp))
		ret = np_err_set(err, EIO, "%s: cannot be read", name);
	free(text);
	return ret ? ret : lvs_table_check(t, name, err);
}
