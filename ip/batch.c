// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ip/verbs.h"
#include "ip/batch_words.h"

struct batch {
	struct prt *p;
	const char *name;
	FILE *fp;
	uint8_t family;        /* that of the options: each line starts with it */
	struct words words;
	bool failed;
};

static void complain(const struct batch *b, uint32_t line, const struct np_err *err)
{
	fflush(b->p->show.fp);
	fprintf(stderr, "prt: %s:%u: %s\n", b->name, line, err->text);
}

/* A command that had been kept back failed. */
static void late_failure(void *arg, uint32_t line, const struct np_err *err)
{
	struct batch *b = arg;

	b->failed = true;
	complain(b, line, err);
}

/* Returns 0 when the batch is to go on. */
static int run_line(struct batch *b)
{
	struct np_err err = NP_ERR_INIT;
	struct np_args a = { b->words.argc, b->words.argv, 1 };
	struct prt *p = b->p;
	int ret;

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
	if (err.text[0])
		complain(b, b->words.line, &err);
	else
		fprintf(stderr, "prt: %s:%u: the command failed\n", b->name, b->words.line);
	np_cli_caret(stderr, b->words.argc, b->words.argv, err.word);
	return p->force ? 0 : -1;
}

static int read_lines(struct batch *b)
{
	struct np_err err = NP_ERR_INIT;
	int ret;

	while ((ret = words_read(&b->words, b->fp, &err)) != 0) {
		if (ret > 0) {
			if (b->words.argc > 1 && run_line(b))
				return 0;
			continue;
		}
		if (np_nl_flush(b->p->nl) && np_nl_stopped(b->p->nl))
			return 0;
		complain(b, b->words.line, &err);
		if (ret == -ENODATA) /* the last line asks for one more: ip's status is 0 */
			return 0;
		b->failed = true;
		if (!b->p->force || ret == -ENOMEM)
			return 0;
	}
	return 0;
}

int prt_batch(struct prt *p, const char *file)
{
	struct batch b = { .p = p, .name = file, .fp = stdin, .family = p->show.family };
	struct np_nl_batch how = { p->force ? NP_NL_GO_ON : NP_NL_STOP, late_failure, &b };
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
