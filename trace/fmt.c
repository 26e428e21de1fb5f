// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/fmt.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "lib/decimal.h"

size_t fmt_uint(char *buf, uint64_t v)
{
	char digits[NP_DECIMAL_MAX];
	size_t at = np_decimal(digits, v), n = sizeof(digits) - at;

	memcpy(buf, digits + at, n);
	buf[n] = '\0';
	return n;
}

size_t fmt_int(char *buf, int64_t v)
{
	if (v >= 0)
		return fmt_uint(buf, (uint64_t)v);
	buf[0] = '-';
	return 1 + fmt_uint(buf + 1, 0 - (uint64_t)v);
}

size_t fmt_hex(char *buf, uint64_t v)
{
	static const char hex[] = "0123456789abcdef";
	unsigned shift = 60;
	size_t n = 2;

	buf[0] = '0';
	buf[1] = 'x';
	while (shift && !(v >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		buf[n++] = hex[(v >> shift) & 15];
		if (!shift)
			break;
	}
	buf[n] = '\0';
	return n;
}

static size_t add(char *buf, size_t at, const char *s)
{
	size_t len = strlen(s);

	memcpy(buf + at, s, len + 1);
	return at + len;
}

size_t fmt_addr(char *buf, uint8_t family, const uint8_t *addr)
{
	size_t at = 0;

	if (family == AF_INET6 && inet_ntop(AF_INET6, addr, buf, FMT_ADDR))
		return strlen(buf);
	if (family != AF_INET)
		return add(buf, 0, "?");
	for (int i = 0; i < 4; i++) {
		if (i)
			buf[at++] = '.';
		at += fmt_uint(buf + at, addr[i]);
	}
	return at;
}

static size_t add_port(char *buf, size_t at, uint16_t port)
{
	buf[at] = ':';
	return at + 1 + fmt_uint(buf + at + 1, port);
}

size_t fmt_endpoint(char *buf, uint8_t family, const uint8_t *addr, uint16_t port)
{
	size_t at;

	if (family != AF_INET6)
		return add_port(buf, fmt_addr(buf, family, addr), port);
	buf[0] = '[';
	at = 1 + fmt_addr(buf + 1, family, addr);
	buf[at++] = ']';
	return add_port(buf, at, port);
}

size_t fmt_flags(char *buf, uint8_t flags)
{
	static const struct {
		uint8_t bit;
		char name[4];
	} rows[] = {
		{ 0x02, "SYN" }, { 0x01, "FIN" }, { 0x04, "RST" }, { 0x08, "PSH" },
		{ 0x10, "ACK" }, { 0x20, "URG" }, { 0x40, "ECE" }, { 0x80, "CWR" },
	};
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!(flags & rows[i].bit))
			continue;
		if (at)
			buf[at++] = ' ';
		at = add(buf, at, rows[i].name);
	}
	return at;
}

size_t fmt_proto(char *buf, uint8_t proto)
{
	const char *name = np_proto_name(proto);

	return name ? add(buf, 0, name) : fmt_uint(buf, proto);
}

static size_t add_cut(char *buf, size_t at, const char *s, size_t max)
{
	size_t len = strnlen(s, max);

	memcpy(buf + at, s, len);
	buf[at + len] = '\0';
	return at + len;
}

size_t fmt_place(char *buf, const struct np_trace_event *ev)
{
	size_t at;

	if (ev->type == NP_TRACE_HOOK) /* the chain is the hook's name */
		return add_cut(buf, 0, ev->chain, 128);
	at = add_cut(buf, 0, ev->table, 64);
	buf[at++] = ':';
	at = add_cut(buf, at, ev->chain, 128);
	buf[at++] = ':';
	at = add(buf, at, np_trace_type_name(ev->type));
	if (ev->set & NP_TEV_NUMBER) {
		buf[at++] = ':';
		at += fmt_uint(buf + at, ev->number);
	}
	return at;
}

size_t fmt_seconds(char *buf, int64_t us)
{
	size_t at = fmt_int(buf, us / 1000000);
	uint64_t part = (uint64_t)(us < 0 ? -us : us) % 1000000;

	buf[at++] = '.';
	for (uint64_t unit = 100000; unit; unit /= 10)
		buf[at++] = (char)('0' + part / unit % 10);
	buf[at] = '\0';
	return at;
}

size_t fmt_utc(char *buf, int64_t us)
{
	int64_t part = us % 1000000;
	time_t sec = (time_t)(us / 1000000 - (part < 0));
	struct tm tm;
	size_t at;
	int n;

	if (!gmtime_r(&sec, &tm))
		return add(buf, 0, "?");
	at = strftime(buf, FMT_TIME, "%Y-%m-%dT%H:%M:%S", &tm);
	if (part < 0)
		part += 1000000;
	n = part ? snprintf(buf + at, FMT_TIME - at, ".%06dZ", (int)part) :
		   snprintf(buf + at, FMT_TIME - at, "Z");
	return at + (size_t)(n > 0 ? n : 0);
}

size_t fmt_duration(char *buf, int64_t us, const char *micro)
{
	int n;

	if (us < 10000)
		n = snprintf(buf, FMT_NUM, "%d %ss", (int)us, micro);
	else if (us < 10000000)
		n = snprintf(buf, FMT_NUM, "%d ms", (int)(us / 1000));
	else
		n = snprintf(buf, FMT_NUM, "%lld s", (long long)(us / 1000000));
	return n > 0 ? (size_t)n : 0;
}

/* The word for a type that people look for ("echo request"), NULL for others. */
static const char *icmp_type(uint8_t family, uint8_t type)
{
	/* RFC 792, RFC 4443, RFC 4861 */
	static const struct {
		uint8_t family, type;
		const char *name;
	} rows[] = {
		{ AF_INET, 0, "echo reply" },
		{ AF_INET, 3, "unreachable" },
		{ AF_INET, 5, "redirect" },
		{ AF_INET, 8, "echo request" },
		{ AF_INET, 11, "time exceeded" },
		{ AF_INET, 12, "parameter problem" },
		{ AF_INET6, 1, "unreachable" },
		{ AF_INET6, 2, "packet too big" },
		{ AF_INET6, 3, "time exceeded" },
		{ AF_INET6, 4, "parameter problem" },
		{ AF_INET6, 128, "echo request" },
		{ AF_INET6, 129, "echo reply" },
		{ AF_INET6, 133, "router solicitation" },
		{ AF_INET6, 134, "router advertisement" },
		{ AF_INET6, 135, "neighbour solicitation" },
		{ AF_INET6, 136, "neighbour advertisement" },
		{ AF_INET6, 137, "redirect" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].family == family && rows[i].type == type)
			return rows[i].name;
	}
	return NULL;
}

const char *fmt_icmp(uint8_t family, uint8_t type, uint8_t code, bool *says_code)
{
	/* RFC 792, RFC 1122, RFC 1812, RFC 4443 */
	static const struct {
		uint8_t family, type, code;
		const char *name;
	} rows[] = {
		{ AF_INET, 3, 0, "network unreachable" },
		{ AF_INET, 3, 1, "host unreachable" },
		{ AF_INET, 3, 2, "protocol unreachable" },
		{ AF_INET, 3, 3, "port unreachable" },
		{ AF_INET, 3, 4, "fragmentation needed" },
		{ AF_INET, 3, 5, "source route failed" },
		{ AF_INET, 3, 9, "network prohibited" },
		{ AF_INET, 3, 10, "host prohibited" },
		{ AF_INET, 3, 13, "administratively prohibited" },
		{ AF_INET, 5, 0, "redirect for network" },
		{ AF_INET, 5, 1, "redirect for host" },
		{ AF_INET, 11, 0, "time exceeded" },
		{ AF_INET, 11, 1, "reassembly timeout" },
		{ AF_INET6, 1, 0, "no route" },
		{ AF_INET6, 1, 1, "administratively prohibited" },
		{ AF_INET6, 1, 3, "address unreachable" },
		{ AF_INET6, 1, 4, "port unreachable" },
		{ AF_INET6, 1, 5, "source address prohibited" },
		{ AF_INET6, 1, 6, "route rejected" },
		{ AF_INET6, 3, 0, "time exceeded" },
		{ AF_INET6, 3, 1, "reassembly timeout" },
		{ AF_INET6, 4, 1, "unknown next header" },
	};

	*says_code = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].family == family && rows[i].type == type && rows[i].code == code)
			return rows[i].name;
	}
	*says_code = !code;
	return icmp_type(family, type);
}
