// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/via_json.h"

#include "lib/addr.h"

void np_via_json(struct np_json *j, uint8_t family, const char *host)
{
	np_json_open(j, "via", '{');
	np_json_str(j, "family", np_family_name(family));
	np_json_str(j, "host", host);
	np_json_close(j, '}');
}
