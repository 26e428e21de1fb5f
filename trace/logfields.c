// SPDX-License-Identifier: GPL-2.0-or-later
#include "logfields.h"

#include <netinet/in.h>

#include "logfields_priv.h"

/* An interface's name ends at a blank, or where the next field begins if the blank was eaten. */
static const char *const after_name[] = {
	"OUT=", "PHYSIN=", "PHYSOUT=", "MAC=", "MACSRC=", "SRC=", "TUNNEL=", NULL
};

/* IFNAMSIZ - 1, and what dev_valid_name() of net/core/dev.c refuses. */
static bool name_ok(const char *s, size_t len)
{
	if (len > 15)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char ch = (unsigned char)s[i];

		if (ch <= ' ' || ch == 0x7f || ch == 0xa0 || ch == '/' || ch == ':' || ch == '=' ||
			ch == '&')
			return false;
	}
	return true;
}

static bool take_name(struct logread *r, const char **name)
{
	const char *start = r->c.p, *end = logcur_word_end(&r->c), *stop = end;

	/* Only a word with a second '=' or that is too long can have swallowed a field. */
	if (memchr(start, '=', (size_t)(end - start)))
		for (const char *const *k = after_name; *k; k++) {
			const char *hit = memmem(start, (size_t)(end - start), *k, strlen(*k));

			if (hit && hit < stop)
				stop = hit;
		}
	if (stop == r->c.end) {
		r->cut = true;
		return false;
	}
	if (!name_ok(start, (size_t)(stop - start)))
		return logread_bad(r, "no interface has such a name");
	*name = np_intern(r->intern, start, (size_t)(stop - start));
	if (!*name)
		return logread_bad(r, "too many different names");
	r->c.p = stop;
	return true;
}

/* hh:hh:…, appended to mac; false at anything else. */
static bool take_mac(struct logread *r)
{
	struct np_trace_event *ev = r->ev;
	struct logcur *c = &r->c;
	uint8_t *mac = ev->mac;
	unsigned n = 0;

	while (logcur_left(c) >= 2 && n < NP_TRACE_MAC_MAX) {
		int hi = logcur_hex(c->p[0]), lo = logcur_hex(c->p[1]);

		if (hi < 0 || lo < 0)
			break;
		mac[n++] = (uint8_t)(hi << 4 | lo);
		c->p += 2;
		if (c->p == c->end || *c->p != ':')
			break;
		c->p++;
	}
	/* a byte that is cut in two is all that may be left before the end */
	if (c->p == c->end || (c->p + 1 == c->end && logcur_hex(*c->p) >= 0)) {
		r->cut = true;
		return false;
	}
	if (n && c->p[-1] == ':')
		return logread_bad(r, "a hardware address is garbled");
	ev->mac_len = (uint8_t)n;
	return true;
}

/* LOG --log-macdecode's form; kept as MAC= has it: destination, source, type. */
static bool take_mac_decoded(struct logread *r)
{
	struct np_trace_event *ev = r->ev;
	uint8_t src[6];
	uint32_t proto;

	if (!take_mac(r))
		return false;
	if (ev->mac_len != 6)
		return logread_bad(r, "a hardware address is garbled");
	memcpy(src, ev->mac, 6);
	ev->mac_len = 0;
	if (!logread_need(r, "MACDST=") || !take_mac(r) || !logread_need(r, "MACPROTO=") ||
		!logread_hex(r, 4, 4, &proto, false))
		return false;
	if (ev->mac_len != 6)
		return logread_bad(r, "a hardware address is garbled");
	memcpy(ev->mac + 6, src, 6);
	ev->mac[12] = (uint8_t)(proto >> 8);
	ev->mac[13] = (uint8_t)proto;
	ev->mac_len = 14;
	return true;
}

/* A sit device's tunnel: read and not kept. */
static bool take_tunnel(struct logread *r)
{
	uint8_t addr[16];

	if (!logread_addr(r, AF_INET, addr) || !logread_need(r, "->"))
		return false;
	return logread_addr(r, AF_INET, addr);
}

static bool take_devices(struct logread *r)
{
	struct np_trace_event *ev = r->ev;
	uint32_t v;

	if (!logread_need(r, "IN=") || !take_name(r, &ev->in) || !logread_need(r, "OUT=") ||
		!take_name(r, &ev->out))
		return false;
	if (logread_opt(r, "PHYSIN=") && !take_name(r, &ev->physin))
		return false;
	if (logread_opt(r, "PHYSOUT=") && !take_name(r, &ev->physout))
		return false;
	if (logread_opt(r, "VPROTO=") &&
		(!logread_hex(r, 4, 4, &v, false) || !logread_need(r, "VID=") ||
			!logread_num(r, 4095, &v, false)))
		return false;
	if (logread_opt(r, "MAC=") && !take_mac(r))
		return false;
	if (logread_opt(r, "MACSRC=") && !take_mac_decoded(r))
		return false;
	return !logread_opt(r, "TUNNEL=") || take_tunnel(r);
}

/* What follows the packet's headers: the socket's owner and the mark. */
static bool take_owner(struct logread *r)
{
	struct np_trace_event *ev = r->ev;

	if (logread_opt(r, "UID=")) {
		if (!logread_num(r, UINT32_MAX, &ev->uid, true))
			return false;
		/* kernels before 2.6.25 print no GID */
		if (logread_opt(r, "GID=") && !logread_num(r, UINT32_MAX, &ev->gid, true))
			return false;
		ev->set |= NP_TEV_UID;
	}
	if (logread_opt(r, "MARK=0x")) {
		if (!logread_hex(r, 1, 8, &ev->mark, true))
			return false;
		ev->set |= NP_TEV_MARK;
	}
	return true;
}

/* Words that may stand at the end of a line: what is left of one is a cut, not damage. */
static const char *const optional[] = { "UID=", "GID=", "MARK=0x", "OPT (", "INCOMPLETE [",
	"[SRC=", "MTU=", "ID=", "PROTO=", "TRUNCATED", NULL };

static bool remainder_ok(struct logread *r)
{
	size_t left;

	logcur_skip(&r->c);
	left = logcur_left(&r->c);
	if (!left)
		return true;
	for (const char *const *k = optional; *k; k++)
		if (left < strlen(*k) && !memcmp(r->c.p, *k, left)) {
			r->cut = true;
			return true;
		}
	return logread_bad(r, "something else stands where the line should end");
}

/* Bytes of no text, and marks that a copy puts where it cut a line. */
static const char *text_end(const char *s, size_t len, bool *cut)
{
	const char *end = s + len;

	while (end > s && (logcur_blank(end[-1]) || end[-1] == '\r' || end[-1] == '\n'))
		end--;
	if (end - s >= 3 && (!memcmp(end - 3, "...", 3) || !memcmp(end - 3, "\xe2\x80\xa6", 3))) {
		*cut = true;
		return end - 3;
	}
	/* one blank is the kernel's own: it tells that the last field is whole */
	return end < s + len && logcur_blank(*end) ? end + 1 : end;
}

enum logfields logfields_parse(struct np_intern *intern, const char *s, size_t len,
	size_t devices, struct np_trace_event *ev, struct logfields_ttl *ttl, const char **why)
{
	struct logread r = { .ev = ev, .intern = intern };
	bool ok;

	r.c.p = s + devices;
	r.c.end = text_end(s, len, &r.marked);
	ok = devices || take_devices(&r);
	if (ok && logread_opt(&r, "TRUNCATED"))
		ev->hdr.set |= NP_HDR_INCOMPLETE;
	else
		ok = ok && logread_headers(&r, &ev->hdr, false);
	ok = ok && take_owner(&r) && remainder_ok(&r);
	*ttl = (struct logfields_ttl){ 0 };
	if (r.ttl)
		*ttl = (struct logfields_ttl){ (size_t)(r.ttl - s), (size_t)(r.ttl_end - s) };
	if (!ok && !r.cut) {
		*why = r.bad ? r.bad : "a field is missing or garbled";
		return LOGFIELDS_BAD;
	}
	if (!(ev->hdr.set & (NP_HDR_ADDR | NP_HDR_INCOMPLETE))) {
		*why = "the line ends before the packet's addresses";
		return LOGFIELDS_BAD;
	}
	if (!r.cut && !r.marked)
		return LOGFIELDS_WHOLE;
	ev->set |= NP_TEV_CUT;
	return LOGFIELDS_CUT;
}
