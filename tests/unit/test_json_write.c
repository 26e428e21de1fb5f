// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/json_write.h"

#include <jansson.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

/* Writes a document held by jansson with our writer. */
static void copy(struct np_json *j, const char *key, json_t *v)
{
	const char *k;
	json_t *e;
	size_t i;

	switch (json_typeof(v)) {
	case JSON_OBJECT:
		np_json_open(j, key, '{');
		json_object_foreach(v, k, e)
			copy(j, k, e);
		np_json_close(j, '}');
		break;
	case JSON_ARRAY:
		np_json_open(j, key, '[');
		json_array_foreach(v, i, e)
			copy(j, NULL, e);
		np_json_close(j, ']');
		break;
	case JSON_STRING:
		np_json_strn(j, key, json_string_value(v), json_string_length(v));
		break;
	case JSON_INTEGER:
		np_json_int(j, key, json_integer_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		np_json_bool(j, key, json_is_true(v));
		break;
	default:
		np_json_null(j, key);
	}
}

static json_t *grow(unsigned *seed, int depth)
{
	static const char *const words[] = { "", "a\"b\\c", "tab\tnl\n\x01\x1f", "→ 192.0.2.1",
		"\x7f", "日本", "eth0" };
	unsigned n = (unsigned)rand_r(seed) % 5;
	json_t *v;

	switch (depth > 4 ? 2 + (unsigned)rand_r(seed) % 4 : (unsigned)rand_r(seed) % 6) {
	case 0:
		v = json_object();
		while (n--)
			json_object_set_new(v, words[(unsigned)rand_r(seed) % 7], grow(seed, depth + 1));
		return v;
	case 1:
		v = json_array();
		while (n--)
			json_array_append_new(v, grow(seed, depth + 1));
		return v;
	case 2:
		return json_string(words[(unsigned)rand_r(seed) % 7]);
	case 3:
		return json_integer((json_int_t)rand_r(seed) * rand_r(seed) - (json_int_t)rand_r(seed) * 5);
	case 4:
		return json_boolean(n & 1);
	default:
		return json_null();
	}
}

static char *written(json_t *doc, bool pretty)
{
	char *text = NULL;
	size_t len;
	FILE *fp = open_memstream(&text, &len);
	struct np_json j;

	np_json_init(&j, fp, pretty);
	copy(&j, NULL, doc);
	fclose(fp);
	return text;
}

static void test_random_documents(void)
{
	unsigned same = 0, reread = 0, seed = 20261125;

	for (int i = 0; i < 2000; i++) {
		json_t *doc = grow(&seed, 0), *again;
		char *want = json_dumps(doc, JSON_COMPACT | JSON_ENCODE_ANY);
		char *got = written(doc, false), *pretty = written(doc, true);

		same += !strcmp(got, want);
		again = json_loads(pretty, JSON_DECODE_ANY, NULL);
		reread += again && json_equal(again, doc);
		json_decref(again);
		json_decref(doc);
		free(want);
		free(got);
		free(pretty);
	}
	unit_int(same, 2000, "compact text of 2000 random documents is jansson's own");
	unit_int(reread, 2000, "pretty text of 2000 random documents reads back equal");
}

static void test_bytes(void)
{
	char *text = NULL;
	size_t len;
	FILE *fp = open_memstream(&text, &len);
	struct np_json j;

	np_json_init(&j, fp, false);
	np_json_open(&j, NULL, '[');
	np_json_strn(&j, NULL, "a\0b", 3);
	np_json_str(&j, NULL, "\xc0\x80 \xed\xa0\x80 \xff");
	np_json_hex(&j, NULL, 0x10);
	np_json_uint(&j, NULL, UINT64_MAX);
	np_json_int(&j, NULL, INT64_MIN);
	np_json_close(&j, ']');
	np_json_end(&j);
	fclose(fp);
	unit_str(text, "[\"a\\u0000b\",\"\xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd "
		"\xef\xbf\xbd\",\"0x10\",18446744073709551615,-9223372036854775808]\n",
		"NUL, bytes that are no UTF-8, and the ends of the integers");
	free(text);
}

int main(void)
{
	test_random_documents();
	test_bytes();
	return unit_done();
}
