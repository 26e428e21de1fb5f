// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A table as JSON, as -S --json prints it: each service and real server becomes the words
 * of the command that makes it, so that what is right and what is wrong is told in one place.
 */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/args.h"
#include "lvsctl/forward.h"
#include "lvsctl/plan_read.h"

#define WORDS_MAX 64

/* A command that grows. */
struct words {
	char *argv[WORDS_MAX + 1];
	int argc;
};

struct member {
	const char *key;
	/* NULL: of no account, or read by the object's owner */
	int (*read)(struct words *w, const char *option, const json_t *v, struct np_err *err);
	const char *option;
};

static void words_clean(struct words *w)
{
	while (w->argc)
		free(w->argv[--w->argc]);
}

static int add(struct words *w, struct np_err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int add(struct words *w, struct np_err *err, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (w->argc == WORDS_MAX)
		return np_err_set(err, E2BIG, "too much of it");
	va_start(ap, fmt);
	n = vasprintf(&w->argv[w->argc], fmt, ap);
	va_end(ap);
	if (n < 0)
		return np_err_nomem(err);
	w->argv[++w->argc] = NULL;
	return 0;
}

static int add_two(struct words *w, const char *option, const char *value, struct np_err *err)
{
	int ret = add(w, err, "%s", option);

	return ret ? ret : add(w, err, "%s", value);
}

static int no_kind(const char *kind, struct np_err *err)
{
	return np_err_set(err, EINVAL, "not %s", kind);
}

/* It has to be one of a line's words, too: of those a restore skips its program's name. */
static int string(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	const char *s = json_string_value(v);

	if (!s)
		return no_kind("a string", err);
	if (!*s || s[strcspn(s, " \t\r\n")] || lvs_is_skipped(s))
		return np_err_set(err, EINVAL, "\"%s\" is no name", s);
	return add_two(w, option, s, err);
}

static int number(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	int ret = json_is_integer(v) ? add(w, err, "%s", option) : no_kind("a number", err);

	return ret ? ret : add(w, err, "%lld", (long long)json_integer_value(v));
}

static int boolean(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	if (!json_is_boolean(v))
		return no_kind("true or false", err);
	return json_is_true(v) ? add(w, err, "%s", option) : 0;
}

/* A mask of IPv4, a length of IPv6. */
static int netmask(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	return json_is_string(v) ? string(w, option, v, err) : number(w, option, v, err);
}

static int forward(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	const char *word = json_string_value(v), *say = word ? lvs_forward_option_of(word) : NULL;

	(void)option;
	if (!say)
		return np_err_set(err, EINVAL, "\"%s\" is none", word ? word : "");
	/* The option of FULLNAT has the source with it. */
	return strcmp(word, "fullnat") ? add(w, err, "%s", say) : 0;
}

static int checksum(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	static const char *const table[][2] = {
		{ "no", "--tun-nocsum" }, { "yes", "--tun-csum" }, { "remote", "--tun-remcsum" },
	};
	const char *word = json_string_value(v);

	(void)option;
	for (size_t i = 0; word && i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i][0], word))
			return add(w, err, "%s", table[i][1]);
	return np_err_set(err, EINVAL, "\"%s\" is none", word ? word : "");
}

/* ["sh-port","sh-fallback"] */
static int flags(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	char text[128] = "";
	const json_t *word;
	size_t i, at = 0;

	if (!json_is_array(v))
		return no_kind("an array", err);
	json_array_foreach(v, i, word) {
		const char *s = json_string_value(word);

		if (!s || at + strlen(s) + 2 > sizeof(text))
			return no_kind("words", err);
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", at ? "," : "", s);
	}
	return at ? add_two(w, option, text, err) : 0;
}

/* Each member of an object that has a row, in the order of the rows; others are refused. */
static int members(struct words *w, const struct member *rows, const json_t *object,
		   struct np_err *err)
{
	const struct member *m;
	const json_t *v;
	const char *key;
	int ret = 0;

	if (!json_is_object(object))
		return no_kind("an object", err);
	json_object_foreach((json_t *)(uintptr_t)object, key, v) {
		for (m = rows; m->key && strcmp(m->key, key); m++)
			;
		if (!m->key)
			return np_err_set(err, EINVAL, "there is no \"%s\" in a table", key);
	}
	for (m = rows; !ret && m->key; m++) {
		v = json_object_get(object, m->key);
		ret = v && m->read ? m->read(w, m->option, v, err) : 0;
		if (ret)
			np_err_prefix(err, "%s", m->key);
	}
	return ret;
}

static int persistent(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	static const struct member rows[] = {
		{ "timeout", number, "-p" }, { "netmask", netmask, "-M" }, { NULL, NULL, NULL },
	};

	(void)option;
	return members(w, rows, v, err);
}

static int tunnel(struct words *w, const char *option, const json_t *v, struct np_err *err)
{
	static const struct member rows[] = {
		{ "type", string, "--tun-type" }, { "port", number, "--tun-port" },
		{ "checksum", checksum, NULL },   { NULL, NULL, NULL },
	};

	(void)option;
	return members(w, rows, v, err);
}

/* The address and port that an option wants. */
static int endpoint(struct words *w, const char *option, const json_t *object, struct np_err *err)
{
	const char *address = json_string_value(json_object_get(object, "address"));
	const json_t *port = json_object_get(object, "port");
	int ret = add(w, err, "%s", option);

	if (ret)
		return ret;
	if (!address || (port && !json_is_integer(port)))
		return np_err_set(err, EINVAL, "no address and port");
	if (!port)
		return add(w, err, "%s", address);
	return add(w, err, strchr(address, ':') ? "[%s]:%lld" : "%s:%lld", address,
		   (long long)json_integer_value(port));
}

/* Which service: the words that -A and -a of it share. */
static int service_key(struct words *w, const json_t *object, struct np_err *err)
{
	const char *family = json_string_value(json_object_get(object, "family"));
	const char *protocol = json_string_value(json_object_get(object, "protocol"));
	const json_t *mark = json_object_get(object, "fwmark");
	char option[32];
	int ret;

	if (mark) {
		ret = number(w, "-f", mark, err);
		return ret || !family || strcmp(family, "inet6") ? ret : add(w, err, "-6");
	}
	if (!protocol)
		return np_err_set(err, EINVAL, "neither a protocol nor a fwmark");
	snprintf(option, sizeof(option), "--%.16s-service", protocol);
	return endpoint(w, option, object, err);
}

static const struct member service_rows[] = {
	{ "family", NULL, NULL },   { "fwmark", NULL, NULL },  { "protocol", NULL, NULL },
	{ "address", NULL, NULL },  { "port", NULL, NULL },    { "servers", NULL, NULL },
	{ "stats", NULL, NULL },    { "rate", NULL, NULL },    { "scheduler", string, "-s" },
	{ "sched_flags", flags, "-b" },   { "pe", string, "--pe" },  { "ops", boolean, "-o" },
	{ "persistent", persistent, NULL },                    { NULL, NULL, NULL },
};

static const struct member server_rows[] = {
	{ "address", NULL, NULL },  { "port", NULL, NULL },    { "source", NULL, NULL },
	{ "active", NULL, NULL },   { "inactive", NULL, NULL }, { "persistent_conns", NULL, NULL },
	{ "stats", NULL, NULL },    { "rate", NULL, NULL },    { "forward", forward, NULL },
	{ "tunnel", tunnel, NULL }, { "weight", number, "-w" }, { "u_threshold", number, "-x" },
	{ "l_threshold", number, "-y" },                       { NULL, NULL, NULL },
};

static int take(struct lvs_table *t, const struct words *w, struct np_err *err)
{
	struct lvs_request r;
	int ret = lvs_args(&r, w->argc, w->argv, err);

	return ret ? ret : lvs_plan_take(t, &r, err);
}

static int fullnat(struct words *w, const json_t *server, struct np_err *err)
{
	const char *word = json_string_value(json_object_get(server, "forward"));
	const json_t *source = json_object_get(server, "source");

	if (!word || strcmp(word, "fullnat"))
		return source ? np_err_set(err, EINVAL, "source: only \"fullnat\" has one") : 0;
	if (!source)
		return add(w, err, "--fullnat");
	return json_is_string(source) ? add(w, err, "--fullnat=%s", json_string_value(source)) :
					np_err_set(err, EINVAL, "source: not a string");
}

static int read_server(struct lvs_table *t, const json_t *service, const json_t *server,
		       struct np_err *err)
{
	struct words w = { 0 };
	int ret = add_two(&w, "lvsctl", "-a", err);

	if (!ret)
		ret = service_key(&w, service, err);
	if (!ret)
		ret = endpoint(&w, "-r", server, err);
	if (!ret)
		ret = fullnat(&w, server, err);
	if (!ret)
		ret = members(&w, server_rows, server, err);
	if (!ret)
		ret = take(t, &w, err);
	words_clean(&w);
	return ret;
}

static int read_service(struct lvs_table *t, const json_t *service, struct np_err *err)
{
	const json_t *servers = json_object_get(service, "servers"), *server;
	struct words w = { 0 };
	int ret = add_two(&w, "lvsctl", "-A", err);
	size_t i;

	if (!ret)
		ret = service_key(&w, service, err);
	if (!ret)
		ret = members(&w, service_rows, service, err);
	if (!ret)
		ret = take(t, &w, err);
	words_clean(&w);
	if (!ret && servers && !json_is_array(servers))
		return np_err_set(err, EINVAL, "servers: not an array");
	json_array_foreach(servers, i, server) {
		if (ret)
			break;
		ret = read_server(t, service, server, err);
		if (ret)
			np_err_prefix(err, "servers[%zu]", i);
	}
	return ret;
}

int lvs_plan_read_json(struct lvs_table *t, FILE *fp, const char *name, struct np_err *err)
{
	json_error_t bad;
	json_t *root = json_loadf(fp, JSON_REJECT_DUPLICATES, &bad);
	const json_t *services = json_object_get(root, "services"), *service;
	int ret = 0;
	size_t i;

	if (!root)
		return np_err_set(err, EINVAL, "%s:%d: %s", name, bad.line, bad.text);
	if (!json_is_array(services))
		ret = np_err_set(err, EINVAL, "%s: no array \"services\"", name);
	t->none = !ret && !json_array_size(services);
	json_array_foreach(services, i, service) {
		if (ret)
			break;
		ret = read_service(t, service, err);
		if (ret)
			np_err_prefix(err, "%s: services[%zu]", name, i);
	}
	json_decref(root);
	return ret;
}
