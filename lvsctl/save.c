// SPDX-License-Identifier: GPL-2.0-or-later
/* Services and real servers as the commands that make, change or delete them. */
#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "lvsctl/forward.h"
#include "lvsctl/fullnat_lvs.h"
#include "lvsctl/list.h"

#define NAME_MAX_LEN (LVS_ENDPOINT_MAX + 24)

static void service(const struct lvs_view *v, const struct np_lvs_svc *s)
{
	char mask[INET6_ADDRSTRLEN];

	fprintf(v->fp, " -s %s", s->sched);
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
	lvs_text_sched_flags(v->fp, s, v->full, " -b ", "");
}

static void forward(const struct lvs_view *v, const struct np_lvs_dest *d)
{
	char fullnat[LVS_FULLNAT_TEXT];

	if (d->fullnat)
		fprintf(v->fp, " %s", lvs_fullnat_text(d, fullnat));
	else
		fprintf(v->fp, " %s", lvs_forward_option(d));
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

/* name: the service's */
static void server(const struct lvs_view *v, char verb, const char *name,
		   const struct np_lvs_svc *s, const struct np_lvs_dest *d)
{
	char rs[LVS_ENDPOINT_MAX];

	lvs_endpoint_text(v->names, d->af, d->addr, d->port, s->protocol, rs);
	fprintf(v->fp, "-%c %s -r %s", verb, name, rs);
	if (verb == 'd')
		return;
	forward(v, d);
	fprintf(v->fp, " -w %d", d->weight);
	if (v->full && (d->u_threshold || d->l_threshold))
		fprintf(v->fp, " -x %u -y %u", d->u_threshold, d->l_threshold);
	if ((d->fwd & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL)
		tunnel(v, d);
}

static void save(const struct lvs_view *v, char verb, const char *name, const struct np_lvs_svc *s)
{
	fprintf(v->fp, "-%c %s", verb, name);
	if (verb != 'D')
		service(v, s);
}

void lvs_save_svc(const struct lvs_view *v, const struct lvs_svc *s)
{
	char name[NAME_MAX_LEN];

	lvs_text_name(v, &s->svc, true, name, sizeof(name));
	save(v, 'A', name, &s->svc);
	fputc('\n', v->fp);
	for (size_t i = 0; i < s->n; i++) {
		server(v, 'a', name, &s->svc, &s->dests[i]);
		fputc('\n', v->fp);
	}
}

char *lvs_change_command(const struct lvs_change *c)
{
	static const char verbs[] = { [NP_LVS_ADD] = 'A', [NP_LVS_EDIT] = 'E', [NP_LVS_DEL] = 'D' };
	static const char dest_verbs[] = {
		[NP_LVS_ADD] = 'a', [NP_LVS_EDIT] = 'e', [NP_LVS_DEL] = 'd',
	};
	char *text = NULL, name[NAME_MAX_LEN];
	size_t size;
	struct lvs_view v = { .fp = open_memstream(&text, &size), .full = true };

	if (!v.fp)
		return NULL;
	lvs_text_name(&v, &c->svc->svc, true, name, sizeof(name));
	if (lvs_change_is_dest(c))
		server(&v, dest_verbs[c->op], name, &c->svc->svc,
		       c->op == NP_LVS_DEL ? c->dest_was : c->dest);
	else
		save(&v, verbs[c->op], name, &c->svc->svc);
	if (!fclose(v.fp))
		return text;
	free(text);
	return NULL;
}
