// SPDX-License-Identifier: GPL-2.0-or-later
#include "intern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* More different names than any ruleset has; past it a log is noise. */
#define INTERN_MAX (1u << 20)

struct entry {
	char *s;
	uint32_t hash, len;
};

struct np_intern {
	struct entry *slots; /* open addressing; a power of two of them */
	uint32_t n_slots, used;
};

struct np_intern *np_intern_new(void)
{
	struct np_intern *in = calloc(1, sizeof(*in));

	if (!in)
		return NULL;
	in->n_slots = 256;
	in->slots = calloc(in->n_slots, sizeof(*in->slots));
	if (!in->slots) {
		free(in);
		return NULL;
	}
	return in;
}

void np_intern_free(struct np_intern *in)
{
	if (!in)
		return;
	for (uint32_t i = 0; i < in->n_slots; i++)
		free(in->slots[i].s);
	free(in->slots);
	free(in);
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint32_t hash_of(const char *s, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

static struct entry *slot_of(struct entry *slots, uint32_t n, uint32_t hash, const char *s,
	size_t len)
{
	uint32_t i = hash & (n - 1);

	while (slots[i].s && !(slots[i].hash == hash && slots[i].len == len &&
			       !memcmp(slots[i].s, s, len)))
		i = (i + 1) & (n - 1);
	return &slots[i];
}

static int grow(struct np_intern *in)
{
	uint32_t n = in->n_slots * 2;
	struct entry *slots = calloc(n, sizeof(*slots));

	if (!slots)
		return -1;
	for (uint32_t i = 0; i < in->n_slots; i++) {
		struct entry *e = &in->slots[i];

		if (e->s)
			*slot_of(slots, n, e->hash, e->s, e->len) = *e;
	}
	free(in->slots);
	in->slots = slots;
	in->n_slots = n;
	return 0;
}

const char *np_intern(struct np_intern *in, const char *s, size_t len)
{
	uint32_t hash = hash_of(s, len);
	struct entry *e = slot_of(in->slots, in->n_slots, hash, s, len);
	char *copy;

	if (e->s)
		return e->s;
	if (in->used == INTERN_MAX || len > UINT32_MAX)
		return NULL;
	if (in->used >= in->n_slots / 2) {
		if (grow(in))
			return NULL;
		e = slot_of(in->slots, in->n_slots, hash, s, len);
	}
	copy = malloc(len + 1);
	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	*e = (struct entry){ .s = copy, .hash = hash, .len = (uint32_t)len };
	in->used++;
	return copy;
}
