// SPDX-License-Identifier: GPL-2.0-or-later
#include "pcapng.h"

#include <string.h>

enum { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6 };
enum { OPT_COMMENT = 1, OPT_USERAPPL = 4, OPT_IF_NAME = 2 };

static void put(FILE *fp, const void *data, size_t len)
{
	(void)fwrite_unlocked(data, 1, len, fp);
}

static void put16(FILE *fp, uint16_t v)
{
	put(fp, &v, sizeof(v));
}

static void put32(FILE *fp, uint32_t v)
{
	put(fp, &v, sizeof(v));
}

static uint32_t padded(size_t len)
{
	return (uint32_t)(len + 3) & ~3u;
}

static void put_padded(FILE *fp, const void *data, size_t len)
{
	put(fp, data, len);
	put(fp, "\0\0\0", padded(len) - len);
}

/* Bytes of the options: one text, and the option that ends them. 0 without a text. */
static uint32_t options_len(size_t len)
{
	return len ? 4 + padded(len) + 4 : 0;
}

static void put_options(FILE *fp, uint16_t code, const char *text, size_t len)
{
	if (!len)
		return;
	put16(fp, code);
	put16(fp, (uint16_t)len);
	put_padded(fp, text, len);
	put32(fp, 0);
}

/* A text is cut at a character's end, so that it stays UTF-8. */
static size_t text_len(const char *text)
{
	size_t len = text ? strnlen(text, NP_PCAPNG_COMMENT_MAX) : 0;

	if (len == NP_PCAPNG_COMMENT_MAX) {
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	return len;
}

void np_pcapng_begin(FILE *fp, const char *app)
{
	size_t len = text_len(app);
	uint32_t total = 28 + options_len(len);

	put32(fp, BLOCK_SECTION);
	put32(fp, total);
	put32(fp, 0x1a2b3c4d); /* tells the byte order */
	put16(fp, 1);
	put16(fp, 0);
	put32(fp, UINT32_MAX); /* the section's length is not told */
	put32(fp, UINT32_MAX);
	put_options(fp, OPT_USERAPPL, app, len);
	put32(fp, total);
}

void np_pcapng_interface(FILE *fp, uint16_t linktype, const char *name)
{
	size_t len = text_len(name);
	uint32_t total = 20 + options_len(len);

	put32(fp, BLOCK_INTERFACE);
	put32(fp, total);
	put16(fp, linktype);
	put16(fp, 0);
	put32(fp, 0); /* no limit to what is captured of a packet */
	put_options(fp, OPT_IF_NAME, name, len);
	put32(fp, total);
}

void np_pcapng_packet(FILE *fp, uint32_t interface, int64_t time_us, const void *data, uint32_t cap,
	uint32_t orig, const char *comment)
{
	size_t len = text_len(comment);
	uint32_t total = 32 + padded(cap) + options_len(len);

	put32(fp, BLOCK_PACKET);
	put32(fp, total);
	put32(fp, interface);
	put32(fp, (uint32_t)((uint64_t)time_us >> 32));
	put32(fp, (uint32_t)time_us);
	put32(fp, cap);
	put32(fp, orig);
	put_padded(fp, data, cap);
	put_options(fp, OPT_COMMENT, comment, len);
	put32(fp, total);
}
