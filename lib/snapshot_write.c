// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "lib/snapshot_priv.h"

void np_snap_put_link(struct np_snap_out *o, const char *key, int ifindex)
{
	const char *name = np_fib_dev_name(&o->s->hosts[0].fib, ifindex);

	if (*name)
		np_json_str(&o->j, key, name);
	else
		np_json_int(&o->j, key, ifindex);
}

void np_snap_put_addr(struct np_snap_out *o, const char *key, uint8_t family, const uint8_t *b)
{
	char buf[NP_ADDR_STRLEN];

	np_json_str(&o->j, key, np_addr_text(family, b, np_family_len(family), buf));
}

void np_snap_put_name(struct np_snap_out *o, const char *key, enum np_names_db db, uint32_t id)
{
	char buf[NP_NAME_MAX];

	np_json_str(&o->j, key, np_names_text(o->names, db, id, buf));
}

/*
 * The words that can be told from each other: a reader must get the number that was meant
 * out of each, so one that two numbers have stands for the number that np_names_parse()
 * gives, and one that is another's number or word ("100 200") for none.
 */
static int add_clear(struct np_names *to, const struct np_names *from, enum np_names_db db,
		     const char *word)
{
	char buf[NP_NAME_MAX];
	uint32_t id, other;

	if (np_names_parse(from, db, word, &id) || strcmp(np_names_text(from, db, id, buf), word))
		return 0; /* one of several that is never shown */
	if (!np_names_parse(to, db, word, &other) && other != id &&
	    !strcmp(np_names_text(to, db, other, buf), word))
		return 0;
	return np_names_add(to, db, id, word);
}

static struct np_names *clear_names(const struct np_names *from)
{
	static const char *const no_files[] = { NULL };
	const struct np_names_opts opts = { .dirs = no_files, .numeric = np_names_numeric(from) };
	struct np_names *to = np_names_new(&opts);
	const char *word;

	for (int db = 0; to && db < NP_NAMES_DBS; db++)
		for (size_t i = 0; (word = np_names_at(from, db, i)); i++)
			if (add_clear(to, from, db, word)) {
				np_names_free(to);
				return NULL;
			}
	return to;
}

/* The words that numbers have on this host, for a reader who has others. */
static void put_names(struct np_snap_out *o)
{
	char buf[NP_NAME_MAX];
	const char *word;
	uint32_t id;

	np_json_open(&o->j, "names", '{');
	for (int db = 0; db < NP_NAMES_DBS; db++) {
		np_json_open(&o->j, np_snap_names[db].key, '{');
		for (size_t i = 0; (word = np_names_at(o->names, db, i)); i++) {
			if (np_names_parse(o->names, db, word, &id) ||
			    strcmp(np_names_text(o->names, db, id, buf), word))
				continue;
			np_json_uint(&o->j, word, id);
		}
		np_json_close(&o->j, '}');
	}
	np_json_close(&o->j, '}');
}

static void put_conf(struct np_snap_out *o, const int32_t conf[NP_FIB_CONF_N])
{
	for (int i = 0; i < NP_FIB_CONF_N; i++)
		np_json_int(&o->j, np_fib_conf[i].name, conf[i]);
}

static void put_sysctls(struct np_snap_out *o)
{
	np_json_open(&o->j, "sysctls", '{');
	np_json_open(&o->j, "ipv4", '{');
	put_conf(o, o->s->hosts[0].fib.all);
	np_json_close(&o->j, '}');
	np_json_open(&o->j, "ipv6", '{');
	np_json_int(&o->j, "forwarding", o->s->hosts[0].fib.all_forwarding6);
	np_json_close(&o->j, '}');
	np_json_close(&o->j, '}');
}

static void put_guesses(struct np_snap_out *o)
{
	np_json_open(&o->j, "guesses", '{');
	for (int i = 0; i < 2; i++) {
		const struct np_fib *fib = &o->s->hosts[i].fib;

		np_json_open(&o->j, i ? "inet6" : "inet", '{');
		np_json_bool(&o->j, "custom_rules", fib->custom_rules);
		np_json_bool(&o->j, "custom_local", fib->custom_local);
		np_json_bool(&o->j, "vrf_selectors", fib->vrf_selectors);
		np_json_close(&o->j, '}');
	}
	np_json_close(&o->j, '}');
}

static void put_link(struct np_snap_out *o, const struct np_fib_dev *d)
{
	np_json_open(&o->j, NULL, '{');
	np_json_int(&o->j, "ifindex", d->ifindex);
	np_json_str(&o->j, "ifname", d->name);
	np_snap_put_flags(&o->j, "flags", np_snap_link_flags, d->flags);
	if (d->mtu)
		np_json_uint(&o->j, "mtu", d->mtu);
	if (d->master)
		np_snap_put_link(o, "master", d->master);
	np_snap_put_name(o, "group", NP_NAMES_GROUP, d->group);
	if (d->vrf_table)
		np_snap_put_name(o, "vrf_table", NP_NAMES_TABLE, d->vrf_table);
	np_json_open(&o->j, "ipv4", '{');
	np_json_bool(&o->j, "enabled", d->in4);
	put_conf(o, d->conf);
	np_json_close(&o->j, '}');
	np_json_open(&o->j, "ipv6", '{');
	np_json_bool(&o->j, "enabled", d->in6);
	np_json_int(&o->j, "forwarding", d->forwarding6);
	np_json_bool(&o->j, "ignore_routes_with_linkdown", d->ignore_linkdown6);
	np_json_bool(&o->j, "disable_ipv6", d->disabled6);
	if (d->mtu6)
		np_json_uint(&o->j, "mtu", d->mtu6);
	if (d->force_forwarding6)
		np_json_bool(&o->j, "force_forwarding", true);
	np_json_close(&o->j, '}');
	np_json_close(&o->j, '}');
}

static void put_addrs(struct np_snap_out *o)
{
	np_json_open(&o->j, "addresses", '[');
	for (int i = 0; i < 2; i++) {
		const struct np_fib *fib = &o->s->hosts[i].fib;

		for (size_t k = 0; k < fib->n_addrs; k++) {
			const struct np_fib_addr *a = &fib->addrs[k];

			np_json_open(&o->j, NULL, '{');
			np_json_str(&o->j, "family", np_family_name(a->family));
			np_snap_put_addr(o, "local", a->family, a->b);
			np_json_uint(&o->j, "prefixlen", a->bits);
			np_snap_put_name(o, "scope", NP_NAMES_SCOPE, a->scope);
			np_snap_put_link(o, "dev", a->ifindex);
			np_snap_put_flags(&o->j, "flags", np_snap_addr_flags, a->flags);
			np_json_close(&o->j, '}');
		}
	}
	np_json_close(&o->j, ']');
}

static void put_groups(struct np_snap_out *o)
{
	np_json_open(&o->j, "multicast", '[');
	for (int i = 0; i < 2; i++) {
		const struct np_fib *fib = &o->s->hosts[i].fib;

		for (size_t k = 0; k < fib->n_groups; k++) {
			const struct np_fib_group *g = &fib->groups[k];

			np_json_open(&o->j, NULL, '{');
			np_json_str(&o->j, "family", np_family_name(g->family));
			np_snap_put_addr(o, "group", g->family, g->b);
			np_snap_put_link(o, "dev", g->ifindex);
			np_json_close(&o->j, '}');
		}
	}
	np_json_close(&o->j, ']');
}

int np_snapshot_write(const struct np_snapshot *s, FILE *fp, bool pretty)
{
	struct np_names *names = clear_names(s->hosts[0].names);
	struct np_snap_out o = { .s = s, .names = names };
	const struct np_fib *fib = &s->hosts[0].fib;

	if (!names)
		return -ENOMEM;
	np_json_init(&o.j, fp, pretty);
	o.j.lines = 2;
	np_json_open(&o.j, NULL, '{');
	np_json_uint(&o.j, "netpath_snapshot", NP_SNAPSHOT_VERSION);
	np_json_str(&o.j, "host", s->host);
	np_json_str(&o.j, "kernel", s->kernel);
	np_json_str(&o.j, "time", s->time);
	put_names(&o);
	put_sysctls(&o);
	put_guesses(&o);
	np_json_open(&o.j, "links", '[');
	for (size_t i = 0; i < fib->n_devs; i++)
		put_link(&o, &fib->devs[i]);
	np_json_close(&o.j, ']');
	put_addrs(&o);
	put_groups(&o);
	np_snap_put_rules(&o);
	np_snap_put_routes(&o);
	np_json_close(&o.j, '}');
	np_json_end(&o.j);
	np_names_free(names);
	return 0;
}
