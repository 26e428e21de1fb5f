// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "ip/verbs.h"
#include "ip/batch_words.h"

/* The newest commands: those that are kept back are among them (lib/queue_nl.c). */
#define RECENT 512
#define RECENT_TEXT 160

struct recent {
	uint32_t line;
	char text[RECENT_TEXT]; /* may be cut */
};

struct batch {
	struct prt *p;
	const char *name;
	FILE *fp;
	uint8_t family;        /* that of the options: each line starts with it */
	struct words words;
	bool failed;
	unsigned n;            /* commands so far */
	struct recent recent[RECENT];
};

static void remember(struct batch *b)
{
	struct recent *r = &b->recent[b->n++ % RECENT];
	size_t used = 0;

	r->line = b->words.line;
	r->text[0] = '\0';
	for (int i = 1; i < b->words.argc && used + 1 < sizeof(r->text); i++) {
		size_t len = strlen(b->words.argv[i]);

		if (len > sizeof(r->text) - used - 2)
			len = sizeof(r->text) - used - 2;
		r->text[used++] = ' ';
		memcpy(r->text + used, b->words.argv[i], len);
		used += len;
		r->text[used] = '\0';
	}
}

static void complain(const struct batch *b, uint32_t line, const struct np_err *err)
{
	fflush(b->p->show.fp);
	fprintf(stderr, "prt: %s:", b->name);
	if (line) /* else not one was read */
		fprintf(stderr, "%u:", line);
	fputc(' ', stderr);
	prt_error_text(err->text[0] ? err->text : "the command failed");
}

/* A command of the kernel's failed, this one or one that had been kept back. */
static void refused(void *arg, uint32_t line, const struct np_err *err)
{
	struct batch *b = arg;

	b->failed = true;
	complain(b, line, err);
	for (unsigned i = 0; i < RECENT; i++) {
		if (b->recent[i].line != line)
			continue;
		fputc(' ', stderr);
		prt_error_text(b->recent[i].text);
		break;
	}
}

/* Returns 0 when the batch is to go on. */
static int run_line(struct batch *b)
{
	struct np_err err = NP_ERR_INIT;
	struct np_args a = { b->words.argc, b->words.argv, 1 };
	struct prt *p = b->p;
	int ret;

	remember(b);
	np_nl_tag(p->nl, b->words.line);
	p->show.family = b->family;
	ret = prt_dispatch(p, prt_cmds, &a, &err);
	/* -ECANCELED: the failure was of a line before, and has been told. */
	if (np_nl_stopped(p->nl))
		return -1;
	if (!ret)
		return 0;
	/* Those kept back come before this line, and so do their failures. */
	if (np_nl_flush(p->nl) && np_nl_stopped(p->nl))
		return -1;
	b->failed = true;
	if (ret == -ECANCELED && !*err.text) {
		/* by refused(), in the flush of the command itself */
	} else if (err.word > 0) {
		complain(b, b->words.line, &err);
		np_cli_caret(stderr, b->words.argc, b->words.argv, err.word);
	} else {
		refused(b, b->words.line, &err);
	}
	return p->force ? 0 : -1;
}

static void read_lines(struct batch *b)
{
	struct np_err err = NP_ERR_INIT;
	int ret;

	while ((ret = words_read(&b->words, b->fp, &err)) != 0) {
		if (ret > 0) {
			if (b->words.argc > 1 && run_line(b))
				return;
			continue;
		}
		if (np_nl_flush(b->p->nl) && np_nl_stopped(b->p->nl))
			return;
		complain(b, b->words.line, &err);
		if (ret == -ENODATA) /* the last line asks for one more: ip's status is 0 */
			return;
		b->failed = true;
		if (!b->p->force || ret == -ENOMEM || ret == -EIO)
			return;
	}
}

int prt_batch(struct prt *p, const char *file)
{
	struct batch b = { .p = p, .name = file, .fp = stdin, .family = p->show.family };
	struct np_nl_batch how = { p->force ? NP_NL_GO_ON : NP_NL_STOP, refused, &b };
	struct np_err err = NP_ERR_INIT;

	if (strcmp(file, "-"))
		b.fp = fopen(file, "re");
	if (!b.fp) {
		fprintf(stderr, "prt: cannot open \"%s\": %s\n", file, strerror(errno));
		return 1;
	}
	p->batch = true;
	if (np_nl_batch_begin(p->nl, &how, &err)) {
		prt_error(p, &err, 0, NULL);
		b.failed = true;
	} else {
		read_lines(&b);
		if (np_nl_batch_end(p->nl))
			b.failed = true;
	}
	words_clean(&b.words);
	if (b.fp != stdin)
		fclose(b.fp);
	return b.failed;
}
