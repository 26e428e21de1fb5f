// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/decimal.h"
#include "lvsctl/hostnames.h"
#include "lvsctl/protocol.h"

#define BUCKETS 1024

struct key {
	uint8_t af; /* 0: a port */
	uint8_t protocol;
	uint16_t port;
	uint8_t addr[16];
};

struct entry {
	struct key key;
	struct entry *next;
	char *name; /* NULL: it has none */
};

struct lvs_names {
	bool numeric;
	struct entry *bucket[BUCKETS];
};

struct lvs_names *lvs_names_new(bool numeric)
{
	struct lvs_names *n = calloc(1, sizeof(*n));

	if (n)
		n->numeric = numeric;
	return n;
}

void lvs_names_free(struct lvs_names *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		while (n->bucket[i]) {
			struct entry *e = n->bucket[i];

			n->bucket[i] = e->next;
			free(e->name);
			free(e);
		}
	}
	free(n);
}

static char *host_name(uint8_t af, const uint8_t addr[16])
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	char host[NI_MAXHOST];
	const struct sockaddr *sa = (const void *)&in;
	socklen_t len = sizeof(in);

	memcpy(&in.sin_addr, addr, 4);
	memcpy(&in6.sin6_addr, addr, 16);
	if (af == AF_INET6) {
		sa = (const void *)&in6;
		len = sizeof(in6);
	}
	if (getnameinfo(sa, len, host, sizeof(host), NULL, 0, NI_NAMEREQD))
		return NULL;
	return strdup(host);
}

static char *port_name(uint8_t protocol, uint16_t port)
{
	const char *name = lvs_protocol_word(protocol, NULL);
	struct servent se, *found = NULL;
	char buf[1024];

	if (!name || getservbyport_r(htons(port), name, &se, buf, sizeof(buf), &found) ||
	    !found)
		return NULL;
	return strdup(found->s_name);
}

/* NULL: it has no name, or there is no memory to keep one. */
static const char *look_up(struct lvs_names *n, const struct key *k)
{
	uint32_t h = 2166136261u;
	const uint8_t *b = (const uint8_t *)k;
	struct entry *e;

	for (size_t i = 0; i < sizeof(*k); i++)
		h = (h ^ b[i]) * 16777619u;
	for (e = n->bucket[h % BUCKETS]; e; e = e->next)
		if (!memcmp(&e->key, k, sizeof(*k)))
			return e->name;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->key = *k;
	e->name = k->af ? host_name(k->af, k->addr) : port_name(k->protocol, k->port);
	e->next = n->bucket[h % BUCKETS];
	n->bucket[h % BUCKETS] = e;
	return e->name;
}

static char *put_decimal(char *to, uint32_t v)
{
	char digits[NP_DECIMAL_MAX];
	size_t at = np_decimal(digits, v);

	memcpy(to, digits + at, sizeof(digits) - at);
	return to + sizeof(digits) - at;
}

/* In a list of thousands printf's reading of its format is what takes the time. */
static const char *numbers4(const uint8_t addr[4], uint16_t port, char *buf)
{
	char *to = buf;

	for (int i = 0; i < 4; i++) {
		to = put_decimal(to, addr[i]);
		*to++ = i < 3 ? '.' : ':';
	}
	*put_decimal(to, port) = '\0';
	return buf;
}

const char *lvs_endpoint_text(struct lvs_names *n, uint8_t af, const uint8_t addr[16],
			      uint16_t port, uint8_t protocol, char buf[LVS_ENDPOINT_MAX])
{
	char text[INET6_ADDRSTRLEN] = "?", number[8];
	const char *host = NULL, *service = NULL;
	struct key k;

	if ((!n || n->numeric) && af != AF_INET6)
		return numbers4(addr, port, buf);
	inet_ntop(af, addr, text, sizeof(text));
	snprintf(number, sizeof(number), "%u", port);
	if (n && !n->numeric) {
		memset(&k, 0, sizeof(k));
		k.af = af;
		memcpy(k.addr, addr, af == AF_INET6 ? 16 : 4);
		host = look_up(n, &k);
		memset(&k, 0, sizeof(k));
		k.protocol = protocol;
		k.port = port;
		service = look_up(n, &k);
	}
	snprintf(buf, LVS_ENDPOINT_MAX, af == AF_INET6 ? "[%s]:%s" : "%s:%s", host ? host : text,
		 service ? service : number);
	return buf;
}
