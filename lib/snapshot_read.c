// SPDX-License-Identifier: GPL-2.0-or-later
/* The document of a snapshot: its head, names, sysctls, links and addresses. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/snapshot_priv.h"

void np_snapshot_clean(struct np_snapshot *s)
{
	np_explain_host_clean(&s->hosts[0]);
	np_explain_host_clean(&s->hosts[1]);
	np_names_free(s->names);
	np_links_free(s->links);
	memset(s, 0, sizeof(*s));
}

/* ---- names ---- */

static int read_names(struct np_snap_in *in, const json_t *root)
{
	const json_t *names = json_object_get(root, "names");
	json_t *list, *v;
	const char *word;

	if (!json_is_object(names))
		return np_snap_bad(in, "names", "an object", names);
	for (int db = 0; db < NP_NAMES_DBS; db++) {
		list = json_object_get(names, np_snap_names[db].key);
		if (list && !json_is_object(list))
			return np_snap_bad(in, np_snap_names[db].key, "an object", list);
		json_object_foreach(list, word, v) {
			json_int_t id = json_is_integer(v) ? json_integer_value(v) : -1;

			if (id < 0 || id > np_snap_names[db].max || strlen(word) >= NP_NAME_MAX)
				return np_snap_bad(in, word, "a number", v);
			if (np_names_add(in->s->names, db, (uint32_t)id, word))
				return np_err_nomem(in->err);
		}
	}
	return 0;
}

/* ---- sysctls ---- */

int np_snap_read_conf(struct np_snap_in *in, const json_t *v, int32_t conf[NP_FIB_CONF_N],
		      bool *enabled)
{
	struct {
		int32_t conf[NP_FIB_CONF_N];
		bool enabled;
	} to = { .enabled = true };
	struct np_snap_row rows[NP_FIB_CONF_N + 2] = { 0 };
	int ret;

	for (size_t i = 0; i < NP_FIB_CONF_N; i++)
		rows[i] = (struct np_snap_row){
			.key = np_fib_conf[i].name, .kind = NP_SNAP_I32, .needed = true,
			.offset = (uint16_t)(i * sizeof(int32_t)),
		};
	if (enabled)
		rows[NP_FIB_CONF_N] = (struct np_snap_row){
			.key = "enabled", .kind = NP_SNAP_BOOL, .needed = true,
			.offset = offsetof(__typeof__(to), enabled),
		};
	ret = np_snap_object(in, "ipv4", v, rows, &to);
	memcpy(conf, to.conf, sizeof(to.conf));
	if (enabled)
		*enabled = to.enabled;
	return ret;
}

static int read_sysctls(struct np_snap_in *in, const json_t *root)
{
	static const struct np_snap_row rows[] = {
		{ .key = "ipv4", .needed = true }, { .key = "ipv6", .needed = true }, { 0 },
	};
	static const struct np_snap_row rows6[] = {
		{ .key = "forwarding", .kind = NP_SNAP_I32, .needed = true }, { 0 },
	};
	const json_t *v = json_object_get(root, "sysctls");
	struct np_explain_host *hosts = in->s->hosts;
	int ret = np_snap_object(in, "sysctls", v, rows, NULL);

	if (!ret)
		ret = np_snap_read_conf(in, json_object_get(v, "ipv4"), hosts[0].fib.all, NULL);
	if (!ret)
		ret = np_snap_object(in, "ipv6", json_object_get(v, "ipv6"), rows6,
				     &hosts[0].fib.all_forwarding6);
	memcpy(hosts[1].fib.all, hosts[0].fib.all, sizeof(hosts[1].fib.all));
	hosts[1].fib.all_forwarding6 = hosts[0].fib.all_forwarding6;
	return ret;
}

static int read_guesses(struct np_snap_in *in, const json_t *root)
{
	static const struct np_snap_row families[] = {
		{ .key = "inet", .needed = true }, { .key = "inet6", .needed = true }, { 0 },
	};
	static const struct np_snap_row rows[] = {
		{ .key = "custom_rules", .kind = NP_SNAP_BOOL, .needed = true,
		  .offset = offsetof(struct np_fib, custom_rules) },
		{ .key = "custom_local", .kind = NP_SNAP_BOOL, .needed = true,
		  .offset = offsetof(struct np_fib, custom_local) },
		{ .key = "vrf_selectors", .kind = NP_SNAP_BOOL, .needed = true,
		  .offset = offsetof(struct np_fib, vrf_selectors) },
		{ 0 },
	};
	const json_t *v = json_object_get(root, "guesses");
	int ret = np_snap_object(in, "guesses", v, families, NULL);

	for (int i = 0; i < 2 && !ret; i++)
		ret = np_snap_object(in, families[i].key, json_object_get(v, families[i].key),
				     rows, &in->s->hosts[i].fib);
	return ret;
}

/* ---- the document ---- */

static const struct np_snap_row top_rows[] = {
	{ .key = "netpath_snapshot", .needed = true },
	{ .key = "host", .needed = true },
	{ .key = "kernel", .needed = true },
	{ .key = "time", .needed = true },
	{ .key = "names", .needed = true },
	{ .key = "sysctls", .needed = true },
	{ .key = "guesses", .needed = true },
	{ .key = "links", .needed = true },
	{ .key = "addresses", .needed = true },
	{ .key = "multicast", .needed = true },
	{ .key = "rules", .needed = true },
	{ .key = "routes", .needed = true },
	{ 0 },
};

static int read_head(struct np_snap_in *in, const json_t *root)
{
	const json_t *version = json_object_get(root, "netpath_snapshot");
	int ret;

	if (!json_is_integer(version))
		return np_err_set(in->err, EINVAL, "this is no snapshot: a JSON object with the "
				  "member \"netpath_snapshot\" is expected");
	if (json_integer_value(version) != NP_SNAPSHOT_VERSION)
		return np_err_set(in->err, EINVAL, "a snapshot of version %lld, and only %d is "
				  "known here", (long long)json_integer_value(version),
				  NP_SNAPSHOT_VERSION);
	ret = np_snap_object(in, NULL, root, top_rows, NULL);
	if (!ret)
		ret = np_snap_string(in, root, "host", in->s->host, sizeof(in->s->host));
	if (!ret)
		ret = np_snap_string(in, root, "kernel", in->s->kernel, sizeof(in->s->kernel));
	if (!ret)
		ret = np_snap_string(in, root, "time", in->s->time, sizeof(in->s->time));
	return ret ? ret : read_names(in, root);
}

/* The names of the links, before anything speaks of them. */
static int read_link_name(struct np_snap_in *in, const json_t *v)
{
	const json_t *index = json_object_get(v, "ifindex");
	json_int_t n = json_is_integer(index) ? json_integer_value(index) : 0;
	char name[NP_IFNAMSIZ];
	int ret;

	if (n < 1 || n > INT32_MAX)
		return np_snap_bad(in, "ifindex", "the index of a link, 1 or more", index);
	ret = np_snap_string(in, v, "ifname", name, sizeof(name));
	if (ret)
		return ret;
	if (!*name)
		return np_snap_bad(in, "ifname", "a name", json_object_get(v, "ifname"));
	return np_links_add(in->s->links, (uint32_t)n, name);
}

static int lines_in(const char *text, size_t len)
{
	const char *end = text + len;
	int n = 0;

	while ((text = memchr(text, '\n', (size_t)(end - text)))) {
		text++;
		n++;
	}
	return n;
}

static int bad_json(struct np_err *err, const json_error_t *why)
{
	return np_err_set(err, EINVAL, "line %d, column %d: %s", why->line, why->column,
			  why->text);
}

/* The routes, each a tree of its own and forgotten at once. */
static int read_pieces(struct np_snap_in *in)
{
	const char *piece;
	json_error_t why;
	size_t len;
	int ret = 0;

	in->list = "routes";
	for (in->at = 0; !ret && np_snap_next_piece(in->routes, &piece, &len); in->at++) {
		json_t *v = json_loadb(piece, len, JSON_REJECT_DUPLICATES, &why);

		if (!v) {
			why.line += lines_in(in->routes->text,
					     (size_t)(piece - in->routes->text));
			return bad_json(in->err, &why);
		}
		ret = np_snap_read_route(in, v);
		json_decref(v);
	}
	in->list = NULL;
	return ret == -ENOMEM ? np_err_nomem(in->err) : ret;
}

static int read_all(struct np_snap_in *in, const json_t *root)
{
	int ret = read_head(in, root);

	if (!ret)
		ret = np_snap_each(in, root, "links", read_link_name);
	if (!ret)
		ret = np_snap_each(in, root, "links", np_snap_read_link);
	if (!ret)
		ret = np_snap_each(in, root, "addresses", np_snap_read_addr);
	if (!ret)
		ret = np_snap_each(in, root, "multicast", np_snap_read_group);
	if (!ret)
		ret = np_snap_each(in, root, "rules", np_snap_read_rule);
	if (!ret)
		ret = in->routes ? read_pieces(in) :
				   np_snap_each(in, root, "routes", np_snap_read_route);
	if (!ret)
		ret = read_sysctls(in, root);
	if (ret)
		return ret;
	np_fib_seal(&in->s->hosts[0].fib);
	np_fib_seal(&in->s->hosts[1].fib);
	return read_guesses(in, root);
}

/* The tree of the document, without its routes where in->routes has them. */
static json_t *load_rest(struct np_snap_in *in, const char *text, size_t len, json_error_t *why)
{
	size_t begin, end;
	json_t *root;
	char *rest;

	if (!in->routes)
		return json_loadb(text, len, JSON_REJECT_DUPLICATES, why);
	begin = in->routes->at;
	end = in->routes->end;
	rest = malloc(len - (end - begin));
	if (!rest)
		return NULL;
	memcpy(rest, text, begin);
	memcpy(rest + begin, text + end, len - end);
	root = json_loadb(rest, len - (end - begin), JSON_REJECT_DUPLICATES, why);
	free(rest);
	if (!root && (size_t)why->position > begin)
		why->line += lines_in(text + begin, end - begin);
	return root;
}

static int init(struct np_snapshot *s, bool numeric, struct np_err *err)
{
	static const char *const no_files[] = { NULL };
	const struct np_names_opts opts = { .dirs = no_files, .numeric = numeric };

	memset(s, 0, sizeof(*s));
	s->names = np_names_new(&opts);
	s->links = np_links_new();
	if (!s->names || !s->links)
		return np_err_nomem(err);
	np_links_offline(s->links);
	for (int i = 0; i < 2; i++) {
		np_fib_init(&s->hosts[i].fib, i ? AF_INET6 : AF_INET);
		s->hosts[i].names = s->names;
	}
	return 0;
}

int np_snapshot_parse(struct np_snapshot *s, const char *text, size_t len, bool numeric,
		      struct np_err *err)
{
	struct np_snap_in in = { .s = s, .err = err };
	struct np_snap_cut cut;
	json_error_t why = { .text = "out of memory" };
	json_t *root;
	int ret = init(s, numeric, err);

	if (ret)
		return ret;
	if (np_snap_find_list(text, len, "routes", &cut))
		in.routes = &cut;
	root = load_rest(&in, text, len, &why);
	if (!root)
		return bad_json(err, &why);
	ret = read_all(&in, root);
	json_decref(root);
	return ret;
}
