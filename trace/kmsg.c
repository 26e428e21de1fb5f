// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "trace/legacy.h"

/* static_nat's mappings may come yet, and this file has those of single addresses alone. */
struct kmsg_speakers kmsg_speakers(void)
{
	struct kmsg_speakers s = { .legacy = legacy_tables(),
		.nat = !access("/proc/net/static_nat", F_OK) };

	if (s.legacy)
		s.names = s.nat ? "legacy iptables or static_nat" : "legacy iptables";
	else if (s.nat)
		s.names = "static_nat";
	return s;
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
