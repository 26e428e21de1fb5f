// SPDX-License-Identifier: GPL-2.0-or-later
/* Members of JSON objects into structs, by rows; what does not fit is named with its place. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "lib/args.h"
#include "lib/snapshot_priv.h"

/* ---- errors ---- */

/* "rules[3]: ", "routes[7].nexthops[1]: ", "" for the document. */
static int place(const struct np_snap_in *in, char *buf, size_t size)
{
	if (!in->list)
		return snprintf(buf, size, "%s", "");
	if (!in->sub)
		return snprintf(buf, size, "%s[%zu]: ", in->list, in->at);
	return snprintf(buf, size, "%s[%zu].%s[%zu]: ", in->list, in->at, in->sub, in->sub_at);
}

int np_snap_bad(const struct np_snap_in *in, const char *key, const char *expected,
		const json_t *v)
{
	char where[96], *text = NULL;
	int ret;

	place(in, where, sizeof(where));
	if (!v)
		return np_err_set(in->err, EINVAL, "%s\"%.64s\" is missing%s%s", where, key,
				  expected ? ": expected " : "", expected ? expected : "");
	if (!json_is_object(v) && !json_is_array(v))
		text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	ret = np_err_set(in->err, EINVAL, "%s\"%.64s\": expected %s, not %.64s", where, key,
			 expected, text ? text : json_is_array(v) ? "[…]" : "{…}");
	free(text);
	return ret;
}

/* ---- values ---- */

static const struct {
	const char *expected;
	uint64_t max; /* of a number */
	int64_t min;
} kinds[NP_SNAP_KINDS] = {
	[NP_SNAP_SKIP] = { NULL, 0, 0 }, /* who reads it knows */
	[NP_SNAP_U8] = { "a number from 0 to 255", UINT8_MAX, 0 },
	[NP_SNAP_U32] = { "a number from 0 to 4294967295", UINT32_MAX, 0 },
	[NP_SNAP_I32] = { "a number of 32 bits", INT32_MAX, INT32_MIN },
	[NP_SNAP_U64] = { "a number of 64 bits, or a string of one", UINT64_MAX, 0 },
	[NP_SNAP_BOOL] = { "true or false", 0, 0 },
	[NP_SNAP_NUL] = { "null", 0, 0 },
	[NP_SNAP_HEX] = { "a number in hex as a string (\"0x…\"), of 32 bits", UINT32_MAX, 0 },
	[NP_SNAP_HEX16] = { "a number in hex as a string (\"0x…\"), of 16 bits", UINT16_MAX, 0 },
	[NP_SNAP_ADDR] = { "an address of the family", 0, 0 },
	[NP_SNAP_PREFIX] = { "a prefix of the family, or \"default\"", 0, 0 },
	[NP_SNAP_LINK] = { "the name of one of \"links\", or an index", INT32_MAX, 0 },
	[NP_SNAP_NAME] = { "a number, or one of the words of \"names\"", 0, 0 },
	[NP_SNAP_NAME8] = { "a number to 255, or one of the words of \"names\"", 0, 0 },
	[NP_SNAP_TYPE] = { "a type of route (\"unicast\", \"blackhole\" …)", 0, 0 },
	[NP_SNAP_FLAGS] = { "a list of flags that are known here, or \"0x…\"", UINT32_MAX, 0 },
	[NP_SNAP_FLAGS8] = { "a list of flags that are known here, or \"0x…\"", UINT8_MAX, 0 },
};

static bool get_number(const json_t *v, int64_t min, uint64_t max, int64_t *n)
{
	if (!json_is_integer(v))
		return false;
	*n = json_integer_value(v);
	return *n >= min && (*n < 0 || (uint64_t)*n <= max);
}

/* As a string, too: JSON's numbers end at 2^63 where they are read with a sign. */
static bool get_u64(const json_t *v, int64_t *n)
{
	const char *s = json_string_value(v);
	uint64_t u;

	if (!s)
		return get_number(v, 0, UINT64_MAX, n);
	if (*s < '0' || *s > '9' || np_parse_uint(s, 10, UINT64_MAX, &u))
		return false;
	*n = (int64_t)u;
	return true;
}

static bool get_hex(const json_t *v, uint64_t max, uint64_t *n)
{
	const char *s = json_string_value(v);

	return s && s[0] != '-' && !np_parse_uint(s, 16, max, n);
}

static bool get_addr(const struct np_snap_in *in, const json_t *v, bool prefix, uint8_t b[16],
		     uint8_t *bits)
{
	const char *s = json_string_value(v);
	struct np_addr addr;

	if (!s || (prefix ? np_prefix_parse(&addr, s, in->family) :
			    np_addr_parse(&addr, s, in->family)))
		return false;
	if ((!prefix && !addr.len) || addr.bits > np_family_bits(in->family))
		return false;
	memset(b, 0, 16);
	memcpy(b, addr.b, np_family_len(in->family));
	if (bits)
		*bits = (uint8_t)addr.bits;
	return true;
}

static bool get_link(const struct np_snap_in *in, const json_t *v, int *ifindex)
{
	const char *s = json_string_value(v);
	char buf[NP_LINK_NAME_MAX];
	uint32_t index;
	int64_t n;

	if (!s) {
		if (!get_number(v, 0, INT32_MAX, &n))
			return false;
		*ifindex = (int)n;
		return true;
	}
	index = np_links_index(in->s->links, s);
	/* "if7" is an index to np_links_index(), but here it is a name or nothing */
	if (!index || strcmp(np_links_name(in->s->links, index, buf), s))
		return false;
	*ifindex = (int)index;
	return true;
}

static bool get_name(const struct np_snap_in *in, const json_t *v, enum np_names_db db,
		     uint32_t *id)
{
	const char *s = json_string_value(v);
	int64_t n;

	if (s)
		return !np_names_parse(in->s->names, db, s, id);
	if (!get_number(v, 0, UINT32_MAX, &n))
		return false;
	*id = (uint32_t)n;
	return true;
}

static bool get_type(const json_t *v, uint8_t *type)
{
	const char *s = json_string_value(v), *word;
	uint64_t n;

	if (!s)
		return false;
	for (size_t i = 0; (word = np_rttype_at(i)); i++)
		if (!strcmp(word, s))
			return !np_rttype_parse(s, type);
	if (np_parse_uint(s, 10, UINT8_MAX, &n) && strcmp(s, "none"))
		return false;
	*type = strcmp(s, "none") ? (uint8_t)n : 0;
	return true;
}

static bool get_flags(const json_t *v, const struct np_flag_row *rows, uint64_t max, uint32_t *to)
{
	const json_t *one;
	uint64_t n;
	size_t i;

	if (!json_is_array(v))
		return false;
	*to = 0;
	json_array_foreach(v, i, one) {
		const char *s = json_string_value(one);
		const struct np_flag_row *row = rows;

		while (s && row->word && strcmp(row->word, s))
			row++;
		if (!s || (!row->word && !get_hex(one, max, &n)))
			return false;
		*to |= row->word ? row->bit : (uint32_t)n;
	}
	return *to <= max;
}

/* Stores a number in as many bytes as the kind has. */
static void store(uint8_t kind, void *at, int64_t n)
{
	switch (kind) {
	case NP_SNAP_U8:
	case NP_SNAP_NAME8:
	case NP_SNAP_FLAGS8:
		*(uint8_t *)at = (uint8_t)n;
		break;
	case NP_SNAP_HEX16:
		*(uint16_t *)at = (uint16_t)n;
		break;
	case NP_SNAP_U64:
		*(uint64_t *)at = (uint64_t)n;
		break;
	case NP_SNAP_I32:
		*(int32_t *)at = (int32_t)n;
		break;
	default:
		*(uint32_t *)at = (uint32_t)n;
		break;
	}
}

static bool get(const struct np_snap_in *in, const struct np_snap_row *row, const json_t *v,
		void *to)
{
	uint64_t max = row->max ? row->max : kinds[row->kind].max, u = 0;
	void *at = to ? (char *)to + row->offset : NULL; /* nothing but NP_SNAP_SKIP then */
	uint32_t id = 0;
	int64_t n = 0;
	bool ok;

	switch (row->kind) {
	case NP_SNAP_SKIP:
		return true;
	case NP_SNAP_BOOL:
		*(bool *)at = json_is_true(v);
		return json_is_boolean(v);
	case NP_SNAP_NUL:
		*(bool *)at = true;
		return json_is_null(v);
	case NP_SNAP_HEX:
	case NP_SNAP_HEX16:
		ok = get_hex(v, max, &u);
		n = (int64_t)u;
		break;
	case NP_SNAP_U64:
		ok = get_u64(v, &n);
		break;
	case NP_SNAP_ADDR:
		return get_addr(in, v, false, at, NULL);
	case NP_SNAP_PREFIX:
		return get_addr(in, v, true, at, (uint8_t *)to + row->offset2);
	case NP_SNAP_LINK:
		return get_link(in, v, at);
	case NP_SNAP_TYPE:
		return get_type(v, at);
	case NP_SNAP_NAME:
	case NP_SNAP_NAME8:
		ok = get_name(in, v, row->max, &id) &&
		     (row->kind == NP_SNAP_NAME || id <= UINT8_MAX);
		n = id;
		break;
	case NP_SNAP_FLAGS:
	case NP_SNAP_FLAGS8:
		ok = get_flags(v, row->flags, kinds[row->kind].max, &id);
		n = id;
		break;
	default:
		ok = get_number(v, kinds[row->kind].min, max, &n);
		break;
	}
	if (ok)
		store(row->kind, at, n);
	return ok;
}

int np_snap_value(struct np_snap_in *in, const struct np_snap_row *row, const json_t *v, void *to)
{
	return get(in, row, v, to) ? 0 : np_snap_bad(in, row->key, kinds[row->kind].expected, v);
}

/* ---- objects and arrays ---- */

int np_snap_object(struct np_snap_in *in, const char *key, const json_t *v,
		   const struct np_snap_row *rows, void *to)
{
	const struct np_snap_row *row;
	char where[96];
	const char *name;
	json_t *member;
	int ret;

	if (!json_is_object(v) && key)
		return np_snap_bad(in, key, "an object", v);
	place(in, where, sizeof(where));
	if (!json_is_object(v))
		return np_err_set(in->err, EINVAL, "%san object is expected", where);
	json_object_foreach((json_t *)(uintptr_t)v, name, member) {
		for (row = rows; row->key && strcmp(row->key, name); row++)
			;
		if (!row->key)
			return np_err_set(in->err, EINVAL, "%s\"%.64s\" is not known here", where,
					  name);
		ret = np_snap_value(in, row, member, to);
		if (ret)
			return ret;
	}
	for (row = rows; row->key; row++)
		if (row->needed && !json_object_get(v, row->key))
			return np_snap_bad(in, row->key, kinds[row->kind].expected, NULL);
	return 0;
}

int np_snap_string(const struct np_snap_in *in, const json_t *object, const char *key,
		   char *buf, size_t size)
{
	const json_t *v = json_object_get(object, key);
	const char *s = json_string_value(v);

	if (!s || strlen(s) >= size)
		return np_snap_bad(in, key, s ? "a shorter string" : "a string", v);
	memcpy(buf, s, strlen(s) + 1);
	return 0;
}

int np_snap_family(struct np_snap_in *in, const json_t *object)
{
	const json_t *v = json_object_get(object, "family");
	const char *s = json_string_value(v);
	int family = s ? np_family_parse(s) : -EINVAL;

	if (!json_is_object(object)) {
		char where[96];

		place(in, where, sizeof(where));
		return np_err_set(in->err, EINVAL, "%san object is expected", where);
	}
	if (family != AF_INET && family != AF_INET6)
		return np_snap_bad(in, "family", "\"inet\" or \"inet6\"", v);
	in->family = (uint8_t)family;
	return 0;
}

int np_snap_each(struct np_snap_in *in, const json_t *root, const char *list,
		 int (*one)(struct np_snap_in *in, const json_t *v))
{
	const json_t *array = json_object_get(root, list), *v;
	int ret = 0;

	if (!json_is_array(array))
		return np_snap_bad(in, list, "an array", array);
	in->list = list;
	in->sub = NULL;
	for (in->at = 0; !ret && in->at < json_array_size(array); in->at++) {
		v = json_array_get(array, in->at);
		ret = one(in, v);
		if (ret)
			break;
	}
	in->list = NULL;
	if (ret == -ENOMEM && !in->err->text[0])
		return np_err_nomem(in->err);
	return ret;
}
