// SPDX-License-Identifier: GPL-2.0-or-later
/* The language of /proc/net/static_nat, which the module reads: kmod/parse.c in user space. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

#include "kmod/parse.h"
#include "tests/unit/unit.h"

#define TEXT_MAX 4096

/* What was taken, a line each, as it would be written. */
struct taken {
	char text[TEXT_MAX];
	size_t len;
	int refuse; /* what the taker answers to line refuse_at */
	unsigned refuse_at;
	unsigned n;
};

static int take_line(void *arg, const struct sn_line *line)
{
	struct taken *t = arg;
	char from[INET_ADDRSTRLEN], to[INET_ADDRSTRLEN];

	if (++t->n == t->refuse_at)
		return t->refuse;
	inet_ntop(AF_INET, &line->from, from, sizeof(from));
	inet_ntop(AF_INET, &line->to, to, sizeof(to));
	t->len += (size_t)snprintf(t->text + t->len, sizeof(t->text) - t->len, "%c%s %s %s\n",
				   line->add ? '+' : '-', from, to, line->src ? "src" : "dst");
	return 0;
}

/* Lines that are right: they come out as they went in. */
static void test_right(void)
{
	static const char *const rows[] = {
		"+1.2.1.2 192.168.1.8 dst", "-192.168.184.250 192.168.184.154 src",
		"+0.0.0.1 255.255.255.255 src", "-255.255.255.255 0.0.0.1 dst",
		"+255.255.255.255 254.255.255.255 dst", "+10.0.100.9 99.199.249.0 src",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct taken t = { .len = 0 };
		struct sn_lines s = { .len = 0 };
		int err = sn_lines_feed(&s, rows[i], strlen(rows[i]), take_line, &t);

		unit_int(err, 0, rows[i]);
		unit_int(t.n, 0, "not before its newline");
		unit_int(sn_lines_feed(&s, "\n", 1, take_line, &t), 0, "newline");
		t.text[t.len ? t.len - 1 : 0] = '\0';
		unit_str(t.text, rows[i], rows[i]);
	}
}

/* The answer to a line, and to each part of it that may be the end of a long write. */
static void test_wrong(void)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{ "", -EAGAIN }, { "+", -EAGAIN }, { "-", -EAGAIN }, { "*", -EINVAL },
		{ " +1.2.3.4 5.6.7.8 dst", -EINVAL }, { "++1.2.3.4 5.6.7.8 dst", -EINVAL },
		{ "+ 1.2.3.4 5.6.7.8 dst", -EINVAL }, { "+1", -EAGAIN }, { "+1.", -EAGAIN },
		{ "+1..", -EINVAL }, { "+1.2.3.4", -EAGAIN }, { "+1.2.3.4 ", -EAGAIN },
		{ "+1.2.3.4  ", -EINVAL }, { "+1.2.3 ", -EINVAL }, { "+1.2.3.4.", -EINVAL },
		{ "+256", -EINVAL }, { "+25", -EAGAIN }, { "+2555", -EINVAL }, { "+0", -EAGAIN },
		{ "+00", -EINVAL }, { "+01", -EINVAL }, { "+1.2.3.00", -EINVAL },
		{ "+1.2.3.4\t", -EINVAL }, { "+1.2.3.4 5.6.7.8", -EAGAIN },
		{ "+1.2.3.4 5.6.7.8 ", -EAGAIN }, { "+1.2.3.4 5.6.7.8 d", -EAGAIN },
		{ "+1.2.3.4 5.6.7.8 sr", -EAGAIN }, { "+1.2.3.4 5.6.7.8 x", -EINVAL },
		{ "+1.2.3.4 5.6.7.8 dx", -EINVAL }, { "+1.2.3.4 5.6.7.8 DST", -EINVAL },
		{ "+1.2.3.4 5.6.7.8 dst ", -EINVAL }, { "+1.2.3.4 5.6.7.8 dstx", -EINVAL },
		{ "+1.2.3.4 5.6.7.8 srcdst", -EINVAL }, { "+0.0.0.0 5.6.7.8 dst", -EINVAL },
		{ "+1.2.3.4 0.0.0.0 dst", -EINVAL }, { "+1.2.3.4 1.2.3.4 src", -EINVAL },
		{ "-1.2.3.4 1.2.3.4 src", -EINVAL }, { "+1.2.3.4294967300 ", -EINVAL },
		{ "+1.2.3.99999999999999999999", -EINVAL },
		{ "+127.0.0.1 5.6.7.8 dst", -EINVAL }, { "+5.6.7.8 127.255.0.1 src", -EINVAL },
		{ "+224.0.0.1 5.6.7.8 dst", -EINVAL }, { "+5.6.7.8 239.1.1.1 dst", -EINVAL },
		{ "-127.0.0.1 224.0.0.1 dst", 0 }, { "+126.0.0.1 128.0.0.1 dst", 0 },
		{ "+223.0.0.1 240.0.0.1 dst", 0 },
	};
	struct sn_line line;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = rows[i].text;

		unit_int(sn_parse_line(text, strlen(text), &line), rows[i].want, text);
	}
	unit_int(sn_parse_line("+1.2.3.4 5.6.7.8 dst\0", 21, &line), -EINVAL, "a byte of zero");
}

#define THREE "+1.1.1.1 2.2.2.2 dst\n-3.3.3.3 4.4.4.4 src\n+255.255.255.255 255.255.255.254 dst\n"

/* Pieces of any size are the same lines. */
static void test_pieces(void)
{
	size_t len = strlen(THREE);

	for (size_t cut = 0; cut <= len; cut++) {
		struct taken t = { .len = 0 };
		struct sn_lines s = { .len = 0 };
		int err = sn_lines_feed(&s, THREE, cut, take_line, &t);

		err = err ? err : sn_lines_pause(&s, take_line, &t);
		err = err ? err : sn_lines_feed(&s, &THREE[cut], len - cut, take_line, &t);
		if (err || strcmp(t.text, THREE) != 0 || s.len)
			unit_ok(false, "cut at %zu: %d, %s", cut, err, t.text);
	}
	unit_ok(true, "cut anywhere");
}

static void test_ends(void)
{
	struct taken t = { .len = 0 };
	struct sn_lines s = { .len = 0 };

	unit_int(sn_lines_feed(&s, "+1.1.1.1 2.2.2.2 d", 18, take_line, &t), 0, "a beginning");
	unit_int(sn_lines_end(&s, take_line, &t), -EINVAL, "is no line");
	unit_int(s.len, 0, "and nothing is left of it");
	unit_int(sn_lines_feed(&s, "garbage", 7, take_line, &t), 0, "garbage");
	unit_int(sn_lines_pause(&s, take_line, &t), -EINVAL, "is no beginning of a line");
	unit_int(sn_lines_feed(&s, "\n", 1, take_line, &t), -EINVAL, "an empty line");
	unit_int(t.n, 0, "nothing taken");
	unit_int(sn_lines_feed(&s, THREE, 20, take_line, &t), 0, "no newline");
	unit_int(sn_lines_pause(&s, take_line, &t), 0, "taken");
	unit_int(sn_lines_feed(&s, "\n\n", 2, take_line, &t), -EINVAL, "one newline, not two");
	unit_int(t.n, 1, "one");
	unit_int(sn_lines_feed(&s, "+255.255.255.255 255.255.255.254 dstx", 37, take_line, &t),
		 -EINVAL, "longer than a line can be");
	t = (struct taken) { .refuse = -EEXIST, .refuse_at = 2 };
	s = (struct sn_lines) { .len = 0 };
	unit_int(sn_lines_feed(&s, THREE, strlen(THREE), take_line, &t), -EEXIST, "refused");
	unit_int(t.n, 2, "and no further");
}

int main(void)
{
	test_right();
	test_wrong();
	test_pieces();
	test_ends();
	return unit_done();
}
