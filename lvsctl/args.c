// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/ip_vs.h>
#include <string.h>

#include "lvsctl/args.h"

#define WORDS_MAX 128
#define BLANKS " \t\r\n"

/* A walk over the words. */
struct walk {
	int argc;
	char *const *argv;
	int at;            /* the next word */
	const char *rest;  /* letters of a bundle still to come, or NULL */
	bool assigned;     /* rest stands behind '=' */
	bool words_only;   /* -- was there */
	const char *words[4];
	size_t n_words;
	const struct lvs_option *typed[LVS_SAID_N]; /* as lvs_args_check() takes it */
};

static const struct lvs_option *by_name(const char *name, size_t len)
{
	for (const struct lvs_option *o = lvs_options; o->name; o++)
		if (!strncmp(o->name, name, len) && !o->name[len])
			return o;
	return NULL;
}

static const struct lvs_option *by_letter(char letter)
{
	for (const struct lvs_option *o = lvs_options; o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

/* The option whose letter comes next in a bundle: 1, or -EINVAL. */
static int take_letter(struct walk *w, const struct lvs_option **o, const char *letter,
		       struct np_err *err)
{
	*o = by_letter(*letter);
	if (!*o)
		return np_err_word(err, EINVAL, w->at - 1, "unknown option -%c", *letter);
	w->rest = letter + 1;
	w->assigned = *w->rest == '=';
	if (w->assigned)
		w->rest++;
	else if (!*w->rest)
		w->rest = NULL;
	return 1;
}

/* An option of the next word or bundle: 1, 0 at the end, -EINVAL. given: its `=VALUE`. */
static int find(struct walk *w, const struct lvs_option **o, const char **given, struct np_err *err)
{
	const char *word, *eq;

	*given = NULL;
	if (w->rest)
		return take_letter(w, o, w->rest, err);
	while (w->at < w->argc) {
		word = w->argv[w->at++];
		if (w->words_only || word[0] != '-' || !word[1]) {
			if (w->n_words < sizeof(w->words) / sizeof(w->words[0]))
				w->words[w->n_words++] = word;
			continue;
		}
		if (word[1] != '-')
			return take_letter(w, o, word + 1, err);
		if (!word[2]) {
			w->words_only = true;
			continue;
		}
		eq = strchr(word, '=');
		*given = eq ? eq + 1 : NULL;
		*o = by_name(word + 2, eq ? (size_t)(eq - word - 2) : strlen(word + 2));
		return *o ? 1 : np_err_word(err, EINVAL, w->at - 1, "unknown option %s", word);
	}
	return 0;
}

/* The option's value. Returns 0 or -EINVAL. */
static int value(struct walk *w, const struct lvs_option *o, const char *given, const char **v,
		 struct np_err *err)
{
	*v = given;
	if (!o->arg || (*o->arg == '=' && !given)) {
		if (given || (w->rest && w->assigned))
			return np_err_word(err, EINVAL, w->at - 1, "option --%s takes no value",
					   o->name);
		return 0;
	}
	if (given && o->kind == LVS_K_SORT && !lvs_word(o->words, given))
		return np_err_word(err, EINVAL, w->at - 1, "there is no column \"%s\" to sort by",
				   given);
	if (given)
		return 0;
	if (w->rest) {
		*v = w->rest;
		w->rest = NULL;
		return 0;
	}
	if (*o->arg == '[' && (w->at >= w->argc || w->argv[w->at][0] == '-'))
		return 0;
	if (w->at >= w->argc)
		return np_err_word(err, EINVAL, w->at - 1, "option --%s needs a value: %s", o->name,
				   o->arg);
	*v = w->argv[w->at++];
	return 0;
}

static int command(struct lvs_request *r, const struct lvs_option *o, const char *v,
		   struct np_err *err)
{
	const struct lvs_word *state;

	r->cmd = (enum lvs_cmd)o->min;
	if (o->kind == LVS_K_COMMAND)
		return 0;
	state = lvs_word(o->words, v);
	if (!state)
		return np_err_set(err, EINVAL, "\"%s\" is neither master nor backup", v);
	r->daemon.state = state->value;
	return 0;
}

static bool is_command(const struct lvs_option *o)
{
	return o->kind == LVS_K_COMMAND || o->kind == LVS_K_STATE;
}

static int option(struct lvs_request *r, const struct lvs_option *o, const char *v,
		  struct np_err *err)
{
	uint64_t bit = UINT64_C(1) << o->said;

	if (is_command(o))
		return np_err_set(err, EINVAL, "--%s: the command is --%s already", o->name,
				  lvs_cmd_name(r->cmd));
	if (r->said & bit && o->said != LVS_SAID_IPV6 && o->said != LVS_SAID_SORT)
		return np_err_set(err, EINVAL, "--%s: it was said already, or another in its place",
				  o->name);
	r->said |= bit;
	return lvs_value(r, o, v, err);
}

/* Words that are no options: the values of --set, and nothing else. */
static int leftover(struct lvs_request *r, const struct walk *w, struct np_err *err)
{
	static const char *const names[] = { "TCP", "TCPFIN", "UDP" };
	uint32_t *to[] = { &r->timeouts.tcp, &r->timeouts.tcpfin, &r->timeouts.udp };
	size_t want = r->cmd == LVS_CMD_SET ? 3 : 0;
	int64_t v;

	if (w->n_words < want)
		return np_err_set(err, EINVAL, "--set needs three timeouts: TCP TCPFIN UDP");
	for (size_t i = 0; i < want; i++) {
		if (lvs_number(w->words[i], 0, 31 * 86400, &v))
			return np_err_set(err, EINVAL, "\"%s\" is no timeout (%s): 0 to 2678400",
					  w->words[i], names[i]);
		*to[i] = (uint32_t)v;
	}
	if (w->n_words > want)
		return np_err_set(err, EINVAL, "unexpected word \"%s\"", w->words[want]);
	return 0;
}

static void defaults(struct lvs_request *r)
{
	*r = (struct lvs_request){ .status = 2 };
	r->dest.weight = 1;
	r->dest.fwd = IP_VS_CONN_F_DROUTE;
	r->svc.netmask = ~0u;
}

static int words(struct lvs_request *r, int argc, char *const *argv, struct np_err *err)
{
	struct walk w = { .argc = argc, .argv = argv, .at = 1 };
	const struct lvs_option *o = NULL;
	const char *given, *v = NULL;
	int ret;

	/* popt's own complaints are 255 in ipvsadm, the rest are 2. */
	ret = find(&w, &o, &given, err);
	if (ret > 0 && !is_command(o))
		ret = np_err_word(err, EINVAL, w.at - 1, "--%s: a command must come first",
				  o->name);
	else if (!ret)
		ret = np_err_set(err, EINVAL, "a command is needed: -h lists them");
	if (ret > 0)
		ret = value(&w, o, given, &v, err);
	if (ret < 0) {
		r->status = 255;
		return ret;
	}
	ret = command(r, o, v, err);
	if (r->cmd == LVS_CMD_HELP || r->cmd == LVS_CMD_VERSION)
		return ret;
	while (!ret) {
		ret = find(&w, &o, &given, err);
		if (!ret)
			break;
		ret = ret > 0 ? value(&w, o, given, &v, err) : ret;
		if (ret < 0) {
			r->status = 255;
			r->goes_on = true;
			return ret;
		}
		w.typed[o->said] = o;
		ret = option(r, o, v, err);
	}
	if (!ret)
		ret = lvs_args_sched_flags(r, err);
	if (!ret)
		ret = leftover(r, &w, err);
	return ret ? ret : lvs_args_check(r, w.typed, err);
}

int lvs_args(struct lvs_request *r, int argc, char *const *argv, struct np_err *err)
{
	defaults(r);
	return words(r, argc, argv, err);
}

bool lvs_is_skipped(const char *word)
{
	return !strcmp(word, "ipvsadm");
}

int lvs_args_line(struct lvs_request *r, const char *prog, char *line, struct np_err *err)
{
	char *argv[WORDS_MAX + 1], *save = NULL, *word;
	int argc = 0;

	defaults(r);
	argv[argc++] = (char *)(uintptr_t)prog;
	for (word = strtok_r(line, BLANKS, &save); word; word = strtok_r(NULL, BLANKS, &save)) {
		if (lvs_is_skipped(word))
			continue;
		if (argc == WORDS_MAX)
			return np_err_set(err, E2BIG, "more than %d words", WORDS_MAX);
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	r->saved = true;
	return argc < 2 ? 1 : words(r, argc, argv, err);
}
