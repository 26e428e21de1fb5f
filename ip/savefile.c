// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/savefile.h"

#include <errno.h>

#include "lib/msgs.h"

/* struct nlmsghdr begins with the length of the message, header included. */
#define HEADER 16

void savefile_begin(FILE *fp, uint32_t magic)
{
	(void)!fwrite(&magic, sizeof(magic), 1, fp);
}

static int cut(FILE *fp, struct np_err *err)
{
	if (ferror(fp))
		return np_err_set(err, EIO, "the file cannot be read");
	return np_err_set(err, EINVAL, "the file ends inside a message");
}

int savefile_check(FILE *fp, uint32_t magic, struct np_err *err)
{
	uint32_t first = 0;

	if (fread(&first, sizeof(first), 1, fp) == 1 && first == magic)
		return 0;
	return np_err_set(err, EINVAL, "this is no such save file: it begins with %#x, "
			  "not with %#x", first, magic);
}

int savefile_read(FILE *fp, savefile_msg *msg, void *arg, struct np_err *err)
{
	uint32_t room[NP_MSG_MAX / sizeof(uint32_t)];
	char *buf = (char *)room;
	int ret = 0;

	while (!ret) {
		size_t n = fread(buf, 1, HEADER, fp), rest;
		uint32_t len = room[0];

		if (!n && !ferror(fp))
			return 0;
		if (n != HEADER)
			return cut(fp, err);
		if (len < HEADER || len > NP_MSG_MAX)
			return np_err_set(err, EINVAL, "the file holds a message of %u bytes, "
					  "which none has", len);
		rest = (len + 3) / 4 * 4 - HEADER;
		if (fread(buf + HEADER, 1, rest, fp) != rest)
			return cut(fp, err);
		ret = msg(buf, len, arg, err);
	}
	return ret;
}
