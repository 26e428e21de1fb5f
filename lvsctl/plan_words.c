// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes as the commands that make them. */
#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/fullnat_lvs.h"
#include "lvsctl/plan_read.h"
#include "lvsctl/plan_words.h"

const struct lvs_word lvs_flag_words[] = {
	{ "flag-1", IP_VS_SVC_F_SCHED1 },      { "flag-2", IP_VS_SVC_F_SCHED2 },
	{ "flag-3", IP_VS_SVC_F_SCHED3 },      { "sh-fallback", IP_VS_SVC_F_SCHED1 },
	{ "sh-port", IP_VS_SVC_F_SCHED2 },     { "mh-fallback", IP_VS_SVC_F_SCHED1 },
	{ "mh-port", IP_VS_SVC_F_SCHED2 },     { NULL, 0 },
};

const struct lvs_word lvs_tunnel_words[] = {
	{ "ipip", IP_VS_CONN_F_TUNNEL_TYPE_IPIP },
	{ "gue", IP_VS_CONN_F_TUNNEL_TYPE_GUE },
	{ "gre", IP_VS_CONN_F_TUNNEL_TYPE_GRE },
	{ NULL, 0 },
};

static void put_endpoint(FILE *fp, uint8_t af, const uint8_t addr[16], uint16_t port)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(af, addr, text, sizeof(text));
	fprintf(fp, af == AF_INET6 ? "[%s]:%u" : "%s:%u", text, port);
}

static void put_key(FILE *fp, const struct np_lvs_svc *s)
{
	if (s->fwmark) {
		fprintf(fp, "-f %u%s", s->fwmark, s->af == AF_INET6 ? " -6" : "");
		return;
	}
	fputs(s->protocol == IPPROTO_TCP ? "-t " : s->protocol == IPPROTO_UDP ? "-u " :
		"--sctp-service ", fp);
	put_endpoint(fp, s->af, s->addr, s->port);
}

/* "sh-port,sh-fallback": the words of the scheduler if it has some of its own. */
static void put_sched_flags(FILE *fp, const struct np_lvs_svc *s)
{
	const char *sep = " -b ";

	for (uint32_t bit = IP_VS_SVC_F_SCHED1; bit <= IP_VS_SVC_F_SCHED3; bit <<= 1) {
		const char *word = NULL;
		size_t len = strlen(s->sched);

		if (!(s->flags & bit))
			continue;
		for (const struct lvs_word *w = lvs_flag_words; w->word; w++)
			if (w->value == bit && (!word || (!strncmp(w->word, s->sched, len) &&
				w->word[len] == '-')))
				word = w->word;
		fprintf(fp, "%s%s", sep, word);
		sep = ",";
	}
}

static void put_svc(FILE *fp, const struct np_lvs_svc *s)
{
	fprintf(fp, " -s %s", s->sched);
	if (s->flags & IP_VS_SVC_F_PERSISTENT) {
		char mask[INET_ADDRSTRLEN] = "";

		fprintf(fp, " -p %u", s->timeout);
		inet_ntop(AF_INET, &s->netmask, mask, sizeof(mask));
		if (s->af == AF_INET6 && s->netmask != 128)
			fprintf(fp, " -M %u", s->netmask);
		else if (s->af == AF_INET && s->netmask != UINT32_MAX)
			fprintf(fp, " -M %s", mask);
	}
	if (*s->pe)
		fprintf(fp, " --pe %s", s->pe);
	if (s->flags & IP_VS_SVC_F_ONEPACKET)
		fputs(" -o", fp);
	put_sched_flags(fp, s);
}

static void put_tunnel(FILE *fp, const struct np_lvs_dest *d)
{
	for (const struct lvs_word *w = lvs_tunnel_words; w->word; w++)
		if (w->value == d->tun_type)
			fprintf(fp, " --tun-type %s", w->word);
	if (d->tun_port)
		fprintf(fp, " --tun-port %u", d->tun_port);
	if (d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM)
		fputs(" --tun-csum", fp);
	if (d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM)
		fputs(" --tun-remcsum", fp);
}

static void put_dest(FILE *fp, const struct np_lvs_dest *d)
{
	char fullnat[LVS_FULLNAT_TEXT];

	fprintf(fp, " %s -w %d", *lvs_fullnat_text(d, fullnat) ? fullnat :
		d->fwd == IP_VS_CONN_F_MASQ ? "-m" :
		d->fwd == IP_VS_CONN_F_TUNNEL ? "-i" : "-g", d->weight);
	if (d->upper)
		fprintf(fp, " -x %u", d->upper);
	if (d->lower)
		fprintf(fp, " -y %u", d->lower);
	if (d->fwd == IP_VS_CONN_F_TUNNEL && (d->tun_type || d->tun_port || d->tun_flags))
		put_tunnel(fp, d);
}

char *lvs_change_command(const struct lvs_change *c)
{
	static const char verbs[] = {
		[LVS_ADD_SVC] = 'A', [LVS_EDIT_SVC] = 'E', [LVS_DEL_SVC] = 'D',
		[LVS_ADD_DEST] = 'a', [LVS_EDIT_DEST] = 'e', [LVS_DEL_DEST] = 'd',
	};
	char *text = NULL;
	size_t size;
	FILE *fp = open_memstream(&text, &size);

	if (!fp)
		return NULL;
	fprintf(fp, "-%c ", verbs[c->op]);
	put_key(fp, &c->svc->svc);
	if (c->op == LVS_ADD_SVC || c->op == LVS_EDIT_SVC)
		put_svc(fp, &c->svc->svc);
	if (c->op >= LVS_ADD_DEST) {
		const struct np_lvs_dest *d = c->op == LVS_DEL_DEST ? c->dest_was : c->dest;

		fputs(" -r ", fp);
		put_endpoint(fp, d->af, d->addr, d->port);
		if (c->op != LVS_DEL_DEST)
			put_dest(fp, d);
	}
	if (!fclose(fp))
		return text;
	free(text);
	return NULL;
}
