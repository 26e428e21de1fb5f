// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/sink.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SINK_BUFFER (1024 * 1024)

struct prt_sink {
	int fd, error;
	uint64_t written;
	char buffer[SINK_BUFFER];
};

/*
 * Less than size says failure here (fopencookie(3)), and the stream throws its buffer away and
 * goes on. So nothing is written after an error: what follows a hole would be taken for whole.
 */
static ssize_t sink_write(void *cookie, const char *buf, size_t size)
{
	struct prt_sink *sink = cookie;
	size_t done = 0;

	while (done < size && !sink->error) {
		ssize_t n = write(sink->fd, buf + done, size - done);

		if (n <= 0)
			sink->error = n ? errno : EIO;
		else
			done += (size_t)n;
	}
	sink->written += done;
	return (ssize_t)done;
}

FILE *prt_sink_open(struct prt_sink **sink, int fd)
{
	static const cookie_io_functions_t io = { .write = sink_write };
	struct prt_sink *s = malloc(sizeof(*s));
	FILE *fp = s ? fopencookie(s, "w", io) : NULL;

	if (!fp) {
		free(s);
		return NULL;
	}
	s->fd = fd;
	s->error = 0;
	s->written = 0;
	setvbuf(fp, s->buffer, _IOFBF, sizeof(s->buffer));
	*sink = s;
	return fp;
}

void prt_sink_free(struct prt_sink *sink)
{
	free(sink);
}

uint64_t prt_sink_written(const struct prt_sink *sink)
{
	return sink->written;
}

int prt_sink_error(const struct prt_sink *sink)
{
	return sink->error;
}
