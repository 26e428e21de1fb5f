/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_VIA_JSON_H
#define NP_VIA_JSON_H

#include <stdint.h>

#include "lib/json_write.h"

/* A gateway that is of another family than its route, as `ip -j route` has it; host is its text. */
void np_via_json(struct np_json *j, uint8_t family, const char *host);

#endif
