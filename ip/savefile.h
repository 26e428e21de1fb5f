/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_SAVEFILE_H
#define PRT_SAVEFILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/err.h"

/* Files of netlink messages behind a magic number, as iproute2 saves rules and routes. */

/* Writes the magic. */
void savefile_begin(FILE *fp, uint32_t magic);

/* One message, whole: len bytes at msg, its header's length among them. */
typedef int savefile_msg(const void *msg, size_t len, void *arg, struct np_err *err);

/* Takes the magic from the front of the file. Returns 0 or -errno. */
int savefile_check(FILE *fp, uint32_t magic, struct np_err *err);
/* Gives each message behind it to msg until it returns not 0. Returns that, 0 or -errno. */
int savefile_read(FILE *fp, savefile_msg *msg, void *arg, struct np_err *err);

#endif
