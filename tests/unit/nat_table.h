/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NAT_TABLE_H
#define NAT_TABLE_H

/* A module of our own behind a socket of our own, and mappings for it. */
#include <arpa/inet.h>

#include "lib/nat_nl.h"
#include "tests/unit/nat_module.h"

static struct module mod;
static struct mock mock;
static struct np_nat *nat;

static void start(void)
{
	mod = (struct module){ 0 };
	mock = (struct mock){ .handle = module_handle, .arg = &mod };
	np_nat_open_nl(&nat, mock_open(&mock), MODULE_FAMILY, MODULE_GROUP, NULL);
}

static void stop(void)
{
	mock_clear(&mock);
	np_nat_free(nat);
}

__attribute__((unused)) static struct np_nat_mapping map4(unsigned kind, uint32_t from, uint32_t to)
{
	struct np_nat_mapping m = { .family = AF_INET, .kind = (uint8_t)kind, .bits = 32 };

	from = htonl(from);
	to = htonl(to);
	memcpy(m.from, &from, 4);
	memcpy(m.to, &to, 4);
	return m;
}

#define A 0xcb007100u /* 203.0.113.0 */
#define B 0x0a000000u /* 10.0.0.0 */

#endif
