// SPDX-License-Identifier: GPL-2.0-or-later
/* The end of a vanished packet: what should have come, and whom to ask. */
#include <string.h>

#include "trace/explained.h"
#include "trace/show_text.h"

#define ASK_MAX 512
#define COL_ASK 41

/* "mangle:INPUT", "filter:INPUT", "filter:FORWARD": INPUT (mangle or filter) or FORWARD (filter) */
static void put_expected(struct text *t, const struct packet_outcome *o)
{
	const char *chain = NULL;
	bool open = false;

	for (unsigned i = 0; i < o->n_expected; i++) {
		const char *colon = strchr(o->expected[i], ':');
		char table[40];
		size_t len;

		if (!colon) { /* live: a hook, whatever tables it has */
			text_put(t, i ? " or " : "");
			text_styled(t, NP_STYLE_BOLD, o->expected[i]);
			continue;
		}
		len = (size_t)(colon - o->expected[i]);
		if (len >= sizeof(table))
			len = sizeof(table) - 1;
		memcpy(table, o->expected[i], len);
		table[len] = '\0';
		if (chain && !strcmp(chain, colon + 1)) {
			text_put(t, " or ");
			text_put(t, table);
			continue;
		}
		if (open)
			text_put(t, ") or ");
		chain = colon + 1;
		open = true;
		text_styled(t, NP_STYLE_BOLD, chain);
		text_put(t, " (");
		text_put(t, table);
	}
	if (open)
		text_put(t, ")");
}

static void put_drop(struct text *t, const struct packet *p)
{
	if (!p->drop_function || (!*p->drop_reason && !*p->drop_function))
		return;
	text_gap(t, 4);
	text_put(t, "kernel: ");
	text_styled(t, NP_STYLE_BOLD, *p->drop_reason ? p->drop_reason : "dropped");
	if (*p->drop_function) {
		text_put(t, " in ");
		text_put(t, p->drop_function);
	}
	text_end(t);
}

/* How many causes from i on are told apart by one and the same command. */
static unsigned same_ask(const struct packet *p, unsigned i, const char *ask)
{
	char next[ASK_MAX];
	unsigned n = 1;

	while (*ask && i + n < p->outcome.n_causes &&
		packet_ask(p, p->outcome.causes[i + n], next, sizeof(next)) && !strcmp(next, ask))
		n++;
	return n;
}

static void put_same(struct text *t, const struct packet *p, unsigned n)
{
	static const char *const words[] = { "", "", "both", "all three", "all four", "all five" };
	const char *host = packet_first(p)->host;

	text_put(t, "(the same answers for ");
	if (n < sizeof(words) / sizeof(words[0])) {
		text_put(t, words[n]);
	} else {
		text_put(t, "all ");
		text_uint(t, n);
	}
	if (host && *host) {
		text_put(t, ", on ");
		text_put(t, host);
	}
	text_put(t, ")");
}

static void put_causes(struct text *t, const struct packet *p)
{
	const struct packet_outcome *o = &p->outcome;
	char ask[ASK_MAX];
	unsigned n;

	text_put(t, "    It looks, in this order, at");
	text_to(t, COL_ASK, 2);
	text_put(t, "ask");
	text_end(t);
	for (unsigned i = 0; i < o->n_causes; i += n) {
		ask[0] = '\0';
		packet_ask(p, o->causes[i], ask, sizeof(ask));
		n = same_ask(p, i, ask);
		for (unsigned k = 0; k < n; k++) {
			text_put(t, "      ");
			text_put(t, packet_cause_text(o->causes[i + k]));
			if (*ask && k < 2)
				text_to(t, COL_ASK, 2);
			if (k == 0)
				text_styled(t, NP_STYLE_NAME, ask);
			else if (k == 1)
				put_same(t, p, n);
			text_end(t);
		}
	}
}

static void put_proven(struct text *t, const struct packet *p)
{
	char ask[ASK_MAX] = "";

	text_put(t, "    The log itself says what it was: ");
	text_styled(t, NP_STYLE_BAD, packet_cause_text(p->outcome.causes[0]));
	text_end(t);
	if (packet_ask(p, p->outcome.causes[0], ask, sizeof(ask))) {
		text_put(t, "    ask: ");
		text_styled(t, NP_STYLE_NAME, ask);
		text_end(t);
	}
}

/* The routing model knows better than a list of what it may have been. */
static bool answered(const struct packet *p)
{
	const struct packet_explained *x = p->explained;

	return explained_loss(x) || (x && x->decided);
}

/* What can be said of who did it: not more than is seen. */
static const char *who(const struct packet_outcome *o)
{
	if (o->lossy)
		return "No rule's line tells that it was dropped: the kernel did it, between the "
			"hooks, or this line is lost too, as others of this log are.";
	if (!o->inside)
		return "No rule dropped it: the kernel did, between the hooks.";
	return o->n_causes && o->causes[0] == CAUSE_LEGACY ?
		"Rules of legacy iptables are not seen here (pkttrace doctor): one may have "
		"dropped it." :
		"No rule that is seen dropped it: something else in this hook did.";
}

static void put_why(struct text *t, const struct packet *p)
{
	const struct packet_outcome *o = &p->outcome;

	text_gap(t, 2);
	text_on(t, NP_STYLE_BAD);
	text_glyph(t, "✗ ", "x ");
	text_off(t);
	if (answered(p)) {
		show_text_answer(t, p);
		return;
	}
	if (o->n_expected) {
		text_put(t, o->inside ? "expected next: the end of " : "expected next: ");
		put_expected(t, o);
		text_put(t, ". ");
	}
	text_put(t, who(o));
	text_end(t);
	if (p->explained)
		show_text_no_answer(t, p);
	if (o->cause_proven && o->n_causes)
		put_proven(t, p);
	else if (o->n_causes)
		put_causes(t, p);
}

void show_text_unfinished(struct text *t, const struct packet *p)
{
	char ask[ASK_MAX];

	if (!p->outcome.n_causes || p->outcome.causes[0] != CAUSE_FRAGMENTS)
		return;
	text_put(t, "  ");
	text_styled(t, NP_STYLE_WARN, packet_cause_text(CAUSE_FRAGMENTS));
	text_put(t, ". If it is for this host, it waits for the others.");
	text_end(t);
	if (packet_ask(p, CAUSE_FRAGMENTS, ask, sizeof(ask))) {
		text_put(t, "    ask: ");
		text_styled(t, NP_STYLE_NAME, ask);
		text_end(t);
	}
}

void show_text_why(struct text *t, const struct packet *p)
{
	put_why(t, p);
	show_text_lookups(t, p, p->n_steps);
	put_drop(t, p);
}
