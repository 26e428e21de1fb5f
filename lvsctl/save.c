// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <sys/socket.h>

#include "lvsctl/fullnat_lvs.h"
#include "lvsctl/list.h"
#include "lvsctl/plan_words.h"

static void service(const struct lvs_view *v, const struct np_lvs_svc *s, const char *name)
{
	char mask[INET6_ADDRSTRLEN];

	fprintf(v->fp, "-A %s -s %s", name, s->sched);
	if (s->flags & IP_VS_SVC_F_PERSISTENT) {
		fprintf(v->fp, " -p %u", s->timeout);
		if (s->af == AF_INET && s->netmask != ~0u)
			fprintf(v->fp, " -M %s",
				inet_ntop(AF_INET, &s->netmask, mask, sizeof(mask)));
		else if (s->af == AF_INET6 && s->netmask != 128)
			fprintf(v->fp, " -M %d", (int)s->netmask);
	}
	if (*s->pe)
		fprintf(v->fp, " --pe %s", s->pe);
	if (s->flags & IP_VS_SVC_F_ONEPACKET)
		fputs(" -o", v->fp);
	lvs_text_sched_flags(v->fp, s, " -b ", "");
	fputc('\n', v->fp);
}

static void forward(const struct lvs_view *v, const struct np_lvs_dest *d)
{
	char fullnat[LVS_FULLNAT_TEXT];

	if (d->fullnat)
		fprintf(v->fp, " %s", lvs_fullnat_text(d, fullnat));
	else
		fputs((d->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ ? " -m" :
		      (d->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL ? " -i" : " -g",
		      v->fp);
}

static void tunnel(const struct lvs_view *v, const struct np_lvs_dest *d)
{
	const char *sum = d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM ? "--tun-remcsum" :
			  d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? "--tun-csum" :
									"--tun-nocsum";

	if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
		fprintf(v->fp, " --tun-type gue --tun-port %d %s", d->tun_port, sum);
	else if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GRE)
		fprintf(v->fp, " --tun-type gre %s", sum);
	else
		fputs(" --tun-type ipip", v->fp);
}

void lvs_save_svc(const struct lvs_view *v, const struct lvs_svc *s)
{
	char name[LVS_ENDPOINT_MAX + 24], rs[LVS_ENDPOINT_MAX];

	lvs_text_name(v, &s->svc, true, name, sizeof(name));
	service(v, &s->svc, name);
	for (size_t i = 0; i < s->n; i++) {
		const struct np_lvs_dest *d = &s->dests[i];

		lvs_endpoint_text(v->names, d->af, d->addr, d->port, s->svc.protocol, rs);
		fprintf(v->fp, "-a %s -r %s", name, rs);
		forward(v, d);
		fprintf(v->fp, " -w %d", d->weight);
		if (v->full && (d->upper || d->lower))
			fprintf(v->fp, " -x %u -y %u", d->upper, d->lower);
		if ((d->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL)
			tunnel(v, d);
		fputc('\n', v->fp);
	}
}
