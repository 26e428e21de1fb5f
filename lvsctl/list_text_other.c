// SPDX-License-Identifier: GPL-2.0-or-later
/* Timeouts, daemons and connections, as ipvsadm prints them. */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "lvsctl/list.h"
#include "lvsctl/protocol.h"

void lvs_text_timeouts(const struct lvs_view *v, const struct np_lvs_timeouts *t)
{
	fprintf(v->fp, "Timeout (tcp tcpfin udp): %u %u %u\n", t->tcp, t->tcpfin, t->udp);
}

void lvs_text_daemons(const struct lvs_view *v, const struct np_lvs_daemon daemons[2])
{
	static const char *const names[] = { "master", "backup" };
	char group[INET6_ADDRSTRLEN];

	for (int i = 0; i < 2; i++) {
		const struct np_lvs_daemon *d = &daemons[i];

		if (!d->state)
			continue;
		fprintf(v->fp, "%s sync daemon (mcast=%s, syncid=%u", names[i], d->ifn, d->syncid);
		if (d->maxlen)
			fprintf(v->fp, ", maxlen=%u", d->maxlen);
		if (d->af && inet_ntop(d->af, d->group, group, sizeof(group)))
			fprintf(v->fp, ", group=%s", group);
		if (d->port)
			fprintf(v->fp, ", port=%u", d->port);
		if (d->ttl)
			fprintf(v->fp, ", ttl=%u", d->ttl);
		fputs(")\n", v->fp);
	}
}

void lvs_text_conn_title(const struct lvs_view *v)
{
	fputs("IPVS connection entries\n", v->fp);
	if (v->pe_data)
		fprintf(v->fp, "pro expire %-11s %-18s %-18s %-18s %-16s %s\n", "state", "source",
			"virtual", "destination", "pe name", "pe_data");
	else
		fprintf(v->fp, "pro expire %-11s %-18s %-18s %s\n", "state", "source", "virtual",
			"destination");
}

void lvs_text_conn(const struct lvs_view *v, const struct np_lvs_conn *c)
{
	const char *protocol = lvs_protocol_name(c->protocol, "IP");
	char src[LVS_ENDPOINT_MAX], dst[LVS_ENDPOINT_MAX], rs[LVS_ENDPOINT_MAX], expires[24];

	snprintf(expires, sizeof(expires), "%02u:%02u", c->expires / 60, c->expires % 60);
	lvs_endpoint_text(v->names, c->af, c->src, c->sport, c->protocol, src);
	lvs_endpoint_text(v->names, c->af, c->dst, c->dport, c->protocol, dst);
	lvs_endpoint_text(v->names, c->rs_af, c->rs, c->rport, c->protocol, rs);
	if (v->pe_data && *c->pe)
		fprintf(v->fp, "%-3s %-6s %-11s %-18s %-18s %-16s %-18s %s\n",
			protocol, expires, c->state, src, dst, rs, c->pe, c->pe_data);
	else
		fprintf(v->fp, "%-3s %-6s %-11s %-18s %-18s %s\n", protocol, expires,
			c->state, src, dst, rs);
}
