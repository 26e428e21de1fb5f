/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LIVE_DEVICES_H
#define PKTTRACE_LIVE_DEVICES_H

#include <stdio.h>

#include "trace/filter.h"

/* Says which of a filter's interfaces are not there: they may come, or be misspelt. */
void live_say_devices(FILE *say, const struct filter *f);

#endif
