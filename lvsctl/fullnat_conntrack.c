// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/fullnat_conntrack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int fullnat_conntrack_read(const char *path, struct np_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char value = 0;

	if (fd < 0 && errno == ENOENT)
		return np_err_set(err, EOPNOTSUPP, "FULLNAT needs IPVS that knows connection "
				  "tracking (CONFIG_IP_VS_NFCT): there is no %s", path);
	if (fd < 0 || read(fd, &value, 1) != 1) {
		int code = errno;

		if (fd >= 0)
			close(fd);
		return np_err_set(err, code, "cannot read %s: %s", path, strerror(code));
	}
	close(fd);
	return value;
}

int fullnat_conntrack_write(const char *path, char value, struct np_err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int code = 0;

	if (fd < 0 || write(fd, &value, 1) != 1)
		code = errno;
	if (fd >= 0)
		close(fd);
	return code ? np_err_set(err, code, "cannot set %s to %c: %s", path, value,
				 strerror(code)) : 0;
}
