// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many questions. What has been read of the input is asked together, so that a
 * pipe of thousands costs few system calls, and a person at the keyboard still
 * has each answer at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ip/explain_run.h"

#define GROUP 64      /* questions asked together */
#define WORDS_MAX 64
#define BUF_SIZE 65536

struct batch {
	struct explain_run *run;
	struct explain_slot slots[GROUP];
	size_t n;
	bool bad; /* a line was no question */
	int fd;
	char buf[BUF_SIZE];
	size_t have, at;
};

/* One of a slot's two messages was refused. */
static void refused(void *arg, uint32_t tag, const struct np_err *err)
{
	struct batch *b = arg;
	struct explain_slot *s = &b->slots[tag / 2 % GROUP];

	if (tag % 2)
		s->kernel.match_err = err->code;
	else
		s->kernel.err = err->code;
}

static size_t split(char *line, char **argv, size_t max)
{
	size_t n = 0;
	char *save = NULL;

	while (n < max && (argv[n] = strtok_r(n ? NULL : line, " \t\r", &save)))
		n++;
	return n;
}

static int add_line(struct batch *b, const char *line)
{
	struct explain_slot *s = &b->slots[b->n];
	char *argv[WORDS_MAX];
	struct np_args a = { .argv = argv };

	line += strspn(line, " \t\r");
	if (!*line || *line == '#')
		return 0;
	s->line = strdup(line);
	s->words = strdup(line);
	if (!s->line || !s->words)
		return -ENOMEM;
	s->err = (struct np_err)NP_ERR_INIT;
	s->tag = (uint32_t)(b->n * 2);
	a.argc = (int)split(s->words, argv, WORDS_MAX);
	if (explain_parse_slot(b->run, s, &a, &s->err) && !s->err.code)
		s->err.code = EINVAL;
	b->n++;
	return 0;
}

static int ask_all(struct batch *b, struct np_err *err)
{
	const struct np_nl_batch mode = { NP_NL_GO_ON, refused, b };
	struct np_nl *nl = b->run->p->nl;
	/* prt -batch has begun one of its own, and a snapshot needs none */
	bool inside = b->run->p->batch || b->run->snapshot;
	int ret = inside ? 0 : np_nl_batch_begin(nl, &mode, err);

	if (ret)
		return ret;
	b->run->batched = !inside;
	for (size_t i = 0; i < b->n; i++)
		if (!b->slots[i].err.code)
			explain_ask(b->run, &b->slots[i], false, err);
	if (!inside)
		np_nl_batch_end(nl); /* what was refused is in the slots */
	b->run->batched = false;
	return 0;
}

static void say_bad(struct batch *b, struct explain_slot *s)
{
	struct prt *p = b->run->p;

	b->bad = true;
	if (s->err.help)
		np_err_set(&s->err, EINVAL, "\"help\" is no question");
	if (!p->want_json) {
		fprintf(p->show.fp, "%s: error: %s\n", s->line, s->err.text);
		return;
	}
	np_json_init(&p->json_room, p->show.fp, false);
	np_json_open(&p->json_room, NULL, '{');
	np_json_str(&p->json_room, "question", s->line);
	np_json_str(&p->json_room, "error", s->err.text);
	np_json_close(&p->json_room, '}');
	np_json_end(&p->json_room);
}

static int answer_all(struct batch *b, struct np_err *err)
{
	int ret = b->n ? ask_all(b, err) : 0;

	explain_expect(b->run, b->n);
	for (size_t i = 0; i < b->n; i++) {
		struct explain_slot *s = &b->slots[i];

		if (s->err.code)
			say_bad(b, s);
		else if (!ret)
			ret = explain_answer(b->run, s, s->line, err);
		explain_query_clean(&s->query);
		free(s->line);
		free(s->words);
		s->line = s->words = NULL;
	}
	b->n = 0;
	fflush(b->run->p->show.fp);
	return ret;
}

/* More bytes behind those that are left. Returns their number, 0 at the end, or -errno. */
static ssize_t fill(struct batch *b)
{
	ssize_t got;

	memmove(b->buf, b->buf + b->at, b->have - b->at);
	b->have -= b->at;
	b->at = 0;
	if (b->have == sizeof(b->buf) - 1)
		return -EMSGSIZE;
	do {
		got = read(b->fd, b->buf + b->have, sizeof(b->buf) - 1 - b->have);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		b->have += (size_t)got;
	return got < 0 ? -errno : got;
}

/* The lines that are there; the last of the input may lack its newline. */
static int take_lines(struct batch *b, bool last, struct np_err *err)
{
	int ret = 0;

	while (!ret) {
		char *line = b->buf + b->at;
		char *end = memchr(line, '\n', b->have - b->at);

		if (!end && (!last || b->at == b->have))
			break;
		if (!end)
			end = b->buf + b->have;
		*end = '\0';
		b->at = (size_t)(end - b->buf) + (end < b->buf + b->have);
		ret = add_line(b, line);
		if (!ret && b->n == GROUP)
			ret = answer_all(b, err);
	}
	if (!ret)
		ret = answer_all(b, err);
	return ret == -ENOMEM ? np_err_nomem(err) : ret;
}

static int run_batch(struct batch *b, struct np_err *err)
{
	ssize_t got;
	int ret = 0;

	do {
		got = fill(b);
		if (got < 0)
			return np_err_set(err, (int)-got, "reading questions: %s",
					  strerror((int)-got));
		ret = take_lines(b, !got, err);
	} while (got && !ret);
	return ret;
}

int explain_batch(struct explain_run *run, const char *file, struct np_err *err)
{
	bool in = !strcmp(file, "-");
	struct batch *b = calloc(1, sizeof(*b));
	int ret;

	if (!b)
		return np_err_nomem(err);
	b->run = run;
	b->fd = in ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	if (b->fd < 0) {
		ret = np_err_set(err, errno, "cannot open %s: %s", file, strerror(errno));
		free(b);
		return ret;
	}
	for (size_t i = 0; i < GROUP; i++)
		np_fib_kernel_init(&b->slots[i].kernel);
	ret = run_batch(b, err);
	for (size_t i = 0; i < GROUP; i++) {
		np_fib_kernel_clean(&b->slots[i].kernel);
		explain_query_clean(&b->slots[i].query);
		free(b->slots[i].line);
		free(b->slots[i].words);
	}
	if (!in)
		close(b->fd);
	if (!ret && b->bad)
		ret = np_err_set(err, EINVAL, "some lines were no questions");
	free(b);
	return ret;
}
