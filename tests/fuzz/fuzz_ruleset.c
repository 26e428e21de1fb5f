// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as an iptables-save dump: read or refused with a reason, never worse. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "trace/ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct np_intern *in = np_intern_new();
	struct ruleset *rs = ruleset_new(in);
	struct np_err err = NP_ERR_INIT;
	const char *filter = np_intern(in, "filter", 6), *chain = np_intern(in, "INPUT", 5);
	int ret = ruleset_read(rs, "fuzz", (const char *)data, size, &err);

	if (ret && !err.text[0])
		abort();
	for (uint32_t i = 0; i < 4; i++) {
		const struct ruleset_rule *r = ruleset_find(rs, AF_INET, filter, chain, i);

		if (r && (!r->text || (r->target && !*r->target && r->target[0])))
			abort();
	}
	ruleset_free(rs);
	np_intern_free(in);
	return 0;
}
