// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <bsd/string.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "lvsctl/args.h"
#include "lvsctl/endpoint.h"
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

bool lvs_port(const char *word, uint8_t protocol, uint16_t *port)
{
	const char *name = lvs_protocol_word(protocol, NULL);
	struct servent se, *found = NULL;
	char buf[1024];
	int64_t v;

	if (!lvs_number(word, 0, 65535, &v)) {
		*port = (uint16_t)v;
		return true;
	}
	if (!name && protocol != LVS_PROTOCOL_ANY)
		return false;
	if (getservbyname_r(word, name, &se, buf, sizeof(buf), &found) || !found)
		return false;
	*port = ntohs((uint16_t)found->s_port);
	return true;
}

static bool all_digits(const char *word)
{
	return !word[strspn(word, "0123456789")];
}

/* Of a word without a host or a port there is no more to say. */
static int no_endpoint(struct np_err *err)
{
	return np_err_set(err, EINVAL, "ADDRESS[:PORT]");
}

static int no_address6(struct np_err *err)
{
	return np_err_set(err, EINVAL, "IPv6 is ADDRESS or [ADDRESS]:PORT");
}

static int no_host(const char *host, struct np_err *err)
{
	if (!*host)
		return no_endpoint(err);
	return np_err_set(err, EINVAL, "\"%s\" is %s", host, host[strspn(host, "0123456789.")] ?
			  "not the name of a host with an IPv4 address" : "no IPv4 address");
}

static int no_port(const char *port, struct np_err *err)
{
	if (!*port)
		return no_endpoint(err);
	return np_err_set(err, EINVAL, "\"%s\" is %s", port, all_digits(port) ?
			  "no port: 0 to 65535" : "not the name of a port");
}

static void set(struct lvs_endpoint *e, uint8_t af, const void *addr, size_t len)
{
	*e = (struct lvs_endpoint){ .af = af, .bits = (uint8_t)(len * 8) };
	memcpy(e->addr, addr, len);
}

int lvs_endpoint_parse(struct lvs_endpoint *e, const char *word, uint8_t protocol,
		       struct np_err *err)
{
	char copy[LVS_ENDPOINT_WORD], *colon = NULL, *host = copy;
	struct in6_addr v6;
	uint32_t v4;

	if (all_digits(word) || strlcpy(copy, word, sizeof(copy)) >= sizeof(copy))
		return no_endpoint(err);
	if (*host == '[') {
		host++;
		colon = strchr(host, ']');
		if (!colon || colon[1] != ':')
			return no_address6(err);
		*colon++ = '\0';
	}
	if (inet_pton(AF_INET6, host, &v6) > 0) {
		set(e, AF_INET6, &v6, sizeof(v6));
	} else {
		colon = strrchr(host, ':');
		if (colon)
			*colon = '\0';
		if (!lvs_address4(host, &v4))
			return host > copy || strchr(host, ':') ? no_address6(err) :
								  no_host(host, err);
		set(e, AF_INET, &v4, sizeof(v4));
	}
	e->has_port = colon;
	return !colon || lvs_port(colon + 1, protocol, &e->port) ? 0 : no_port(colon + 1, err);
}
