// SPDX-License-Identifier: GPL-2.0-or-later
#include "lognote.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "trace/logcur.h"

static bool take_addr(struct logcur *c, uint8_t addr[16])
{
	char text[INET_ADDRSTRLEN];
	size_t n = 0;

	while (n < logcur_left(c) && ((unsigned char)(c->p[n] - '0') <= 9 || c->p[n] == '.'))
		n++;
	if (n >= sizeof(text))
		return false;
	memcpy(text, c->p, n);
	text[n] = '\0';
	c->p += n;
	return inet_pton(AF_INET, text, addr) == 1;
}

bool lognote_parse(const char *line, const char *end, struct timeline_note *note, const char **at,
	const char **dev, size_t *dev_len)
{
	const char *hit = memmem(line, (size_t)(end - line), "martian ", 8);
	struct logcur c;

	if (!hit)
		return false;
	c = (struct logcur){ hit + 8, end };
	if (!logcur_word(&c, "source ") && !logcur_word(&c, "destination "))
		return false;
	logcur_skip(&c);
	if (!take_addr(&c, note->dst) || !logcur_word(&c, " from ") || !take_addr(&c, note->src) ||
		!logcur_word(&c, ","))
		return false;
	logcur_skip(&c);
	logcur_word(&c, "on ");
	if (!logcur_word(&c, "dev "))
		return false;
	*dev = c.p;
	while (c.p < end && (unsigned char)*c.p > ' ')
		c.p++;
	*dev_len = (size_t)(c.p - *dev);
	if (!*dev_len || *dev_len > 15)
		return false;
	note->family = AF_INET;
	*at = hit - line >= 6 && !memcmp(hit - 6, "IPv4: ", 6) ? hit - 6 : hit;
	return true;
}
