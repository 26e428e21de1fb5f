// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/intern.h"

#include "tests/unit/unit.h"

int main(void)
{
	struct np_intern *in = np_intern_new();
	const char *a = np_intern(in, "KUBE-SERVICES", 13), *first[1000];
	char name[16];
	unsigned same = 0;

	unit_str(a, "KUBE-SERVICES", "a string is kept");
	unit_ok(np_intern(in, "KUBE-SERVICES and more", 13) == a, "equal strings are one pointer");
	unit_ok(np_intern(in, "KUBE-SERVICE", 12) != a, "a shorter one is another");
	unit_str(np_intern(in, "", 0), "", "the empty string is a string");
	for (int i = 0; i < 1000; i++) {
		int n = snprintf(name, sizeof(name), "chain%d", i);

		first[i] = np_intern(in, name, (size_t)n);
	}
	for (int i = 0; i < 1000; i++) {
		int n = snprintf(name, sizeof(name), "chain%d", i);

		same += np_intern(in, name, (size_t)n) == first[i] && !strcmp(first[i], name);
	}
	unit_int(same, 1000, "pointers stay while the set grows");
	np_intern_free(in);
	return unit_done();
}
