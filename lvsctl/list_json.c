// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/json_write.h"
#include "lvsctl/forward.h"
#include "lvsctl/list.h"
#include "lvsctl/options.h"
#include "lvsctl/protocol.h"

static void address(struct np_json *j, const char *key, uint8_t af, const void *addr)
{
	char text[INET6_ADDRSTRLEN];

	np_json_str(j, key, inet_ntop(af, addr, text, sizeof(text)) ? text : "?");
}

static void stats(struct np_json *j, const struct np_lvs_stats *s)
{
	const struct {
		const char *key;
		uint64_t v;
	} rows[] = {
		{ "conns", s->conns }, { "inpkts", s->inpkts }, { "outpkts", s->outpkts },
		{ "inbytes", s->inbytes }, { "outbytes", s->outbytes }, { "cps", s->cps },
		{ "inpps", s->inpps }, { "outpps", s->outpps }, { "inbps", s->inbps },
		{ "outbps", s->outbps },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (i % 5 == 0)
			np_json_open(j, i ? "rate" : "stats", '{');
		np_json_uint(j, rows[i].key, rows[i].v);
		if (i % 5 == 4)
			np_json_close(j, '}');
	}
}

static void tunnel(struct np_json *j, const struct np_lvs_dest *d)
{
	np_json_open(j, "tunnel", '{');
	for (const struct lvs_word *w = lvs_tunnel_words; w->word; w++)
		if (w->value == d->tun_type)
			np_json_str(j, "type", w->word);
	if (d->tun_port)
		np_json_uint(j, "port", d->tun_port);
	if (d->tun_type != IP_VS_CONN_F_TUNNEL_TYPE_IPIP)
		np_json_str(j, "checksum",
			    d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM ? "remote" :
			    d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? "yes" : "no");
	np_json_close(j, '}');
}

static void dest(struct np_json *j, const struct np_lvs_dest *d)
{
	np_json_open(j, NULL, '{');
	address(j, "address", d->af, d->addr);
	np_json_uint(j, "port", d->port);
	np_json_str(j, "forward", lvs_forward_word(d));
	if (d->fullnat == NP_LVS_FULLNAT_ADDR)
		address(j, "source", d->fullnat_af, d->fullnat_addr);
	if ((d->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL)
		tunnel(j, d);
	np_json_int(j, "weight", d->weight);
	np_json_uint(j, "u_threshold", d->u_threshold);
	np_json_uint(j, "l_threshold", d->l_threshold);
	np_json_uint(j, "active", d->active);
	np_json_uint(j, "inactive", d->inactive);
	np_json_uint(j, "persistent_conns", d->persistent_conns);
	stats(j, &d->stats);
	np_json_close(j, '}');
}

static void flags(struct np_json *j, const struct np_lvs_svc *s)
{
	char text[128] = "", *rest = text, *word;
	FILE *fp = fmemopen(text, sizeof(text), "w");

	if (fp) {
		lvs_text_sched_flags(fp, s, true, "", "");
		fclose(fp);
	}
	np_json_open(j, "sched_flags", '[');
	while ((word = strsep(&rest, ",")))
		if (*word)
			np_json_str(j, NULL, word);
	np_json_close(j, ']');
}

void lvs_json_svc_key(struct np_json *j, const struct np_lvs_svc *s)
{
	np_json_str(j, "family", s->af == AF_INET6 ? "inet6" : "inet");
	if (s->fwmark) {
		np_json_uint(j, "fwmark", s->fwmark);
		return;
	}
	np_json_str(j, "protocol", lvs_protocol_word(s->protocol, "ip"));
	address(j, "address", s->af, s->addr);
	np_json_uint(j, "port", s->port);
}

static void service(struct np_json *j, const struct lvs_svc *l)
{
	const struct np_lvs_svc *s = &l->svc;

	np_json_open(j, NULL, '{');
	lvs_json_svc_key(j, s);
	np_json_str(j, "scheduler", s->sched);
	flags(j, s);
	if (s->flags & IP_VS_SVC_F_PERSISTENT) {
		np_json_open(j, "persistent", '{');
		np_json_uint(j, "timeout", s->timeout);
		if (s->af == AF_INET)
			address(j, "netmask", AF_INET, &s->netmask);
		else
			np_json_uint(j, "netmask", s->netmask);
		np_json_close(j, '}');
	}
	if (*s->pe)
		np_json_str(j, "pe", s->pe);
	np_json_bool(j, "ops", s->flags & IP_VS_SVC_F_ONEPACKET);
	stats(j, &s->stats);
	np_json_open(j, "servers", '[');
	for (size_t i = 0; i < l->n; i++)
		dest(j, &l->dests[i]);
	np_json_close(j, ']');
	np_json_close(j, '}');
}

void lvs_json_table(struct np_json *j, const struct np_lvs_info *info, const struct lvs_table *t)
{
	char version[24];

	snprintf(version, sizeof(version), "%u.%u.%u", info->version >> 16 & 255,
		 info->version >> 8 & 255, info->version & 255);
	np_json_open(j, NULL, '{');
	np_json_str(j, "version", version);
	np_json_uint(j, "size", info->size);
	np_json_open(j, "services", '[');
	for (size_t i = 0; i < t->n; i++)
		service(j, &t->svcs[i]);
	np_json_close(j, ']');
	np_json_close(j, '}');
}

void lvs_json_timeouts(struct np_json *j, const struct np_lvs_timeouts *t)
{
	np_json_open(j, NULL, '{');
	np_json_uint(j, "tcp", t->tcp);
	np_json_uint(j, "tcpfin", t->tcpfin);
	np_json_uint(j, "udp", t->udp);
	np_json_close(j, '}');
}

void lvs_json_daemons(struct np_json *j, const struct np_lvs_daemon daemons[2])
{
	np_json_open(j, NULL, '[');
	for (int i = 0; i < 2; i++) {
		const struct np_lvs_daemon *d = &daemons[i];

		if (!d->state)
			continue;
		np_json_open(j, NULL, '{');
		np_json_str(j, "state", i ? "backup" : "master");
		np_json_str(j, "mcast_interface", d->ifn);
		np_json_uint(j, "syncid", d->syncid);
		np_json_uint(j, "sync_maxlen", d->maxlen);
		if (d->af)
			address(j, "mcast_group", d->af, d->group);
		np_json_uint(j, "mcast_port", d->port);
		np_json_uint(j, "mcast_ttl", d->ttl);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
}

void lvs_json_conn(struct np_json *j, const struct np_lvs_conn *c)
{
	np_json_open(j, NULL, '{');
	np_json_str(j, "protocol", lvs_protocol_word(c->protocol, "ip"));
	np_json_str(j, "state", c->state);
	np_json_uint(j, "expires", c->expires);
	address(j, "src", c->af, c->src);
	np_json_uint(j, "sport", c->sport);
	address(j, "dst", c->af, c->dst);
	np_json_uint(j, "dport", c->dport);
	np_json_open(j, "server", '{');
	address(j, "address", c->rs_af, c->rs);
	np_json_uint(j, "port", c->rport);
	np_json_close(j, '}');
	if (*c->pe) {
		np_json_str(j, "pe", c->pe);
		np_json_str(j, "pe_data", c->pe_data);
	}
	np_json_close(j, '}');
}
