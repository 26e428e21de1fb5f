// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/ifname.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

int np_ifname_copy(char to[NP_IFNAMSIZ], const char *word)
{
	size_t len = strlen(word);

	if (!len || len >= NP_IFNAMSIZ)
		return -EINVAL;
	for (const char *s = word; *s; s++)
		if (*s == '/' || isspace((unsigned char)*s))
			return -EINVAL;
	memset(to, 0, NP_IFNAMSIZ);
	memcpy(to, word, len);
	return 0;
}
