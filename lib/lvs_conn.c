// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "lib/lvs_conn.h"

static const struct {
	const char *word;
	uint8_t protocol;
} protocols[] = {
	{ "TCP", IPPROTO_TCP }, { "UDP", IPPROTO_UDP }, { "SCTP", IPPROTO_SCTP },
	{ "IP", IPPROTO_IP },
};

/* Eight hexadecimal digits are IPv4's, in host order; with colons it is IPv6. */
static bool read_address(const char *word, uint8_t *af, uint8_t addr[16])
{
	unsigned v;
	int len = 0;

	*af = AF_INET6;
	if (strchr(word, ':'))
		return inet_pton(AF_INET6, word, addr) == 1;
	*af = AF_INET;
	if (sscanf(word, "%8x%n", &v, &len) != 1 || len != 8 || word[len])
		return false;
	for (int i = 0; i < 4; i++)
		addr[i] = (uint8_t)(v >> (24 - 8 * i));
	return true;
}

bool np_lvs_conn_parse(struct np_lvs_conn *c, const char *line)
{
	char protocol[8], src[40], dst[40], rs[40];
	unsigned sport, dport, rport, expires;
	uint8_t af;
	size_t i;

	*c = (struct np_lvs_conn){ 0 };
	if (sscanf(line, "%7s %39s %4x %39s %4x %39s %4x %15s %9u %15s %255s", protocol, src,
		   &sport, dst, &dport, rs, &rport, c->state, &expires, c->pe, c->pe_data) < 9)
		return false;
	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (!strcmp(protocols[i].word, protocol))
			break;
	if (i == sizeof(protocols) / sizeof(protocols[0]))
		return false;
	c->protocol = protocols[i].protocol;
	c->sport = (uint16_t)sport;
	c->dport = (uint16_t)dport;
	c->rport = (uint16_t)rport;
	c->expires = expires;
	return read_address(src, &c->af, c->src) && read_address(dst, &af, c->dst) &&
		af == c->af && read_address(rs, &c->rs_af, c->rs);
}
