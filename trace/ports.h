/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_PORTS_H
#define PKTTRACE_PORTS_H

#include <stdint.h>

/*
 * The first and the last of some ports: "80", a service's name, "80:90" as iptables has it,
 * "80-90" as nft does. Returns 0 or -EINVAL.
 */
int ports_parse(uint16_t ports[2], const char *word);

#endif
