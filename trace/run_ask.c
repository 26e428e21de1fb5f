// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/run_ask.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/trace.h"

static bool is_host(const struct filter_prefix *p)
{
	return p->family && p->bits == np_family_bits(p->family);
}

/* The first address in a word, as of "http://[fd00::1]:80/" or "/dev/udp/10.0.0.1/9". */
static bool find_address(const char *word, char addr[INET6_ADDRSTRLEN])
{
	static const char digits[] = "0123456789abcdefABCDEF:.";
	uint8_t b[16];

	for (size_t len; *word; word += len + !!word[len]) {
		size_t n;

		len = n = strspn(word, digits);
		/* "10.0.0.1:80" */
		if (n < INET6_ADDRSTRLEN && memchr(word, '.', n) && memchr(word, ':', n) &&
			strcspn(word, ":") > strcspn(word, "."))
			n = strcspn(word, ":");
		if (n < 3 || n >= INET6_ADDRSTRLEN)
			continue;
		memcpy(addr, word, n);
		addr[n] = '\0';
		if (inet_pton(AF_INET, addr, b) == 1 || inet_pton(AF_INET6, addr, b) == 1)
			return true;
	}
	return false;
}

static bool find_dst(const struct filter *f, char *const command[], char addr[INET6_ADDRSTRLEN])
{
	if (is_host(&f->dst) && !(f->not & 1u << FILTER_DST))
		return inet_ntop(f->dst.family, f->dst.addr, addr, INET6_ADDRSTRLEN);
	for (; *command; command++)
		if (find_address(*command, addr))
			return true;
	return false;
}

static void put_port(struct np_line *l, const struct filter *f, enum filter_field field,
	const uint16_t port[2], const char *word)
{
	if (f->set & ~f->not & 1u << field && port[0] == port[1])
		np_line_add(l, " %s %u", word, port[0]);
}

/* What the match says, as far as it is one packet that it is about. */
static void put_match(struct np_line *l, const struct filter *f)
{
	const uint32_t set = f->set & ~f->not;
	const char *proto = set & 1u << FILTER_PROTO ? np_proto_name(f->proto) : NULL;
	char src[INET6_ADDRSTRLEN];

	if (is_host(&f->src) && set & 1u << FILTER_SRC &&
		inet_ntop(f->src.family, f->src.addr, src, sizeof(src)))
		np_line_add(l, " from %s", src);
	if (set & 1u << FILTER_OUT && !strchr(f->out, '+'))
		np_line_add(l, " oif %s", f->out);
	if (proto)
		np_line_add(l, " ipproto %s", proto);
	put_port(l, f, FILTER_SPORT, f->sport, "sport");
	put_port(l, f, FILTER_DPORT, f->dport, "dport");
	if (set & 1u << FILTER_MARK && f->mask == UINT32_MAX)
		np_line_add(l, " mark 0x%x", f->mark);
}

bool run_ask(const struct live_request *req, char *const command[], struct np_line *l)
{
	char dst[INET6_ADDRSTRLEN];

	if (!find_dst(&req->filter, command, dst))
		return false;
	np_line_add(l, "prt ");
	if (req->netns)
		np_line_add(l, "-n %s ", req->netns);
	np_line_add(l, "explain %s", dst);
	put_match(l, &req->filter);
	return true;
}
