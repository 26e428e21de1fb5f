/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOGSAME_H
#define LOGSAME_H

/* Whether two trace events are the same, member by member; their strings share an intern table. */
#include <string.h>

#include "lib/trace.h"

static inline bool logsame_hdr(const struct np_hdr *a, const struct np_hdr *b)
{
	return a->set == b->set && a->family == b->family && a->proto == b->proto &&
		a->tos == b->tos && a->ttl == b->ttl && !memcmp(a->src, b->src, 16) &&
		!memcmp(a->dst, b->dst, 16) && a->len == b->len && a->id == b->id &&
		a->flowlabel == b->flowlabel && a->frag_off == b->frag_off && a->ip_flags == b->ip_flags &&
		a->tcp_flags == b->tcp_flags && a->sport == b->sport && a->dport == b->dport &&
		a->ulen == b->ulen && a->window == b->window && a->seq == b->seq &&
		a->ack == b->ack && a->urgp == b->urgp && a->tcp_res == b->tcp_res &&
		a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code &&
		a->icmp_id == b->icmp_id && a->icmp_seq == b->icmp_seq && a->mtu == b->mtu &&
		a->param == b->param && a->spi == b->spi && !memcmp(a->gateway, b->gateway, 16);
}

static inline bool logsame_event(const struct np_trace_event *a, const struct np_trace_event *b)
{
	return a->set == b->set && a->type == b->type && a->number == b->number &&
		a->host == b->host && !strcmp(a->stamp, b->stamp) && a->table == b->table &&
		a->chain == b->chain && a->in == b->in && a->out == b->out &&
		a->physin == b->physin && a->physout == b->physout && a->rule == b->rule &&
		a->wall_us == b->wall_us && a->uptime_us == b->uptime_us && a->uid == b->uid &&
		a->gid == b->gid && a->mark == b->mark && logsame_hdr(&a->hdr, &b->hdr) &&
		(!(a->set & NP_TEV_QUOTED) || logsame_hdr(&a->quoted, &b->quoted)) &&
		a->mac_len == b->mac_len && !memcmp(a->mac, b->mac, sizeof(a->mac)) &&
		a->ip_opt_len == b->ip_opt_len && !memcmp(a->ip_opt, b->ip_opt, a->ip_opt_len) &&
		a->tcp_opt_len == b->tcp_opt_len &&
		!memcmp(a->tcp_opt, b->tcp_opt, a->tcp_opt_len) && a->line == b->line &&
		a->line_len == b->line_len && a->file == b->file;
}

#endif
