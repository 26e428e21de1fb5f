/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_ENCAP_ARGS_H
#define PRT_ENCAP_ARGS_H

#include "ip/ctx.h"
#include "lib/route_encap.h"

/* Encapsulations whose words are more than rows of one value. 0 or -EINVAL. */
int encap_parse_seg6(struct np_args *a, struct np_encap *e, struct np_err *err);
int encap_parse_rpl(struct np_args *a, struct np_encap *e, struct np_err *err);
int encap_parse_ioam6(struct np_args *a, struct np_encap *e, struct np_err *err);
int encap_parse_srh(struct np_args *a, struct np_encap *e, struct np_err *err);
int encap_parse_flavors(struct np_args *a, struct np_encap *e, struct np_err *err);
/* The word taken last says which kind of options. */
int encap_parse_opts(struct np_args *a, struct np_encap *e, struct np_err *err);

/* -EINVAL: the word taken last is none of names, which are said. */
int encap_bad_name(const struct np_args *a, const struct np_word *names, struct np_err *err);

#endif
