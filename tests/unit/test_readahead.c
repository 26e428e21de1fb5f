// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/readahead.h"

#include <errno.h>

#include "tests/unit/unit.h"

struct source {
	struct np_trace_event ev;
	uint64_t made, last;
	int end; /* what comes after the last */
};

static int next(void *arg, struct log_item *item)
{
	struct source *s = arg;

	if (s->made == s->last)
		return s->end;
	s->ev.line = ++s->made;
	*item = (struct log_item){ .kind = LOGLINE_TRACE, .ev = &s->ev };
	return 1;
}

/* Takes up to limit items; *ret is what came after them. */
static uint64_t take(struct source *s, uint64_t limit, int *ret)
{
	struct readahead *ra;
	struct log_item item;
	uint64_t got = 0;

	if (!unit_ok(!readahead_start(&ra, next, s), "a thread starts"))
		return 0;
	while (got < limit && (*ret = readahead_next(ra, &item)) == 1) {
		if (item.ev->line != ++got)
			unit_ok(false, "item %llu comes in its order", (unsigned long long)got);
	}
	readahead_stop(ra);
	return got;
}

int main(void)
{
	static const uint64_t counts[] = { 0, 1, 255, 256, 257, 1024, 100000 };
	int ret = 1;

	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct source s = { .last = counts[i], .end = i % 2 ? -EIO : 0 };

		unit_int((long long)take(&s, UINT64_MAX, &ret), (long long)counts[i],
			"every item, in order");
		unit_int(ret, s.end, "then what the reader ended with");
	}
	for (uint64_t limit = 1; limit < 5000; limit *= 7) {
		struct source s = { .last = 1u << 30 };

		unit_int((long long)take(&s, limit, &ret), (long long)limit,
			"a caller may stop before the end");
		unit_ok(s.made < limit + 5 * 1024, "and the thread was not far ahead");
	}
	return unit_done();
}
