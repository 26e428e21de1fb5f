// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/protocol.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

static const struct row {
	uint8_t protocol;
	const char *word, *name, *option;
} rows[] = {
	{ IPPROTO_TCP, "tcp", "TCP", "-t" },
	{ IPPROTO_UDP, "udp", "UDP", "-u" },
	{ IPPROTO_SCTP, "sctp", "SCTP", "--sctp-service" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *find(uint8_t protocol)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].protocol == protocol)
			return &rows[i];
	return NULL;
}

const char *lvs_protocol_word(uint8_t protocol, const char *other)
{
	const struct row *r = find(protocol);

	return r ? r->word : other;
}

const char *lvs_protocol_name(uint8_t protocol, const char *other)
{
	const struct row *r = find(protocol);

	return r ? r->name : other;
}

const char *lvs_protocol_option(uint8_t protocol)
{
	const struct row *r = find(protocol);

	return r ? r->option : "?";
}

uint8_t lvs_protocol_parse(const char *word)
{
	for (size_t i = 0; i < ROWS; i++)
		if (!strcmp(rows[i].word, word))
			return rows[i].protocol;
	return 0;
}
