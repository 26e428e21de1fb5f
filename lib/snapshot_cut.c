// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds one array of a JSON object and its elements in the text, without making
 * anything of them: a tree of a million routes would take gigabytes. What is looked
 * for is where strings and brackets end; jansson judges the pieces, and the rest.
 */
#include <string.h>

#include "lib/snapshot_priv.h"

/* Behind the string that begins at at. */
static size_t skip_string(const char *text, size_t len, size_t at)
{
	for (at++; at < len && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at < len ? at + 1 : len;
}

static size_t skip_blank(const char *text, size_t len, size_t at)
{
	while (at < len && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	return at;
}

/* Behind a value: at the comma or bracket of its own level, or at len. */
static size_t skip_value(const char *text, size_t len, size_t at)
{
	unsigned depth = 0;

	while (at < len) {
		char c = text[at];

		if (c == '"') {
			at = skip_string(text, len, at);
			continue;
		}
		if (!depth && (c == ',' || c == ']' || c == '}'))
			break;
		if (c == '[' || c == '{')
			depth++;
		else if (c == ']' || c == '}')
			depth--;
		at++;
	}
	return at;
}

bool np_snap_find_list(const char *text, size_t len, const char *key, struct np_snap_cut *cut)
{
	size_t at = skip_blank(text, len, 0), end, n = strlen(key);

	if (at == len || text[at] != '{')
		return false;
	while (at < len && text[at] != '}') {
		size_t name = skip_blank(text, len, at + 1);

		if (name == len || text[name] != '"')
			return false;
		end = skip_string(text, len, name);
		at = skip_blank(text, len, end);
		if (at == len || text[at] != ':')
			return false;
		at = skip_blank(text, len, at + 1);
		if (end - name == n + 2 && !memcmp(text + name + 1, key, n) && at < len &&
		    text[at] == '[') {
			end = skip_value(text, len, at);
			while (end > at && text[end - 1] != ']')
				end--; /* blanks before the comma */
			*cut = (struct np_snap_cut){
				.text = text, .at = at + 1, .end = end - 1,
			};
			return end > at + 1 && end < len;
		}
		at = skip_value(text, len, at);
	}
	return false;
}

bool np_snap_next_piece(struct np_snap_cut *cut, const char **piece, size_t *len)
{
	size_t end;

	if (!cut->some && skip_blank(cut->text, cut->end, cut->at) == cut->end)
		return false; /* an empty array */
	if (cut->some && cut->at == cut->end)
		return false;
	cut->at += cut->some; /* the comma */
	cut->some = true;
	cut->at = skip_blank(cut->text, cut->end, cut->at);
	end = skip_value(cut->text, cut->end, cut->at);
	*piece = cut->text + cut->at;
	*len = end - cut->at;
	/* a bracket too many ends the array: the rest is a piece that is no JSON */
	if (end < cut->end && cut->text[end] != ',')
		*len = end - cut->at + 1;
	cut->at = *len > end - cut->at ? cut->end : end;
	return true;
}
