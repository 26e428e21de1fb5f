// SPDX-License-Identifier: GPL-2.0-or-later
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <bsd/string.h>

static int verr(struct np_err *err, int code, int word, const char *fmt, va_list ap)
	__attribute__((format(printf, 4, 0)));

static int verr(struct np_err *err, int code, int word, const char *fmt, va_list ap)
{
	if (err) {
		err->code = code;
		err->word = word;
		err->refused = false;
		err->help = false;
		(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	}
	return -code;
}

int np_err_set(struct np_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verr(err, code, -1, fmt, ap);
	va_end(ap);
	return -code;
}

int np_err_word(struct np_err *err, int code, int word, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verr(err, code, word, fmt, ap);
	va_end(ap);
	return -code;
}

int np_err_help(struct np_err *err)
{
	np_err_set(err, EINVAL, "%s", "");
	if (err)
		err->help = true;
	return -EINVAL;
}

int np_err_nomem(struct np_err *err)
{
	return np_err_set(err, ENOMEM, "out of memory");
}

void np_err_prefix(struct np_err *err, const char *fmt, ...)
{
	char whole[NP_ERR_TEXT];
	va_list ap;
	int n;

	if (!err)
		return;
	va_start(ap, fmt);
	n = vsnprintf(whole, sizeof(whole), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	(void)strlcat(whole, ": ", sizeof(whole));
	(void)strlcat(whole, err->text, sizeof(whole));
	(void)strlcpy(err->text, whole, sizeof(err->text));
}
