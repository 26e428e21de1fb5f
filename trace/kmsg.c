// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "trace/legacy.h"

/* static_nat's mappings may come yet, and this file has those of single addresses alone. */
const char *kmsg_speakers(void)
{
	const bool legacy = legacy_tables() != 0, nat = !access("/proc/net/static_nat", F_OK);

	if (legacy && nat)
		return "legacy iptables or static_nat";
	return legacy ? "legacy iptables" : nat ? "static_nat" : NULL;
}

int kmsg_open(struct kmsg *k, struct np_err *err)
{
	int code;

	k->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->fd >= 0 && lseek(k->fd, 0, SEEK_END) != (off_t)-1)
		return 0;
	code = errno;
	kmsg_close(k);
	return np_err_set(err, code, "/dev/kmsg: %s", strerror(code));
}

void kmsg_close(struct kmsg *k)
{
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
}

int kmsg_next(struct kmsg *k, char *buf, size_t size, size_t *len)
{
	for (;;) {
		ssize_t n = read(k->fd, buf, size);
		const char *end;

		if (n >= 0) {
			end = memchr(buf, '\n', (size_t)n);
			*len = end ? (size_t)(end - buf) : (size_t)n;
			return n > 0;
		}
		k->lost += errno == EPIPE;
		if (errno != EPIPE && errno != EINTR)
			return errno == EAGAIN ? 0 : -errno;
	}
}
