// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli.h"

#include <errno.h>
#include <string.h>

/* Asked of every keyword for every word of a batch: most differ in the first letter. */
bool np_abbrev(const char *word, const char *name)
{
	if (!*word)
		return false;
	while (*word && *word == *name) {
		word++;
		name++;
	}
	return !*word;
}

/*
 * Distance with insertions, deletions, changes and swapped neighbours (optimal
 * string alignment). Words longer than NEAREST_MAX are never near.
 */
#define NEAREST_MAX 31
static unsigned distance(const char *a, size_t la, const char *b, size_t lb)
{
	unsigned rows[3][NEAREST_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2], *t;

	for (size_t j = 0; j <= lb; j++)
		above[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned d = above[j - 1] + (a[i - 1] != b[j - 1]);

			if (above[j] + 1 < d)
				d = above[j] + 1;
			if (row[j - 1] + 1 < d)
				d = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < d)
				d = before[j - 2] + 1;
			row[j] = d;
		}
		t = before;
		before = above;
		above = row;
		row = t;
	}
	return above[lb];
}

void np_nearest_try(struct np_nearest *n, const char *name)
{
	size_t lw = strlen(n->word), ln = strlen(name);
	unsigned d;

	if (!lw || lw > NEAREST_MAX || ln > NEAREST_MAX)
		return;
	d = distance(n->word, lw, name, ln);
	if (d > (lw + 1) / 3) /* a third of the word may be wrong */
		return;
	if (!n->best || d < n->dist) {
		n->best = name;
		n->dist = d;
	}
}

const struct np_cmd *np_cmd_find(const struct np_cmd *cmds, const char *word, int at,
	struct np_err *err)
{
	struct np_nearest near = { .word = word };

	for (const struct np_cmd *c = cmds; c->name; c++) {
		if (!strcmp(c->name, word))
			return c;
	}
	for (const struct np_cmd *c = cmds; c->name; c++) {
		if (np_abbrev(word, c->name))
			return c;
	}
	for (const struct np_cmd *c = cmds; c->name; c++) {
		if (c->help)
			np_nearest_try(&near, c->name);
	}
	if (near.best)
		np_err_word(err, EINVAL, at, "unknown command \"%s\": did you mean \"%s\"?", word,
			near.best);
	else
		np_err_word(err, EINVAL, at, "unknown command \"%s\"", word);
	return NULL;
}

static int unknown(const struct np_opt_iter *it, const char *name, size_t len, struct np_err *err)
{
	char word[NEAREST_MAX + 1];
	struct np_nearest near = { .word = word };
	const char *whole = it->argv[it->at];

	if (len < sizeof(word)) {
		memcpy(word, name, len);
		word[len] = '\0';
		for (const struct np_opt *o = it->opts; o->name; o++)
			np_nearest_try(&near, o->name);
	}
	if (near.best)
		return np_err_word(err, EINVAL, it->at,
			"unknown option \"%s\": did you mean \"--%s\"?", whole, near.best);
	return np_err_word(err, EINVAL, it->at, "unknown option \"%s\"", whole);
}

static const struct np_opt *by_letter(const struct np_opt *opts, char letter)
{
	for (const struct np_opt *o = opts; o->name; o++) {
		if (o->letter == letter)
			return o;
	}
	return NULL;
}

/* NULL and no error: no such name. *other: a second row that fits the beginning too. */
static const struct np_opt *by_name(const struct np_opt *opts, const char *name, size_t len,
	const struct np_opt **other)
{
	const struct np_opt *found = NULL;

	*other = NULL;
	for (const struct np_opt *o = opts; o->name; o++) {
		if (strncmp(o->name, name, len) != 0)
			continue;
		if (!o->name[len]) {
			*other = NULL;
			return o;
		}
		if (!found)
			found = o;
		else if (!*other && o->id != found->id) /* two names of one option are no doubt */
			*other = o;
	}
	return found;
}

/* All of `-jp` must be letters that take no argument (an optional one is left out). */
static bool is_bundle(const struct np_opt *opts, const char *letters)
{
	for (; *letters; letters++) {
		const struct np_opt *o = by_letter(opts, *letters);

		if (!o || (o->arg && o->arg[0] != '['))
			return false;
	}
	return true;
}

static int take_arg(struct np_opt_iter *it, const struct np_opt *o, const char *value,
	const char **arg, struct np_err *err)
{
	const char *word = it->argv[it->at];

	*arg = value;
	if (value && !o->arg)
		return np_err_word(err, EINVAL, it->at, "option \"%.*s\" takes no argument",
			(int)(value - 1 - word), word);
	it->at++;
	if (value || !o->arg || o->arg[0] == '[')
		return 1;
	if (it->at >= it->argc)
		return np_err_word(err, EINVAL, it->at - 1,
			"option \"%s\" wants an argument: %s", word, o->arg);
	*arg = it->argv[it->at++];
	return 1;
}

int np_opt_next(struct np_opt_iter *it, const struct np_opt **opt, const char **arg,
	struct np_err *err)
{
	const struct np_opt *other;
	const char *word, *name, *eq;
	bool twice;
	size_t len;

	*arg = NULL;
	if (it->bundle) {
		*opt = by_letter(it->opts, *it->bundle++);
		if (!*it->bundle) {
			it->bundle = NULL;
			it->at++;
		}
		return 1;
	}
	if (it->ended || it->at >= it->argc)
		return 0;
	word = it->argv[it->at];
	if (word[0] != '-' || (!word[1] && !it->as_ip))
		return 0;
	if (!strcmp(word, "--")) {
		it->ended = true;
		it->at++;
		return 0;
	}
	twice = word[1] == '-';
	name = word + 1 + twice;
	eq = strchr(name, '=');
	len = eq ? (size_t)(eq - name) : strlen(name);
	if (!len && word[1])
		return unknown(it, name, len, err);
	*opt = (!twice || it->as_ip) && len == 1 ? by_letter(it->opts, name[0]) : NULL;
	if (*opt)
		return take_arg(it, *opt, eq ? eq + 1 : NULL, arg, err);
	*opt = by_name(it->opts, name, len, &other);
	if (*opt && other && !it->as_ip)
		return np_err_word(err, EINVAL, it->at,
			"option \"%s\" is short for --%s and --%s", word, (*opt)->name,
			other->name);
	if (*opt)
		return take_arg(it, *opt, eq ? eq + 1 : NULL, arg, err);
	if (twice || eq || !is_bundle(it->opts, name))
		return unknown(it, name, len, err);
	*opt = by_letter(it->opts, name[0]);
	it->bundle = name + 1;
	return 1;
}
