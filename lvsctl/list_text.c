// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/decimal.h"
#include "lvsctl/forward.h"
#include "lvsctl/list.h"
#include "lvsctl/options.h"
#include "lvsctl/protocol.h"

void lvs_text_version(const struct lvs_view *v, const struct np_lvs_info *info)
{
	fprintf(v->fp, "IP Virtual Server version %u.%u.%u (size=%u)\n", info->version >> 16 & 255,
		info->version >> 8 & 255, info->version & 255, info->size);
}

void lvs_text_title(const struct lvs_view *v)
{
	static const char *const titles[] = {
		[LVS_COLUMNS_STATS] =
		"Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n"
		"  -> RemoteAddress:Port\n",
		[LVS_COLUMNS_RATE] =
		"Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
		"  -> RemoteAddress:Port\n",
		[LVS_COLUMNS_THRESHOLDS] =
		"Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n"
		"  -> RemoteAddress:Port\n",
		[LVS_COLUMNS_PERSISTENT] =
		"Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n"
		"  -> RemoteAddress:Port\n",
		[LVS_COLUMNS_TUNNEL] =
		"Prot LocalAddress:Port Scheduler Flags\n"
		"  -> RemoteAddress:Port           "
		"Forward TunnelInfo    Weight ActiveConn InActConn\n",
		[LVS_COLUMNS_PLAIN] =
		"Prot LocalAddress:Port Scheduler Flags\n"
		"  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n",
	};

	fputs(titles[v->columns], v->fp);
}

void lvs_text_name(const struct lvs_view *v, const struct np_lvs_svc *s, bool save, char *buf,
		   size_t size)
{
	char endpoint[LVS_ENDPOINT_MAX];
	const char *v6 = s->af != AF_INET6 ? "" : save ? " -6" : " IPv6";

	/* A mark is printed signed, as ipvsadm has it; it does not read such a one. */
	if (s->fwmark && !save)
		snprintf(buf, size, "FWM  %d%s", (int)s->fwmark, v6);
	else if (s->fwmark)
		snprintf(buf, size, v->full ? "-f %u%s" : "-f %d%s", s->fwmark, v6);
	else if (save)
		snprintf(buf, size, "%s %s", lvs_protocol_option(s->protocol),
			 lvs_endpoint_text(v->names, s->af, s->addr, s->port, s->protocol,
					   endpoint));
	else
		snprintf(buf, s->af == AF_INET6 ? size : 34, "%-4s %s",
			 lvs_protocol_name(s->protocol, "?"),
			 lvs_endpoint_text(v->names, s->af, s->addr, s->port, s->protocol,
					   endpoint));
}

void lvs_text_sched_flags(FILE *fp, const struct np_lvs_svc *s, bool all, const char *before,
			  const char *after)
{
	size_t len = strlen(s->sched);
	bool some = false;

	for (uint32_t bit = IP_VS_SVC_F_SCHED1; bit <= IP_VS_SVC_F_SCHED3; bit <<= 1) {
		bool own = !strcmp(s->sched, "sh") || !strcmp(s->sched, "mh");

		if (!(s->flags & bit))
			continue;
		/* Those two have no third flag; ipvsadm says nothing of one. */
		if (bit == IP_VS_SVC_F_SCHED3 && all)
			own = false;
		for (const struct lvs_word *w = lvs_flag_words; w->word; w++) {
			bool fits = own ? !strncmp(w->word, s->sched, len) && w->word[len] == '-' :
					  !strncmp(w->word, "flag-", 5);

			if (w->value != bit || !fits)
				continue;
			fprintf(fp, "%s%s", some ? "," : before, w->word);
			some = true;
			break;
		}
	}
	if (some)
		fputs(after, fp);
}

static void number(const struct lvs_view *v, uint64_t n)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%" PRIu64, n);

	if (v->exact)
		fprintf(v->fp, "%*" PRIu64, len <= 8 ? 9 : len + 1, n);
	else if (n < 100000000)
		fprintf(v->fp, "%9" PRIu64, n);
	else if (n < 1000000000)
		fprintf(v->fp, "%8" PRIu64 "K", n / 1000);
	else if (n < UINT64_C(100000000000))
		fprintf(v->fp, "%8" PRIu64 "M", n / 1000000);
	else if (n < UINT64_C(100000000000000))
		fprintf(v->fp, "%8" PRIu64 "G", n / 1000000000);
	else
		fprintf(v->fp, "%8" PRIu64 "T", n / UINT64_C(1000000000000));
}

static void numbers(const struct lvs_view *v, const uint64_t n[5])
{
	for (int i = 0; i < 5; i++)
		number(v, n[i]);
	fputc('\n', v->fp);
}

static void counters(const struct lvs_view *v, const struct np_lvs_stats *s)
{
	numbers(v, (const uint64_t[]){ s->conns, s->inpkts, s->outpkts, s->inbytes, s->outbytes });
}

static void tunnel(const struct np_lvs_dest *d, char *buf, size_t size)
{
	const char *sum = d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM ? "r+c" :
			  d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? "+c" : "-c";

	if ((d->fwd & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_TUNNEL)
		snprintf(buf, size, "n/a");
	else if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
		snprintf(buf, size, "gue:%d:%s", d->tun_port, sum);
	else if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GRE)
		snprintf(buf, size, "gre:%s", sum);
	else
		snprintf(buf, size, "ipip");
}

/* Text, or a number, and blanks behind it up to width. Returns where it ends. */
static char *put_text(char *to, const char *text, size_t len, size_t width)
{
	memmove(to, text, len);
	if (len < width)
		memset(to + len, ' ', width - len);
	return to + (len < width ? width : len);
}

static char *put_number(char *to, uint32_t n, size_t width)
{
	char digits[NP_DECIMAL_MAX];
	size_t at = np_decimal(digits, n);

	return put_text(to, digits + at, sizeof(digits) - at, width);
}

/* ` %-7s %-6d %-10u %-10u`: the line of the list that is asked for most, of thousands. */
static void plain(const struct lvs_view *v, const struct np_lvs_dest *d)
{
	const char *forward = lvs_forward_name(d);
	char line[64], *to = line;

	to = put_text(to, " ", 1, 1);
	to = put_text(to, forward, strlen(forward), 7);
	to = put_text(to, " ", 1, 1);
	if (d->weight < 0)
		to = put_text(to, "-", 1, 1);
	to = put_number(to, d->weight < 0 ? 0 - (uint32_t)d->weight : (uint32_t)d->weight,
			d->weight < 0 ? 5 : 6);
	to = put_text(to, " ", 1, 1);
	to = put_number(to, d->active, 10);
	to = put_text(to, " ", 1, 1);
	to = put_number(to, d->inactive, 10);
	*to++ = '\n';
	fwrite(line, 1, (size_t)(to - line), v->fp);
}

static void dest(const struct lvs_view *v, const struct np_lvs_svc *s, const struct np_lvs_dest *d)
{
	const struct np_lvs_stats *st = &d->stats;
	char name[LVS_ENDPOINT_MAX], info[32];
	size_t len;

	lvs_endpoint_text(v->names, d->af, d->addr, d->port, s->protocol, name);
	if (d->af != AF_INET6)
		name[28] = '\0';
	len = strlen(name);
	fputs("  -> ", v->fp);
	put_text(name, name, len, 28);
	fwrite(name, 1, len < 28 ? 28 : len, v->fp);
	switch (v->columns) {
	case LVS_COLUMNS_STATS:
		counters(v, st);
		break;
	case LVS_COLUMNS_RATE:
		fprintf(v->fp, " %8" PRIu64 " %8" PRIu64 " %8" PRIu64, st->cps, st->inpps,
			st->outpps);
		number(v, st->inbps);
		number(v, st->outbps);
		fputc('\n', v->fp);
		break;
	case LVS_COLUMNS_THRESHOLDS:
		fprintf(v->fp, " %-10u %-10u %-10u %-10u\n", d->u_threshold, d->l_threshold,
			d->active, d->inactive);
		break;
	case LVS_COLUMNS_PERSISTENT:
		fprintf(v->fp, " %-9u %-11u %-10u %-10u\n", (uint32_t)d->weight,
			d->persistent_conns, d->active, d->inactive);
		break;
	case LVS_COLUMNS_TUNNEL:
		tunnel(d, info, sizeof(info));
		fprintf(v->fp, " %-7s %-13s %-6d %-10u %-10u\n", lvs_forward_name(d), info,
			d->weight, d->active, d->inactive);
		break;
	case LVS_COLUMNS_PLAIN:
		plain(v, d);
		break;
	}
}

static void service_line(const struct lvs_view *v, const struct np_lvs_svc *s)
{
	char mask[INET6_ADDRSTRLEN];

	fprintf(v->fp, " %s", s->sched);
	lvs_text_sched_flags(v->fp, s, false, " (", ")");
	if (s->flags & IP_VS_SVC_F_PERSISTENT) {
		fprintf(v->fp, " persistent %u", s->timeout);
		if (s->af == AF_INET && s->netmask != ~0u)
			fprintf(v->fp, " mask %s",
				inet_ntop(AF_INET, &s->netmask, mask, sizeof(mask)));
		else if (s->af == AF_INET6 && s->netmask != 128)
			fprintf(v->fp, " mask %d", (int)s->netmask);
		if (*s->pe)
			fprintf(v->fp, " pe %s", s->pe);
	}
	if (s->flags & IP_VS_SVC_F_ONEPACKET)
		fputs(" ops", v->fp);
	fputc('\n', v->fp);
}

void lvs_text_svc(const struct lvs_view *v, const struct lvs_svc *s)
{
	const struct np_lvs_stats *st = &s->svc.stats;
	char name[LVS_ENDPOINT_MAX + 16];

	lvs_text_name(v, &s->svc, false, name, sizeof(name));
	if (v->columns == LVS_COLUMNS_STATS) {
		fprintf(v->fp, "%-33s", name);
		counters(v, st);
	} else if (v->columns == LVS_COLUMNS_RATE) {
		fprintf(v->fp, "%-33s", name);
		numbers(v, (const uint64_t[]){ st->cps, st->inpps, st->outpps, st->inbps,
					       st->outbps });
	} else {
		fputs(name, v->fp);
		service_line(v, &s->svc);
	}
	for (size_t i = 0; i < s->n; i++)
		dest(v, &s->svc, &s->dests[i]);
}
