// SPDX-License-Identifier: GPL-2.0-or-later
/* The values of a filter's fields: from words, and back. */
#include "trace/filter.h"

#include <arpa/inet.h>
#include <bsd/string.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/line.h"
#include "lib/trace.h"
#include "trace/ports.h"

static int set_proto(struct filter *f, const char *value)
{
	int proto = np_proto_parse(value, strlen(value));

	if (proto < 0)
		return -EINVAL;
	f->proto = (uint8_t)proto;
	return 0;
}

static int set_prefix(struct filter_prefix *p, const char *value)
{
	struct np_addr addr;

	if (np_prefix_parse(&addr, value, AF_UNSPEC) || !addr.len)
		return -EINVAL;
	if (addr.family != AF_INET && addr.family != AF_INET6)
		return -EINVAL;
	p->family = addr.family;
	p->bits = (uint8_t)addr.bits;
	memcpy(p->addr, addr.b, sizeof(p->addr));
	return 0;
}

static int set_src(struct filter *f, const char *value)
{
	return set_prefix(&f->src, value);
}

static int set_dst(struct filter *f, const char *value)
{
	return set_prefix(&f->dst, value);
}

static int set_sport(struct filter *f, const char *value)
{
	return ports_parse(f->sport, value);
}

static int set_dport(struct filter *f, const char *value)
{
	return ports_parse(f->dport, value);
}

static int set_dev(char dev[NP_IFNAMSIZ], const char *value)
{
	if (strpbrk(value, "\"\\") || np_ifname_copy(dev, value))
		return -EINVAL;
	if (dev[strlen(dev) - 1] == '*') /* as nft has it */
		dev[strlen(dev) - 1] = '+';
	return 0;
}

static int set_in(struct filter *f, const char *value)
{
	return set_dev(f->in, value);
}

static int set_out(struct filter *f, const char *value)
{
	return set_dev(f->out, value);
}

static int set_mark(struct filter *f, const char *value)
{
	f->mask = UINT32_MAX;
	return np_parse_mark(value, &f->mark, &f->mask);
}

static int set_syn(struct filter *f, const char *value)
{
	(void)f;
	(void)value;
	return 0;
}

/* The units of a limit, as iptables' and nft's words begin. */
static const struct {
	const char *unit;
	uint32_t seconds;
} units[] = { { "second", 1 }, { "minute", 60 }, { "hour", 3600 }, { "day", 86400 } };
#define UNITS (sizeof(units) / sizeof(units[0]))

static int set_limit(struct filter *f, const char *value)
{
	const char *slash = strchr(value, '/');
	char number[16];

	if (!strcmp(value, "none")) {
		f->rate = 0;
		return 0;
	}
	strlcpy(number, value, slash && slash - value < 15 ? (size_t)(slash - value) + 1 : 16);
	if (np_parse_u32(number, &f->rate) || !f->rate)
		return -EINVAL;
	f->per = 1;
	for (size_t i = 0; slash; i++) {
		if (i == UNITS)
			return -EINVAL;
		if (slash[1] && !strncmp(slash + 1, units[i].unit, strlen(slash + 1))) {
			f->per = units[i].seconds;
			break;
		}
	}
	return 0;
}

static int set_chain(struct filter *f, const char *value)
{
	if (!strcasecmp(value, "PREROUTING"))
		f->chains |= FILTER_PREROUTING;
	else if (!strcasecmp(value, "OUTPUT"))
		f->chains |= FILTER_OUTPUT;
	else
		return -EINVAL;
	return 0;
}

static int set_table(struct filter *f, const char *value)
{
	(void)f;
	return strcmp(value, "raw") ? -EINVAL : 0;
}

const char *const filter_modules[] = { "tcp", "udp", "udplite", "sctp", "dccp", "mark", "limit",
	NULL };
#define MODULES_OF_PROTOCOLS 5 /* the first of them */

/* The name alone matches nothing. */
static int set_module(struct filter *f, const char *value)
{
	for (unsigned i = 0; filter_modules[i]; i++)
		if (!strcmp(value, filter_modules[i]))
			return i < MODULES_OF_PROTOCOLS && !(f->set & 1u << FILTER_PROTO) ?
				set_proto(f, value) : 0;
	return -EINVAL;
}

static int set_target(struct filter *f, const char *value)
{
	(void)f;
	return strcmp(value, "TRACE") ? -EINVAL : 0;
}

static const struct {
	int (*set)(struct filter *f, const char *value);
	const char *expected;
	const char *word; /* that says it, with its value behind; NULL: not by itself */
} fields[FILTER_WORDS] = {
	[FILTER_PROTO] = { set_proto, "a protocol", "-p" },
	[FILTER_SRC] = { set_src, "an address or prefix", "-s" },
	[FILTER_DST] = { set_dst, "an address or prefix", "-d" },
	[FILTER_SPORT] = { set_sport, "a port or range", "--sport" },
	[FILTER_DPORT] = { set_dport, "a port or range", "--dport" },
	[FILTER_IN] = { set_in, NP_IFNAME_EXPECTED, "-i" },
	[FILTER_OUT] = { set_out, NP_IFNAME_EXPECTED, "-o" },
	[FILTER_MARK] = { set_mark, "a mark (VALUE[/MASK])", "--mark" },
	[FILTER_SYN] = { set_syn, "", "--new" },
	[FILTER_LIMIT] = { set_limit, "a rate (50/second, none)", NULL },
	[FILTER_CHAIN] = { set_chain, "PREROUTING or OUTPUT: a packet's way begins there", NULL },
	[FILTER_TABLE] = { set_table, "raw: tracing begins there", NULL },
	[FILTER_MODULE] = { set_module, "a match that is known here", NULL },
	[FILTER_TARGET] = { set_target, "TRACE", NULL },
};

static int refuse(enum filter_field field, const char *value, int word, struct np_err *err)
{
	struct np_line known = { .n = 0 };

	for (unsigned i = 0; field == FILTER_MODULE && filter_modules[i]; i++)
		np_line_add(&known, "%s%s", i ? ", " : ": ", filter_modules[i]);
	return np_err_word(err, EINVAL, word, "\"%s\" is not %s%s", value, fields[field].expected,
			   known.b);
}

int filter_set(struct filter *f, enum filter_field field, const char *value, bool negated, int word,
	struct np_err *err)
{
	uint32_t bit = 1u << field;

	if (field < FILTER_FIELDS && f->set & bit)
		return np_err_word(err, EINVAL, word, "this is said twice");
	if (negated && (field >= FILTER_FIELDS || field == FILTER_SYN))
		return np_err_word(err, EINVAL, word, "there is no ! for this");
	if (fields[field].set(f, value ? value : ""))
		return refuse(field, value ? value : "", word, err);
	f->set |= bit;
	if (field == FILTER_MODULE && f->proto)
		f->set |= 1u << FILTER_PROTO;
	if (negated)
		f->not |= bit;
	return 0;
}

/* ---- back to words ---- */

struct words {
	char *buf;
	size_t used;
};

static void put(struct words *w, const char *word)
{
	if (w->used)
		w->used += strlcpy(w->buf + w->used, " ", FILTER_TEXT - w->used);
	w->used += strlcpy(w->buf + w->used, word, FILTER_TEXT - w->used);
	if (w->used >= FILTER_TEXT)
		w->used = FILTER_TEXT - 1;
}

static const char *prefix_text(const struct filter_prefix *p, char *buf, size_t size)
{
	char addr[INET6_ADDRSTRLEN] = "?";
	unsigned all = np_family_bits(p->family);

	inet_ntop(p->family, p->addr, addr, sizeof(addr));
	(void)snprintf(buf, size, p->bits == all ? "%s" : "%s/%u", addr, p->bits);
	return buf;
}

static const char *ports_text(const uint16_t ports[2], char *buf, size_t size)
{
	(void)snprintf(buf, size, ports[0] == ports[1] ? "%u" : "%u:%u", ports[0], ports[1]);
	return buf;
}

static const char *value_text(const struct filter *f, enum filter_field field, char *buf, size_t n)
{
	const char *name = np_proto_name(f->proto);

	*buf = 0;
	switch (field) {
	case FILTER_PROTO:
		(void)snprintf(buf, n, name ? "%s" : "%.0s%u", name ? name : "", f->proto);
		break;
	case FILTER_SRC:
		return prefix_text(&f->src, buf, n);
	case FILTER_DST:
		return prefix_text(&f->dst, buf, n);
	case FILTER_SPORT:
		return ports_text(f->sport, buf, n);
	case FILTER_DPORT:
		return ports_text(f->dport, buf, n);
	case FILTER_IN:
		return f->in;
	case FILTER_OUT:
		return f->out;
	case FILTER_MARK:
		(void)snprintf(buf, n, f->mask == UINT32_MAX ? "0x%x" : "0x%x/0x%x", f->mark,
			f->mask);
		break;
	default:
		break;
	}
	return buf;
}

static void put_limit(struct words *w, const struct filter *f)
{
	char buf[40];
	size_t i = 0;

	if (f->rate == FILTER_LIMIT_DEFAULT && f->per == 1)
		return;
	while (i + 1 < UNITS && units[i].seconds != f->per)
		i++;
	(void)snprintf(buf, sizeof(buf), "%u/%s", f->rate, units[i].unit);
	put(w, "--limit");
	put(w, f->rate ? buf : "none");
}

const char *filter_text(const struct filter *f, char buf[FILTER_TEXT])
{
	struct words w = { buf, 0 };
	char value[64];

	*buf = 0;
	if (f->chains == FILTER_PREROUTING || f->chains == FILTER_OUTPUT)
		put(&w, f->chains == FILTER_OUTPUT ? "OUTPUT" : "PREROUTING");
	if (f->families)
		put(&w, f->families == FILTER_V4 ? "-4" : "-6");
	for (unsigned i = 0; i < FILTER_FIELDS; i++) {
		if (!(f->set & 1u << i))
			continue;
		if (f->not & 1u << i)
			put(&w, "!");
		put(&w, fields[i].word);
		if (*value_text(f, (enum filter_field)i, value, sizeof(value)))
			put(&w, value_text(f, (enum filter_field)i, value, sizeof(value)));
	}
	put_limit(&w, f);
	return buf;
}

uint8_t filter_chains(const struct filter *f)
{
	uint8_t chains = f->chains ? f->chains : FILTER_PREROUTING | FILTER_OUTPUT;

	if (f->set & 1u << FILTER_IN)
		chains &= (uint8_t)~FILTER_OUTPUT;
	if (f->set & 1u << FILTER_OUT)
		chains &= (uint8_t)~FILTER_PREROUTING;
	return chains;
}

static bool has_ports(uint8_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ||
		proto == IPPROTO_SCTP || proto == IPPROTO_DCCP;
}

/* The family that the addresses have. */
static int check_family(struct filter *f, struct np_err *err)
{
	const struct filter_prefix *ends[] = { &f->src, &f->dst };
	uint8_t said = f->families;

	for (unsigned i = 0; i < 2; i++) {
		uint8_t is = ends[i]->family == AF_INET ? FILTER_V4 : FILTER_V6;

		if (!ends[i]->family)
			continue;
		if (said && said != is)
			return np_err_set(err, EINVAL, "an IPv4 and an IPv6 address are never in "
				"one packet");
		said = is;
	}
	return 0;
}

int filter_check(struct filter *f, struct np_err *err)
{
	const uint32_t proto = 1u << FILTER_PROTO;
	const uint32_t ports = 1u << FILTER_SPORT | 1u << FILTER_DPORT;

	if (f->set & 1u << FILTER_SYN && !(f->set & proto)) {
		f->proto = IPPROTO_TCP;
		f->set |= proto;
	}
	if (f->set & 1u << FILTER_SYN && (f->proto != IPPROTO_TCP || f->not & proto))
		return np_err_set(err, EINVAL,
			"only TCP says which packet is a connection's first");
	if (f->set & ports && (!(f->set & proto) || f->not & proto || !has_ports(f->proto)))
		return np_err_set(err, EINVAL, "a port wants its protocol (-p tcp, -p udp)");
	if (!filter_chains(f))
		return np_err_set(err, EINVAL, "a packet that comes in (PREROUTING) has no "
			"interface to leave by, and one that goes out (OUTPUT) none to come by");
	return check_family(f, err);
}
