/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOGTEXT_H
#define LOGTEXT_H

/* A trace event as one line of text, for tests: only what its set bits say is there. */
#include <arpa/inet.h>
#include <stdio.h>

#include "lib/trace.h"

struct logtext {
	char s[2048];
	size_t n;
};

__attribute__((format(printf, 2, 3), unused)) static void logtext_add(struct logtext *t,
	const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->s + t->n, sizeof(t->s) - t->n, fmt, ap);
	va_end(ap);
	if (n > 0)
		t->n += (size_t)n < sizeof(t->s) - t->n ? (size_t)n : sizeof(t->s) - t->n - 1;
}

__attribute__((unused)) static void logtext_ip(struct logtext *t, const struct np_hdr *h)
{
	char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];

	if (h->set & NP_HDR_ADDR)
		logtext_add(t, " %s>%s", inet_ntop(h->family, h->src, a, sizeof(a)),
			inet_ntop(h->family, h->dst, b, sizeof(b)));
	if (h->set & NP_HDR_LEN)
		logtext_add(t, " len=%u", h->len);
	if (h->set & NP_HDR_TOS)
		logtext_add(t, " tos=%u", h->tos);
	if (h->set & NP_HDR_TTL)
		logtext_add(t, " ttl=%u", h->ttl);
	if (h->set & NP_HDR_FLOWLABEL)
		logtext_add(t, " flow=%u", h->flowlabel);
	if (h->set & NP_HDR_ID)
		logtext_add(t, " id=%u", h->id);
	logtext_add(t, "%s%s%s", h->ip_flags & NP_IPF_CE ? " CE" : "",
		h->ip_flags & NP_IPF_DF ? " DF" : "", h->ip_flags & NP_IPF_MF ? " MF" : "");
	if (h->set & NP_HDR_FRAG)
		logtext_add(t, " frag=%u", h->frag_off);
	if (h->set & NP_HDR_PROTO)
		logtext_add(t, " proto=%u", h->proto);
}

__attribute__((unused)) static void logtext_l4(struct logtext *t, const struct np_hdr *h)
{
	char a[INET_ADDRSTRLEN];

	if (h->set & NP_HDR_INCOMPLETE)
		logtext_add(t, " incomplete");
	if (h->set & NP_HDR_PORTS)
		logtext_add(t, " %u>%u", h->sport, h->dport);
	if (h->set & NP_HDR_ULEN)
		logtext_add(t, " ulen=%u", h->ulen);
	if (h->set & NP_HDR_SEQ)
		logtext_add(t, " seq=%u", h->seq);
	if (h->set & NP_HDR_ACK)
		logtext_add(t, " ack=%u", h->ack);
	if (h->set & NP_HDR_WINDOW)
		logtext_add(t, " win=%u res=%u flags=%02x urgp=%u", h->window, h->tcp_res,
			h->tcp_flags, h->urgp);
	if (h->set & NP_HDR_ICMP)
		logtext_add(t, " icmp=%u/%u", h->icmp_type, h->icmp_code);
	if (h->set & NP_HDR_ICMP_ID)
		logtext_add(t, " echo=%u/%u", h->icmp_id, h->icmp_seq);
	if (h->set & NP_HDR_PARAM)
		logtext_add(t, " param=%u", h->param);
	if (h->set & NP_HDR_GATEWAY)
		logtext_add(t, " gw=%s", inet_ntop(AF_INET, h->gateway, a, sizeof(a)));
	if (h->set & NP_HDR_MTU)
		logtext_add(t, " mtu=%u", h->mtu);
	if (h->set & NP_HDR_SPI)
		logtext_add(t, " spi=%x", h->spi);
}

__attribute__((unused)) static void logtext_bytes(struct logtext *t, const char *name,
	const uint8_t *b, unsigned n)
{
	if (n)
		logtext_add(t, " %s=", name);
	for (unsigned i = 0; i < n; i++)
		logtext_add(t, "%02x", b[i]);
}

/* The whole event but its prefix. */
__attribute__((unused)) static const char *logtext_event(struct logtext *t,
	const struct np_trace_event *ev)
{
	*t = (struct logtext){ .n = 0 };
	logtext_add(t, "%s:%s:%s:%u in=%s out=%s", ev->table, ev->chain,
		np_trace_type_name(ev->type), ev->number, ev->in ? ev->in : "?",
		ev->out ? ev->out : "?");
	if (ev->physin)
		logtext_add(t, " physin=%s", ev->physin);
	if (ev->physout)
		logtext_add(t, " physout=%s", ev->physout);
	logtext_bytes(t, "mac", ev->mac, ev->mac_len);
	logtext_ip(t, &ev->hdr);
	logtext_bytes(t, "ipopt", ev->ip_opt, ev->ip_opt_len);
	logtext_l4(t, &ev->hdr);
	logtext_bytes(t, "tcpopt", ev->tcp_opt, ev->tcp_opt_len);
	if (ev->set & NP_TEV_QUOTED) {
		logtext_add(t, " [");
		logtext_ip(t, &ev->quoted);
		logtext_l4(t, &ev->quoted);
		logtext_add(t, " ]");
	}
	if (ev->set & NP_TEV_UID)
		logtext_add(t, " uid=%u/%u", ev->uid, ev->gid);
	if (ev->set & NP_TEV_MARK)
		logtext_add(t, " mark=%x", ev->mark);
	if (ev->set & NP_TEV_CUT)
		logtext_add(t, " CUT");
	return t->s;
}

#endif
