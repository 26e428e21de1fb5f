// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <bsd/string.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "lvsctl/args.h"
#include "lvsctl/protocol.h"

bool lvs_address4(const char *word, uint32_t *addr)
{
	struct hostent he, *found = NULL;
	struct in_addr in;
	char buf[8192];
	int herr;

	/* Its short, octal and hexadecimal forms are ipvsadm's too, and what follows a blank. */
	if (inet_aton(word, &in)) {
		*addr = in.s_addr;
		return true;
	}
	/* The first, as ipvsadm has it; getaddrinfo() sorts them by this host's routes. */
	if (!*word || gethostbyname2_r(word, AF_INET, &he, buf, sizeof(buf), &found, &herr) ||
	    !found || !he.h_addr_list[0])
		return false;
	memcpy(addr, he.h_addr_list[0], sizeof(*addr));
	return true;
}

static bool read_port(const char *word, uint8_t protocol, uint16_t *port)
{
	const char *name = lvs_protocol_word(protocol, NULL);
	struct servent se, *found = NULL;
	char buf[1024];
	int64_t v;

	if (!lvs_number(word, 0, 65535, &v)) {
		*port = (uint16_t)v;
		return true;
	}
	if (!name || getservbyname_r(word, name, &se, buf, sizeof(buf), &found) || !found)
		return false;
	*port = ntohs((uint16_t)found->s_port);
	return true;
}

static bool all_digits(const char *word)
{
	return !word[strspn(word, "0123456789")];
}

int lvs_endpoint(const char *word, uint8_t protocol, uint8_t *af, uint8_t addr[16], uint16_t *port)
{
	char host[1100], *colon = NULL, *p = host;
	uint8_t v6[16];
	uint32_t v4;

	if (all_digits(word) || strlcpy(host, word, sizeof(host)) >= sizeof(host))
		return LVS_NO_ENDPOINT;
	if (*p == '[') {
		p++;
		colon = strchr(p, ']');
		if (!colon || colon[1] != ':')
			return LVS_NO_ADDRESS6;
		*colon++ = '\0';
	}
	if (inet_pton(AF_INET6, p, v6) > 0) {
		*af = AF_INET6;
		memcpy(addr, v6, 16);
	} else {
		bool six = *host == '[';

		colon = strrchr(p, ':');
		if (colon)
			*colon = '\0';
		if (!lvs_address4(p, &v4))
			return six || strchr(p, ':') ? LVS_NO_ADDRESS6 : LVS_NO_HOST;
		*af = AF_INET;
		memset(addr, 0, 16);
		memcpy(addr, &v4, 4);
	}
	if (!colon)
		return LVS_HAS_ADDRESS;
	return read_port(colon + 1, protocol, port) ? LVS_HAS_ADDRESS | LVS_HAS_PORT :
							     LVS_NO_PORT;
}
