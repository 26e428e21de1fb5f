// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/select.h"

#include <errno.h>

#include "tests/unit/story.h"
#include "tests/unit/unit.h"
#include "trace/when.h"

#define NOW 1781000000000000LL /* 2026-06-09 10:13:20 UTC */

/* One term: 1 it selects the packet, 0 it does not, -1 it is refused. */
static int one(const struct packet *p, enum select_kind kind, const char *word)
{
	struct select s = { 0 };
	struct np_err err = NP_ERR_INIT;

	if (select_add(&s, kind, word, NOW, 1, &err))
		return -1;
	return select_packet(&s, p);
}

static const struct {
	enum select_kind kind;
	const char *word;
	int want;
} kinds[] = {
	{ SELECT_SRC, "192.168.235.13", 1 },
	{ SELECT_SRC, "192.168.235.0/28", 1 },
	{ SELECT_SRC, "192.168.235.8/29", 1 },
	{ SELECT_SRC, "192.168.235.0/29", 0 },
	{ SELECT_SRC, "0.0.0.0/0", 1 },
	{ SELECT_SRC, "::/0", 0 },
	{ SELECT_SRC, "192.168.235.0/33", -1 },
	{ SELECT_SRC, "192.168/16", 1 },
	{ SELECT_SRC, "10/8", 0 },
	{ SELECT_SRC, "192.168.235.0/255.255.255.0", 1 },
	{ SELECT_SRC, "192.168.235.", -1 },
	{ SELECT_SRC, "any", -1 },
	{ SELECT_SRC, "fd00::/129", -1 },
	{ SELECT_SRC, "1.2.3.4/", -1 },
	{ SELECT_DST, "10.43.206.251", 1 }, /* before the rewrite */
	{ SELECT_DST, "10.0.1.0/24", 1 },   /* after it */
	{ SELECT_DST, "10.9.0.0/24", 0 },
	{ SELECT_SPORT, "18130", 1 },
	{ SELECT_SPORT, "1-18129", 0 },
	{ SELECT_SPORT, "70000", -1 },
	{ SELECT_DPORT, "8000:8100", 1 },
	{ SELECT_DPORT, "8100-8000", -1 },
	{ SELECT_DPORT, "http", 0 },
	{ SELECT_DPORT, "http:65535", 1 },
	{ SELECT_DPORT, "ftp-data:65535", 1 },
	{ SELECT_DPORT, "ftp-data", 0 },
	{ SELECT_SPORT, "018130", 1 }, /* a zero says nothing */
	{ SELECT_SPORT, "0x46d2", 1 },
	{ SELECT_DPORT, "no-service", -1 },
	{ SELECT_PROTO, "TCP", 1 },
	{ SELECT_PROTO, "6", 1 },
	{ SELECT_PROTO, "udp", 0 },
	{ SELECT_PROTO, "nonsense", -1 },
	{ SELECT_ID, "57266", 1 },
	{ SELECT_ID, "0xdfb2", 1 },
	{ SELECT_ID, "4294967296", -1 },
	{ SELECT_ID, "12ab", -1 },
	{ SELECT_ID, "-1", -1 },
	{ SELECT_SEQ, "2213090174", 1 },
	{ SELECT_SEQ, "1", 0 },
	{ SELECT_HOST, "ceph4", 1 },
	{ SELECT_HOST, "ceph+", 1 },
	{ SELECT_HOST, "ceph", 0 },
	{ SELECT_HOST, "", -1 },
	{ SELECT_ENDED, "sent", 1 },
	{ SELECT_ENDED, "dropped,vanished", 0 },
	{ SELECT_ENDED, "van,se", 1 },
	{ SELECT_ENDED, "lost", -1 },
	{ SELECT_ENDED, "sent,,", -1 },
	{ SELECT_IN, "enp5s0", 0 },
	{ SELECT_OUT, "enp5s0", 1 },
	{ SELECT_OUT, "enp3s0", 1 },
	{ SELECT_TABLE, "filter", 1 },
	{ SELECT_TABLE, "mangle", 0 },
	{ SELECT_CHAIN, "KUBE-FIREWALL", 1 },
	{ SELECT_MARK, "0", 1 },
	{ SELECT_MARK, "1/0xf00", 1 },
	{ SELECT_MARK, "0x100/0xf00", 0 },
	{ SELECT_MARK, "4294967295", 0 },
	{ SELECT_MARK, "1/", -1 },
	{ SELECT_MARK, "1/2/3", -1 },
	{ SELECT_MARK, "", -1 },
	{ SELECT_SINCE, "May  8 16:30:28", 1 },
	{ SELECT_SINCE, "2026-05-08T16:30:30Z", 0 },
	{ SELECT_UNTIL, "2026-05-08T16:30:30Z", 1 },
	{ SELECT_SINCE, "324781.8", 1 },
	{ SELECT_UNTIL, "[324781.8]", 0 },
	{ SELECT_SINCE, "-10min", 0 },
	{ SELECT_SINCE, "yesterday", -1 },
};

static void test_kinds(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_sent(steps);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		unit_ok(one(&p, kinds[i].kind, kinds[i].word) == kinds[i].want, "kind %d \"%s\": %d",
			kinds[i].kind, kinds[i].word, kinds[i].want);
	p = story_vanished(steps);
	steps[0].ev.set = 0;
	steps[0].ev.hdr.set = 0;
	unit_int(one(&p, SELECT_ID, "28265"), 0, "a field that the line did not say fits nothing");
	unit_int(one(&p, SELECT_SINCE, "2000-01-01"), 0, "nor does a time");
}

static void test_several(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_sent(steps);
	struct select s = { 0 };
	struct np_err err = NP_ERR_INIT;
	int ret = 0;

	unit_ok(select_packet(&s, &p), "nothing asked: all");
	select_add(&s, SELECT_HOST, "ceph3", NOW, 1, &err);
	select_add(&s, SELECT_HOST, "ceph4", NOW, 1, &err);
	unit_ok(select_packet(&s, &p), "either of one kind");
	select_add(&s, SELECT_PROTO, "udp", NOW, 1, &err);
	unit_ok(!select_packet(&s, &p), "each of several kinds");
	while (s.n < SELECT_MAX && !ret)
		ret = select_add(&s, SELECT_ID, "1", NOW, 1, &err);
	unit_int(select_add(&s, SELECT_ID, "1", NOW, 1, &err), -EINVAL, "too many");
	s = (struct select){ 0 };
	select_add(&s, SELECT_ENDED, "sent,vanishd", NOW, 4, &err);
	unit_str(err.text, "unknown state \"vanishd\": did you mean \"vanished\"?", "nearest state");
	unit_int(err.word, 4, "the word to blame");
	select_add(&s, SELECT_ENDED, "nowhere", NOW, 4, &err);
	for (const char *const *word = packet_state_words; *word; word++)
		unit_ok(strstr(err.text, *word) != NULL, "%s", *word);
	select_add(&s, SELECT_DST, "x", NOW, 4, &err);
	unit_str(err.text, "\"x\" is not an address or prefix", "what was wanted");
}

static void test_when(void)
{
	static const struct {
		const char *word;
		bool uptime;
		int64_t us; /* -1: refused */
	} rows[] = {
		{ "2026-05-08T16:30:29Z", false, 1778257829000000 },
		{ "2026-05-08T16:30:29.5Z", false, 1778257829500000 },
		{ "2026-05-08T16:30:29,838361+02:00", false, 1778250629838361 },
		{ "2026-05-08T16:30:29-0130", false, 1778263229000000 },
		{ "2026-05-08 16:30:29", false, 1778257829000000 },
		{ "2026-05-08 16:30", false, 1778257800000000 },
		{ "2026-05-08", false, 1778198400000000 },
		{ "May  8 16:30:29", false, 1778257829000000 },
		{ "may 8", false, 1778198400000000 },
		{ "Dec 31 23:59:59", false, 1767225599000000 }, /* of the year before */
		{ "10:00", false, 1780999200000000 },
		{ "-10min", false, NOW - 600000000 },
		{ "-90s", false, NOW - 90000000 },
		{ "-1d", false, NOW - 86400000000 },
		{ "@1778257829", false, 1778257829000000 },
		{ "324781.838361", true, 324781838361 },
		{ "[    1.5]", true, 1500000 },
		{ "0", true, 0 },
		{ "", false, -1 },
		{ "-", false, -1 },
		{ "-10", false, -1 },
		{ "-10weeks", false, -1 },
		{ "May", false, -1 },
		{ "May 8 25:00", false, -1 },
		{ "2026-13-01", false, -1 },
		{ "2026-02-30", false, -1 },
		{ "2026-02-29T10:00:00", false, -1 },
		{ "Feb 30 10:00:00", false, -1 },
		{ "Apr 31", false, -1 },
		{ "Feb 29", false, 1709164800000000 }, /* of 2024 */
		{ "2026-05-08T", false, -1 },
		{ "2026-05-08T16:30:29+9", false, -1 },
		{ "2026-05-08T16:30:29X", false, -1 },
		{ "12:34x", false, -1 },
		{ "1.5.2", false, -1 },
		{ "[1.5", false, -1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool uptime = false;
		int64_t us = -1;
		int ret = when_parse(rows[i].word, NOW, &uptime, &us);

		if (rows[i].us < 0)
			unit_int(ret, -EINVAL, rows[i].word);
		else
			unit_ok(!ret && us == rows[i].us && uptime == rows[i].uptime, "%s: %lld",
				rows[i].word, (long long)us);
	}
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	test_kinds();
	test_several();
	test_when();
	return unit_done();
}
