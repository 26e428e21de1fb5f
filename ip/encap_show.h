/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_ENCAP_SHOW_H
#define PRT_ENCAP_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ip/ctx.h"
#include "lib/route_encap.h"

/*
 * The value of a row as one word or number. False for the kinds that are lists or
 * more than one value (NP_EK_SEG6, NP_EK_FLAGS, …), which each renderer writes.
 */
bool encap_value(const struct prt_show *show, const struct np_encap_row *row,
		 const struct np_encap *e, char *text, size_t size);
/* JSON has the value as a number. */
bool encap_is_number(const struct np_encap_row *row);

const char *encap_name(const struct np_word *names, unsigned id, const char *unknown);
/* "geneve_opts", … */
const char *encap_opts_name(unsigned kind);
/* hex has room for two digits a byte and a NUL. */
const char *encap_hex(const uint8_t *b, size_t len, char *hex);
bool encap_prog_named(const struct np_encap *e, const char *prog);

/* What ERSPAN's version leaves out counts as zero. */
struct encap_erspan {
	uint32_t index;
	uint8_t dir, hwid;
};
struct encap_erspan encap_erspan(const struct np_tun_opt *opt);

#endif
