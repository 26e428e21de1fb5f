// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/text_words.h"

#include <ctype.h>

#include "trace/fmt.h"

bool text_time(struct text *t, bool utc, const struct np_trace_event *ev)
{
	char buf[FMT_TIME];

	if (utc && (ev->set & NP_TEV_WALL)) {
		fmt_utc(buf, ev->wall_us);
		text_put(t, buf);
	} else if (*ev->stamp) {
		text_put(t, ev->stamp);
	} else if (ev->set & NP_TEV_UPTIME) {
		fmt_seconds(buf, ev->uptime_us);
		text_put(t, "[");
		text_put(t, buf);
		text_put(t, "]");
	} else {
		return false;
	}
	return true;
}

void text_proto(struct text *t, const struct np_hdr *h)
{
	char buf[FMT_NUM];

	if (!(h->set & NP_HDR_PROTO))
		return;
	fmt_proto(buf, h->proto);
	for (char *c = buf; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	text_put(t, buf);
}

void text_end_of(struct text *t, const struct np_hdr *h, const uint8_t *addr, uint16_t port)
{
	char buf[FMT_ADDR];

	if (h->set & NP_HDR_PORTS)
		fmt_endpoint(buf, h->family, addr, port);
	else
		fmt_addr(buf, h->family, addr);
	text_put(t, buf);
}

enum np_style text_state_style(enum packet_state state)
{
	if (state == PACKET_DROPPED || state == PACKET_VANISHED)
		return NP_STYLE_BAD;
	return state == PACKET_UNFINISHED ? NP_STYLE_WARN : NP_STYLE_GOOD;
}
