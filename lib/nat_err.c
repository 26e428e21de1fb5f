// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "lib/nat_err.h"

/* What the module means by each errno, where it gives no text of its own. */
static const struct {
	int code;
	const char *text;
} sentences[] = {
	{ EEXIST, "one side of the mapping is mapped already" },
	{ ENOENT, "there is no such mapping" },
	{ ESRCH, "there is no such mapping" },
	{ EPERM, "not permitted: root, or CAP_NET_ADMIN, is needed" },
	{ ENOSPC, "the table is full: the module's limit of mappings is reached" },
	{ ENOMEM, "the kernel has no memory for it" },
	{ EBUSY, "another transaction is under way" },
	{ ENODEV, "there is no such interface" },
	{ EINVAL, "the module finds it invalid" },
};

void np_nat_refusal(struct np_err *err)
{
	static const char mark[] = "\nError: ";
	const char *text = NULL;
	char own[sizeof(err->text)];

	if (!err || !err->refused)
		return;
	text = strstr(err->text, mark);
	if (text) {
		size_t len = strlen(text += sizeof(mark) - 1);

		/* a sentence of ours has no full stop */
		len -= len && text[len - 1] == '.';
		memcpy(own, text, len);
		own[len] = '\0';
		text = own;
	}
	for (size_t i = 0; !text && i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (sentences[i].code == err->code)
			text = sentences[i].text;
	np_err_set(err, err->code, "%s", text ? text : strerror(err->code));
	err->refused = true;
}
