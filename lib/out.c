// SPDX-License-Identifier: GPL-2.0-or-later
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *const styles[] = {
	[NP_STYLE_PLAIN] = "",
	[NP_STYLE_BOLD] = "\033[1m",
	[NP_STYLE_DIM] = "\033[2m",
	[NP_STYLE_GOOD] = "\033[32m",
	[NP_STYLE_BAD] = "\033[1;31m",
	[NP_STYLE_WARN] = "\033[33m",
	[NP_STYLE_CHANGE] = "\033[1;36m",
	[NP_STYLE_NAME] = "\033[36m",
};

static bool want_color(bool tty)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return tty && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

void np_out_init(struct np_out *out, FILE *fp, enum np_color_when when)
{
	struct winsize ws;
	bool tty = isatty(fileno(fp));

	*out = (struct np_out){ .fp = fp };
	out->color = when == NP_COLOR_ALWAYS || (when == NP_COLOR_AUTO && want_color(tty));
	out->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (tty && ioctl(fileno(fp), TIOCGWINSZ, &ws) == 0)
		out->width = ws.ws_col;
}

int np_color_parse(const char *word, enum np_color_when *when)
{
	static const struct {
		const char *word;
		enum np_color_when when;
	} rows[] = {
		{ "", NP_COLOR_ALWAYS },
		{ "always", NP_COLOR_ALWAYS },
		{ "auto", NP_COLOR_AUTO },
		{ "never", NP_COLOR_NEVER },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strcmp(word, rows[i].word)) {
			*when = rows[i].when;
			return 0;
		}
	}
	return -EINVAL;
}

const char *np_style_on(const struct np_out *out, enum np_style style)
{
	return out->color ? styles[style] : "";
}

const char *np_style_off(const struct np_out *out)
{
	return out->color ? "\033[0m" : "";
}

const char *np_glyph(const struct np_out *out, const char *wide, const char *ascii)
{
	return out->utf8 ? wide : ascii;
}

int np_out_finish(const struct np_out *out)
{
	if (fflush(out->fp) != 0)
		return errno ? -errno : -EIO;
	return ferror(out->fp) ? -EIO : 0;
}

void np_out_fill_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}
