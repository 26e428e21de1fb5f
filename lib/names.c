// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/names.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/args.h"
#include "lib/cli.h"
#include "lib/names_db.h"

struct host {
	uint8_t family, len;
	uint8_t b[16];
	char *name; /* NULL: there is none, which is remembered as well */
	struct host *next;
};

#define HOST_BUCKETS 256

struct np_names {
	struct np_names_opts opts;
	struct np_name_db db[NP_NAMES_DBS];
	struct host *hosts[HOST_BUCKETS];
};

static const char *const default_dirs[] = {
	"/etc/iproute2", "/usr/share/iproute2", "/usr/lib/iproute2", NULL
};

static const struct {
	const char *file;
	bool small;
	bool always; /* read before a number is shown, else only when no word is built in */
	uint8_t base;
} kinds[NP_NAMES_DBS] = {
	[NP_NAMES_TABLE] = { "rt_tables", false, true, 0 },
	[NP_NAMES_PROTO] = { "rt_protos", true, false, 0 },
	[NP_NAMES_SCOPE] = { "rt_scopes", true, false, 0 },
	[NP_NAMES_REALM] = { "rt_realms", true, false, 0 },
	[NP_NAMES_DSFIELD] = { "rt_dsfield", true, false, 16 },
	[NP_NAMES_GROUP] = { "group", false, true, 0 },
};

/* Words that need no file. */
static const struct {
	enum np_names_db db;
	uint32_t id;
	const char *name;
} builtin[] = {
	{ NP_NAMES_TABLE, RT_TABLE_DEFAULT, "default" },
	{ NP_NAMES_TABLE, RT_TABLE_MAIN, "main" },
	{ NP_NAMES_TABLE, RT_TABLE_LOCAL, "local" },
	{ NP_NAMES_PROTO, RTPROT_UNSPEC, "unspec" },
	{ NP_NAMES_PROTO, RTPROT_REDIRECT, "redirect" },
	{ NP_NAMES_PROTO, RTPROT_KERNEL, "kernel" },
	{ NP_NAMES_PROTO, RTPROT_BOOT, "boot" },
	{ NP_NAMES_PROTO, RTPROT_STATIC, "static" },
	{ NP_NAMES_PROTO, RTPROT_GATED, "gated" },
	{ NP_NAMES_PROTO, RTPROT_RA, "ra" },
	{ NP_NAMES_PROTO, RTPROT_MRT, "mrt" },
	{ NP_NAMES_PROTO, RTPROT_ZEBRA, "zebra" },
	{ NP_NAMES_PROTO, RTPROT_BIRD, "bird" },
	{ NP_NAMES_PROTO, RTPROT_DNROUTED, "dnrouted" },
	{ NP_NAMES_PROTO, RTPROT_XORP, "xorp" },
	{ NP_NAMES_PROTO, RTPROT_NTK, "ntk" },
	{ NP_NAMES_PROTO, RTPROT_DHCP, "dhcp" },
	{ NP_NAMES_PROTO, RTPROT_KEEPALIVED, "keepalived" },
	{ NP_NAMES_PROTO, RTPROT_BABEL, "babel" },
	{ NP_NAMES_PROTO, RTPROT_BGP, "bgp" },
	{ NP_NAMES_PROTO, RTPROT_ISIS, "isis" },
	{ NP_NAMES_PROTO, RTPROT_OSPF, "ospf" },
	{ NP_NAMES_PROTO, RTPROT_RIP, "rip" },
	{ NP_NAMES_PROTO, RTPROT_EIGRP, "eigrp" },
	{ NP_NAMES_SCOPE, RT_SCOPE_UNIVERSE, "global" },
	{ NP_NAMES_SCOPE, RT_SCOPE_SITE, "site" },
	{ NP_NAMES_SCOPE, RT_SCOPE_LINK, "link" },
	{ NP_NAMES_SCOPE, RT_SCOPE_HOST, "host" },
	{ NP_NAMES_SCOPE, RT_SCOPE_NOWHERE, "nowhere" },
	{ NP_NAMES_REALM, 0, "unknown" },
	{ NP_NAMES_DSFIELD, 0, "0" },
	{ NP_NAMES_GROUP, 0, "default" },
};

#define N_BUILTIN (sizeof(builtin) / sizeof(builtin[0]))

struct np_names *np_names_new(const struct np_names_opts *opts)
{
	struct np_names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->opts = *opts;
	if (!names->opts.dirs)
		names->opts.dirs = default_dirs;
	for (size_t i = 0; i < NP_NAMES_DBS; i++) {
		names->db[i].file = kinds[i].file;
		names->db[i].small = kinds[i].small;
	}
	for (size_t i = 0; i < N_BUILTIN; i++) {
		if (np_name_db_add(&names->db[builtin[i].db], builtin[i].id, builtin[i].name)) {
			np_names_free(names);
			return NULL;
		}
	}
	return names;
}

void np_names_free(struct np_names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < NP_NAMES_DBS; i++)
		np_name_db_clean(&names->db[i]);
	for (size_t i = 0; i < HOST_BUCKETS; i++) {
		struct host *h;

		while ((h = names->hosts[i])) {
			names->hosts[i] = h->next;
			free(h->name);
			free(h);
		}
	}
	free(names);
}

int np_names_add(struct np_names *names, enum np_names_db db, uint32_t id, const char *word)
{
	const char *have = np_name_db_find(&names->db[db], id);

	return have && !strcmp(have, word) ? 0 : np_name_db_add(&names->db[db], id, word);
}

bool np_names_numeric(const struct np_names *names)
{
	return names->opts.numeric;
}

/* What is cached behind a const struct np_names is not part of what it says. */
static struct np_name_db *load(const struct np_names *names, enum np_names_db db)
{
	struct np_names *whole = (struct np_names *)(uintptr_t)names;

	if (!whole->db[db].loaded)
		np_name_db_load(&whole->db[db], &whole->opts);
	return &whole->db[db];
}

static const char *number(enum np_names_db db, uint32_t id, char buf[NP_NAME_MAX])
{
	snprintf(buf, NP_NAME_MAX, db == NP_NAMES_DSFIELD && id < 256 ? "0x%02x" : "%u", id);
	return buf;
}

const char *np_names_text(const struct np_names *names, enum np_names_db db, uint32_t id,
			  char buf[NP_NAME_MAX])
{
	const char *name;

	if (kinds[db].small && (id > 255 || names->opts.numeric))
		return number(db, id, buf);
	if (kinds[db].always)
		load(names, db);
	if (names->opts.numeric)
		return number(db, id, buf);
	name = np_name_db_find(&names->db[db], id);
	if (!name && !names->db[db].loaded)
		name = np_name_db_find(load(names, db), id);
	return name ? name : number(db, id, buf);
}

int np_names_parse(const struct np_names *names, enum np_names_db db, const char *word,
		   uint32_t *id)
{
	const struct np_name_db *d = load(names, db);
	uint64_t max = kinds[db].small ? 255 : db == NP_NAMES_GROUP ? INT32_MAX : UINT32_MAX;
	const struct np_name_entry *best = NULL;
	uint64_t n;

	/* Two ids of one name: the one that iproute2's walk over its hash finds first. */
	for (size_t i = 0; i < d->n; i++) {
		const struct np_name_entry *e = &d->entries[i];

		if (e->name && !strcmp(e->name, word) && (!best || e->id % NP_NAMES_BUCKETS <=
						best->id % NP_NAMES_BUCKETS))
			best = e;
	}
	if (best) {
		*id = best->id;
		return 0;
	}
	if (np_parse_uint(word, kinds[db].base, max, &n))
		return -EINVAL;
	*id = (uint32_t)n;
	return 0;
}

const char *np_names_at(const struct np_names *names, enum np_names_db db, size_t i)
{
	const struct np_name_db *d = load(names, db);

	return i < d->n ? d->entries[i].name : NULL;
}

int np_names_parse_realms(const struct np_names *names, const char *word, uint32_t *realms)
{
	const char *slash = strchr(word, '/');
	char head[NP_NAME_MAX];
	uint32_t from = 0, to = 0;
	const char *tail = slash ? slash + 1 : word;

	if (slash && !np_word_head(head, sizeof(head), word, '/'))
		return -EINVAL;
	if ((slash && np_names_parse(names, NP_NAMES_REALM, head, &from)) ||
	    (*tail && np_names_parse(names, NP_NAMES_REALM, tail, &to)))
		return np_parse_u32(word, realms);
	*realms = from << 16 | to;
	return 0;
}

/* In the order in which abbreviations are tried. */
static const struct {
	const char *word;
	uint8_t type;
	bool exact;
} rttypes[] = {
	{ "local", RTN_LOCAL, true },
	{ "nat", RTN_NAT, true },
	{ "broadcast", RTN_BROADCAST, false },
	{ "brd", RTN_BROADCAST, true },
	{ "anycast", RTN_ANYCAST, false },
	{ "multicast", RTN_MULTICAST, false },
	{ "prohibit", RTN_PROHIBIT, false },
	{ "unreachable", RTN_UNREACHABLE, false },
	{ "blackhole", RTN_BLACKHOLE, false },
	{ "xresolve", RTN_XRESOLVE, false },
	{ "unicast", RTN_UNICAST, false },
	{ "throw", RTN_THROW, true },
};

#define N_RTTYPES (sizeof(rttypes) / sizeof(rttypes[0]))

const char *np_names_rttype(const struct np_names *names, uint8_t type, char buf[NP_NAME_MAX])
{
	if (!names->opts.numeric) {
		if (type == RTN_UNSPEC)
			return "none";
		for (size_t i = 0; i < N_RTTYPES; i++)
			if (rttypes[i].type == type)
				return rttypes[i].word;
	}
	snprintf(buf, NP_NAME_MAX, "%u", type);
	return buf;
}

int np_rttype_parse(const char *word, uint8_t *type)
{
	for (size_t i = 0; i < N_RTTYPES; i++) {
		if (rttypes[i].exact ? strcmp(word, rttypes[i].word) :
				       !np_abbrev(word, rttypes[i].word))
			continue;
		*type = rttypes[i].type;
		return 0;
	}
	return np_parse_u8(word, type);
}

const char *np_rttype_at(size_t i)
{
	return i < N_RTTYPES ? rttypes[i].word : NULL;
}

const char *np_names_ipproto(const struct np_names *names, uint8_t proto, char buf[NP_NAME_MAX])
{
	const struct protoent *pe = names->opts.numeric ? NULL : getprotobynumber(proto);

	if (pe)
		snprintf(buf, NP_NAME_MAX, "%s", pe->p_name);
	else
		snprintf(buf, NP_NAME_MAX, "ipproto-%u", proto);
	return buf;
}

int np_ipproto_parse(const char *word, uint8_t *proto)
{
	const struct protoent *pe;
	uint64_t n;

	if (!np_parse_uint(word, 10, UINT8_MAX, &n)) {
		*proto = (uint8_t)n;
		return 0;
	}
	pe = getprotobyname(word);
	if (!pe || pe->p_proto > 255)
		return -EINVAL;
	*proto = (uint8_t)pe->p_proto;
	return 0;
}

static char *ask_resolver(uint8_t family, const uint8_t *b)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	char name[NI_MAXHOST];
	int ret;

	if (family == AF_INET) {
		memcpy(&in.sin_addr, b, 4);
		ret = getnameinfo((struct sockaddr *)&in, sizeof(in), name, sizeof(name), NULL, 0,
				  NI_NAMEREQD);
	} else {
		memcpy(&in6.sin6_addr, b, 16);
		ret = getnameinfo((struct sockaddr *)&in6, sizeof(in6), name, sizeof(name), NULL, 0,
				  NI_NAMEREQD);
	}
	return ret ? NULL : strdup(name);
}

static const struct host *find_host(struct np_names *names, uint8_t family, const uint8_t *b,
				    uint8_t len)
{
	struct host **head = &names->hosts[b[len - 1] % HOST_BUCKETS], *h;

	for (h = *head; h; h = h->next)
		if (h->family == family && !memcmp(h->b, b, len))
			return h;
	h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	h->family = family;
	h->len = len;
	memcpy(h->b, b, len);
	h->name = ask_resolver(family, b);
	h->next = *head;
	*head = h;
	return h;
}

const char *np_names_host(const struct np_names *names, uint8_t family, const void *bytes,
			  size_t len, char buf[NP_NAME_MAX])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *b = bytes;
	uint8_t af = family, alen = family == AF_INET6 ? 16 : 4;
	const struct host *h;
	char text[NP_ADDR_STRLEN];

	if (names->opts.resolve && (family == AF_INET || family == AF_INET6) && len >= alen) {
		if (af == AF_INET6 && !memcmp(b, mapped, sizeof(mapped))) {
			af = AF_INET;
			alen = 4;
			b += sizeof(mapped);
		}
		h = find_host((struct np_names *)(uintptr_t)names, af, b, alen);
		if (h && h->name)
			return h->name;
	}
	snprintf(buf, NP_NAME_MAX, "%s", np_addr_text(family, bytes, len, text));
	return buf;
}
