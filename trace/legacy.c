// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/legacy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/spawn.h"

#define AGE_US 1000000
#define COST 20
#define TEXT_MAX (256u << 20)

/* iptables-save is the legacy one where nf_tables' came later; its header says which it is. */
static const char *const programs[2][4] = {
	{ "iptables-legacy-save", "/usr/sbin/iptables-legacy-save", "iptables-save",
		"/usr/sbin/iptables-save" },
	{ "ip6tables-legacy-save", "/usr/sbin/ip6tables-legacy-save", "ip6tables-save",
		"/usr/sbin/ip6tables-save" },
};

uint8_t legacy_tables(void)
{
	static const char *const files[2] = { "/proc/net/ip_tables_names",
		"/proc/net/ip6_tables_names" };
	uint8_t families = 0;

	for (unsigned i = 0; i < 2; i++) {
		int fd = open(files[i], O_RDONLY | O_CLOEXEC);
		char c;

		if (fd < 0)
			continue;
		if (read(fd, &c, 1) == 1)
			families |= (uint8_t)(LEGACY_V4 << i);
		close(fd);
	}
	return families;
}

bool legacy_is_old(const struct legacy *l, int64_t now_us)
{
	int64_t age = l->cost_us * COST > AGE_US ? l->cost_us * COST : AGE_US;

	return !l->read_us || now_us - l->read_us > age;
}

static bool is_legacy(const char *text)
{
	const char *end = strchr(text, '\n');
	const char *nft = strstr(text, "(nf_tables)");

	return !nft || (end && nft > end);
}

/* Returns 0 or -errno. */
static int read_family(struct ruleset *rs, const char *const names[4], struct np_err *err)
{
	for (unsigned i = 0; i < 4; i++) {
		char name[64];
		char *argv[] = { name, NULL };
		char *text;
		size_t len;
		int ret;

		(void)snprintf(name, sizeof(name), "%s", names[i]);
		ret = np_spawn_text(argv, TEXT_MAX, &text, &len);
		if (ret == -ENOENT)
			continue;
		if (ret < 0)
			return np_err_set(err, -ret, "%s: %s", name, strerror(-ret));
		if (ret)
			np_err_set(err, EIO, "%s ended with status %d", name, ret);
		else if (is_legacy(text))
			ret = ruleset_read(rs, names[i], text, len, err);
		else
			ret = -ENOENT;
		free(text);
		if (ret != -ENOENT)
			return ret > 0 ? -EIO : ret;
	}
	return np_err_set(err, ENOENT, "there is no %s here", names[0]);
}

/* Returns the families that could not be read; err is of the last. rs is to be thrown away then. */
static uint8_t read_all(struct ruleset *rs, uint8_t families, struct np_err *err)
{
	uint8_t failed = 0;

	for (unsigned i = 0; i < 2; i++)
		if (families & LEGACY_V4 << i && read_family(rs, programs[i], err))
			failed |= (uint8_t)(LEGACY_V4 << i);
	return failed;
}

int legacy_read(struct legacy *l, uint8_t families, struct np_intern *intern, struct np_err *err)
{
	int64_t start = np_clock_us(CLOCK_MONOTONIC);
	struct ruleset *rs = ruleset_new(intern);
	uint8_t failed = rs ? read_all(rs, families, err) : families;

	/* a dump that ends in an error has left a part of itself */
	if (failed) {
		ruleset_free(rs);
		families &= (uint8_t)~failed;
		rs = families ? ruleset_new(intern) : NULL;
	}
	if (failed && rs && read_all(rs, families, err)) {
		ruleset_free(rs);
		rs = NULL;
	}
	l->read_us = np_clock_us(CLOCK_MONOTONIC);
	l->cost_us = l->read_us - start;
	if (rs && !(failed & l->known)) {
		ruleset_free(l->rules);
		l->rules = rs;
		l->known = families;
	} else {
		ruleset_free(rs);
	}
	if (!failed)
		return 0;
	return err->code ? -err->code : np_err_nomem(err);
}

void legacy_clean(struct legacy *l)
{
	ruleset_free(l->rules);
	l->rules = NULL;
	l->known = 0;
}
