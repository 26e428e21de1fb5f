// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/ports.h"

#include <arpa/inet.h>
#include <bsd/string.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "lib/args.h"

/* A number or a service's name. */
static int one_port(const char *word, uint16_t *port)
{
	struct servent room, *found = NULL;
	char buf[1024];
	uint64_t n;

	/* decimal, zeros before it or not; hexadecimal behind 0x */
	if (!np_parse_uint(word, strncasecmp(word, "0x", 2) ? 10 : 16, UINT16_MAX, &n)) {
		*port = (uint16_t)n;
		return 0;
	}
	if (getservbyname_r(word, NULL, &room, buf, sizeof(buf), &found) || !found)
		return -EINVAL;
	*port = ntohs((uint16_t)found->s_port);
	return 0;
}

int ports_parse(uint16_t ports[2], const char *word)
{
	char first[32];
	size_t len = strcspn(word, strchr(word, ':') ? ":" : "-"); /* ftp-data:25 */

	if (!one_port(word, &ports[0])) {
		ports[1] = ports[0];
		return 0;
	}
	if (!word[len] || len >= sizeof(first))
		return -EINVAL;
	strlcpy(first, word, len + 1);
	return one_port(first, &ports[0]) || one_port(word + len + 1, &ports[1]) ||
		ports[0] > ports[1] ? -EINVAL : 0;
}
