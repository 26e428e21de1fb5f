/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_HOSTNAMES_H
#define LVSCTL_HOSTNAMES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Endpoints as text: numbers, or names from the system's databases (getnameinfo(3),
 * getservbyport(3)), each asked for once.
 */
struct lvs_names;

#define LVS_ENDPOINT_MAX 1100

/* numeric: nothing is looked up. NULL: no memory. */
struct lvs_names *lvs_names_new(bool numeric);
void lvs_names_free(struct lvs_names *n);

/* "192.0.2.1:80", "[2001:db8::1]:https". port in host order; n NULL: numeric. Returns buf. */
const char *lvs_endpoint_text(struct lvs_names *n, uint8_t af, const uint8_t addr[16],
			      uint16_t port, uint8_t protocol, char buf[LVS_ENDPOINT_MAX]);

#endif
