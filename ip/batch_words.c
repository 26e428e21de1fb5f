// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/batch_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/grow.h"

#define BLANK " \t\r\n"

void words_clean(struct words *w)
{
	free(w->text);
	free(w->more);
	free(w->argv);
	*w = (struct words){ 0 };
}

/* One line, its remark apart. Returns its length, 0 at the end, or -errno. */
static ssize_t read_line(struct words *w, char **line, size_t *cap, FILE *fp, struct np_err *err)
{
	ssize_t n = getline(line, cap, fp);
	char *hash;

	if (n < 0)
		return ferror(fp) ? np_err_set(err, EIO, "the file cannot be read: %s",
					       strerror(errno)) : 0;
	w->next++;
	if (memchr(*line, '\0', (size_t)n))
		return np_err_set(err, EINVAL, "there is a NUL byte in this line");
	hash = strchr(*line, '#'); /* a line that has one is not joined with another */
	if (hash) {
		*hash = '\0';
		w->remark = hash + 1;
	}
	return n;
}

static int join(struct words *w, char *at, struct np_err *err)
{
	size_t head = (size_t)(at - w->text), tail = strlen(w->more);

	if (w->text_cap < head + tail + 1) {
		char *grown = realloc(w->text, head + tail + 1);

		if (!grown)
			return np_err_nomem(err);
		w->text = grown;
		w->text_cap = head + tail + 1;
	}
	memcpy(w->text + head, w->more, tail + 1);
	return 0;
}

static int add_word(struct words *w, char *word, struct np_err *err)
{
	char **argv = np_grow(w->argv, (size_t)w->argc, &w->argv_cap, 2, sizeof(*argv));

	if (!argv)
		return np_err_nomem(err);
	w->argv = argv;
	w->argv[w->argc++] = word;
	w->argv[w->argc] = NULL;
	return 0;
}

static int split(struct words *w, struct np_err *err)
{
	static char prt[] = "prt";
	char *at = w->text;
	int ret;

	w->argc = 0;
	ret = add_word(w, prt, err);
	while (!ret) {
		char *end;

		at += strspn(at, BLANK);
		if (!*at)
			return 0;
		if (*at == '"' || *at == '\'') {
			end = strchr(at + 1, *at);
			if (!end)
				return np_err_set(err, EINVAL, "a quote is not closed: %c", *at);
			at++;
		} else {
			end = at + strcspn(at, BLANK);
		}
		ret = add_word(w, at, err);
		if (!*end)
			return ret;
		*end = '\0';
		at = end + 1;
	}
	return ret;
}

int words_read(struct words *w, FILE *fp, struct np_err *err)
{
	size_t from = 0; /* where a join is looked for: the text moves as it grows */
	ssize_t n;
	char *at;
	int ret;

	w->remark = NULL;
	n = read_line(w, &w->text, &w->text_cap, fp, err);
	w->line = w->next;
	if (n <= 0)
		return (int)n;
	while ((at = strstr(w->text + from, "\\\n"))) {
		from = (size_t)(at - w->text);
		n = read_line(w, &w->more, &w->more_cap, fp, err);
		if (!n)
			return np_err_set(err, ENODATA, "the line that this one wants to be "
					  "joined with is missing: it was not run");
		if (n < 0)
			return (int)n;
		ret = join(w, at, err);
		if (ret)
			return ret;
	}
	ret = split(w, err);
	return ret ? ret : 1;
}
