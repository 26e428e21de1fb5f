/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_FORWARD_H
#define LVSCTL_FORWARD_H

#include "lib/lvs.h"

/* How a real server gets its packets: "masq" in JSON, "Masq" in lists. */
const char *lvs_forward_word(const struct np_lvs_dest *d);
const char *lvs_forward_name(const struct np_lvs_dest *d);
/* The model as the manual has it, "NAT"; NULL for one that no command asks for. */
const char *lvs_forward_model(const struct np_lvs_dest *d);
/* The option that makes it so, "-m"; that of FULLNAT is lvs_fullnat_text(). */
const char *lvs_forward_option(const struct np_lvs_dest *d);
/* That of a word, "masq"; NULL for a word that is none. */
const char *lvs_forward_option_of(const char *word);

#endif
