/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_ENDPOINT_H
#define LVSCTL_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

struct lvs_endpoint {
	uint8_t af;       /* AF_UNSPEC: was not said */
	uint8_t addr[16]; /* network order; IPv4 in the first four bytes */
	uint8_t bits;     /* all of the family's; less for ADDRESS/LEN of explain alone */
	bool has_port;
	uint16_t port;    /* host order; 0: was not said */
};

#define LVS_ENDPOINT_WORD 1100 /* the name of a host (NI_MAXHOST) and a port */

/* In place of a protocol: a port's name can be that of any. */
#define LVS_PROTOCOL_ANY 255

/*
 * ADDRESS[:PORT], [ADDRESS6]:PORT or ADDRESS6 as ipvsadm has it: names too, those of ports being
 * of protocol. Returns 0, or -EINVAL with what is wrong with it in err, without the word.
 */
int lvs_endpoint_parse(struct lvs_endpoint *e, const char *word, uint8_t protocol,
		       struct np_err *err);

/* Its parts: inet_aton() or a host's name, in network order; a number or a name of protocol. */
bool lvs_address4(const char *word, uint32_t *addr);
bool lvs_port(const char *word, uint8_t protocol, uint16_t *port);

#endif
