/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_PROTOCOL_H
#define LVSCTL_PROTOCOL_H

#include <stdint.h>

/* "tcp", "TCP" and the option of a service, "-t"; other for a protocol that IPVS does not have. */
const char *lvs_protocol_word(uint8_t protocol, const char *other);
const char *lvs_protocol_name(uint8_t protocol, const char *other);
const char *lvs_protocol_option(uint8_t protocol);
/* The protocol of a word, "tcp"; 0 for one that is none. */
uint8_t lvs_protocol_parse(const char *word);

#endif
