/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_FULLNAT_CONNTRACK_H
#define LVSCTL_FULLNAT_CONNTRACK_H

#include "lib/err.h"

/* net.ipv4.vs.conntrack at path: '0' or '1', or -errno. */
int fullnat_conntrack_read(const char *path, struct np_err *err);
/* Sets it. Returns 0 or -errno. */
int fullnat_conntrack_write(const char *path, char value, struct np_err *err);

#endif
