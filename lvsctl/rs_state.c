// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What `rs start` found, in a file of /run: one for each network namespace. Inode
 * numbers of namespaces are used again, so the file says which one it was about.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <bsd/string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/addr.h"
#include "lvsctl/rs.h"

#define DIR_PATH "/run/netpath"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

/* A cookie is never used twice while the host is up (Linux 5.14; 0 before). */
static void name_netns(struct rs_state *s)
{
	char boot[NP_SYSCTL_VALUE_MAX] = "";
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);
	struct stat st = { 0 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0) {
		if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len))
			cookie = 0;
		close(fd);
	}
	(void)stat("/proc/self/ns/net", &st);
	(void)np_sysctl_get("kernel.random.boot_id", boot, NULL);
	(void)snprintf(s->file, sizeof(s->file), "rs-%ju.json", (uintmax_t)st.st_ino);
	(void)snprintf(s->netns, sizeof(s->netns), "%.40s/%" PRIu64, boot, cookie);
}

/* The address may still be there, and sysctls as start set them: status tells of both. */
static int damaged(const struct rs_state *s, const char *why, int line, struct np_err *err)
{
	char where[16] = "";

	if (line > 0)
		(void)snprintf(where, sizeof(where), ":%d", line);
	return np_err_set(err, EINVAL, DIR_PATH "/%s%s: %s: what start found cannot be put back; "
			  "remove the file, and lvsctl rs status VIP says what is in place",
			  s->file, where, why);
}

static void copy(char *to, size_t size, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	(void)strlcpy(to, text ? text : "", size);
}

static int read_vip(struct rs_state *s, const json_t *o, struct np_err *err)
{
	struct rs_vip v = { 0 };
	struct np_addr a;

	copy(v.text, sizeof(v.text), o, "vip");
	copy(v.dev, sizeof(v.dev), o, "dev");
	copy(v.addr.label, sizeof(v.addr.label), o, "label");
	v.model = json_is_true(json_object_get(o, "tun")) ? RS_TUN : RS_DR;
	v.had = json_is_true(json_object_get(o, "had"));
	if (np_addr_parse(&a, v.text, AF_UNSPEC) || !a.len || a.len > sizeof(v.addr.b))
		return damaged(s, "no address of a service", 0, err);
	v.addr.family = a.family;
	v.addr.bits = (uint8_t)a.bits;
	memcpy(v.addr.b, a.b, a.len);
	return rs_state_add_vip(s, &v, err);
}

static int read_root(struct rs_state *s, const json_t *root, struct np_err *err)
{
	const json_t *o;
	size_t i;
	int ret = 0;

	json_array_foreach(json_object_get(root, "vips"), i, o)
		if (!ret)
			ret = read_vip(s, o, err);
	json_array_foreach(json_object_get(root, "sysctls"), i, o) {
		char name[NP_SYSCTL_NAME_MAX];

		copy(name, sizeof(name), o, "name");
		if (!ret)
			ret = rs_state_add_sysctl(s, name,
				json_integer_value(json_object_get(o, "found")),
				json_integer_value(json_object_get(o, "set")), err);
	}
	json_array_foreach(json_object_get(root, "links"), i, o) {
		struct rs_link l = { .made = json_is_true(json_object_get(o, "made")),
				     .was_up = json_is_true(json_object_get(o, "up")) };

		copy(l.name, sizeof(l.name), o, "name");
		if (!ret)
			ret = rs_state_add_link(s, &l, err);
	}
	return ret;
}

static int load(struct rs_state *s, struct np_err *err)
{
	char netns[sizeof(s->netns)];
	json_error_t bad;
	int fd = openat(s->dir, s->file, O_RDONLY | O_CLOEXEC), ret = 0;
	json_t *root;

	if (fd < 0)
		return errno == ENOENT ? 0 :
			np_err_set(err, errno, "cannot read " DIR_PATH "/%s: %s", s->file,
				   strerror(errno));
	root = json_loadfd(fd, 0, &bad);
	close(fd);
	if (!root)
		return damaged(s, bad.text, bad.line, err);
	copy(netns, sizeof(netns), root, "netns");
	if (!strcmp(netns, s->netns))
		ret = read_root(s, root, err);
	json_decref(root);
	return ret;
}

int rs_state_open(struct rs_state *s, bool write, struct np_err *err)
{
	*s = (struct rs_state){ .dir = -1 };
	name_netns(s);
	if (write && mkdir(DIR_PATH, 0755) && errno != EEXIST)
		return np_err_set(err, errno, "cannot make " DIR_PATH ": %s", strerror(errno));
	s->dir = open(DIR_PATH, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0 && !write)
		return 0; /* nothing was ever started */
	if (s->dir < 0)
		return np_err_set(err, errno, "cannot open " DIR_PATH ": %s", strerror(errno));
	if (write && flock(s->dir, LOCK_EX))
		return np_err_set(err, errno, "cannot lock " DIR_PATH ": %s", strerror(errno));
	return load(s, err);
}

static json_t *to_json(const struct rs_state *s)
{
	json_t *vips = json_array(), *sysctls = json_array(), *links = json_array();

	for (size_t i = 0; i < s->n_vips; i++) {
		const struct rs_vip *v = &s->vips[i];

		json_array_append_new(vips, json_pack("{ss ss ss sb sb}", "vip", v->text, "dev",
			v->dev, "label", v->addr.label, "tun", v->model == RS_TUN, "had", v->had));
	}
	for (size_t i = 0; i < s->n_sysctls; i++)
		json_array_append_new(sysctls, json_pack("{ss sI sI}", "name", s->sysctls[i].name,
			"found", (json_int_t)s->sysctls[i].found,
			"set", (json_int_t)s->sysctls[i].set));
	for (size_t i = 0; i < s->n_links; i++)
		json_array_append_new(links, json_pack("{ss sb sb}", "name", s->links[i].name,
			"made", s->links[i].made, "up", s->links[i].was_up));
	return json_pack("{ss so so so}", "netns", s->netns, "vips", vips, "sysctls", sysctls,
			 "links", links);
}

int rs_state_save(struct rs_state *s, struct np_err *err)
{
	char tmp[sizeof(s->file) + 4];
	json_t *root;
	int fd, bad;

	if (!s->n_vips && !s->n_sysctls && !s->n_links) {
		if (unlinkat(s->dir, s->file, 0) && errno != ENOENT)
			return np_err_set(err, errno, "cannot remove " DIR_PATH "/%s: %s",
					  s->file, strerror(errno));
		return 0;
	}
	root = to_json(s);
	if (!root)
		return np_err_nomem(err);
	(void)snprintf(tmp, sizeof(tmp), "%s.new", s->file);
	fd = openat(s->dir, tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bad = fd < 0 || json_dumpfd(root, fd, JSON_INDENT(1));
	bad = (fd >= 0 && (fsync(fd) | close(fd))) || bad;
	json_decref(root);
	if (bad || renameat(s->dir, tmp, s->dir, s->file))
		return np_err_set(err, errno ? errno : EIO, "cannot write " DIR_PATH "/%s: %s",
				  s->file, strerror(errno ? errno : EIO));
	return 0;
}

void rs_state_close(struct rs_state *s)
{
	free(s->vips);
	free(s->sysctls);
	free(s->links);
	if (s->dir >= 0)
		close(s->dir);
	*s = (struct rs_state){ .dir = -1 };
}

struct rs_vip *rs_state_vip(const struct rs_state *s, const struct rs_vip *vip)
{
	for (size_t i = 0; i < s->n_vips; i++)
		if (s->vips[i].addr.family == vip->addr.family &&
		    !memcmp(s->vips[i].addr.b, vip->addr.b, sizeof(vip->addr.b)))
			return &s->vips[i];
	return NULL;
}

int rs_state_add_vip(struct rs_state *s, const struct rs_vip *vip, struct np_err *err)
{
	struct rs_vip *grown = reallocarray(s->vips, s->n_vips + 1, sizeof(*grown));

	if (!grown)
		return np_err_nomem(err);
	s->vips = grown;
	grown[s->n_vips++] = *vip;
	return 0;
}

int rs_state_add_sysctl(struct rs_state *s, const char *name, int64_t found, int64_t set,
			struct np_err *err)
{
	struct rs_sysctl *grown;

	for (size_t i = 0; i < s->n_sysctls; i++)
		if (!strcmp(s->sysctls[i].name, name)) {
			s->sysctls[i].set = set;
			return 0;
		}
	grown = reallocarray(s->sysctls, s->n_sysctls + 1, sizeof(*grown));
	if (!grown)
		return np_err_nomem(err);
	s->sysctls = grown;
	grown += s->n_sysctls++;
	*grown = (struct rs_sysctl){ .found = found, .set = set };
	(void)strlcpy(grown->name, name, sizeof(grown->name));
	return 0;
}

int rs_state_add_link(struct rs_state *s, const struct rs_link *link, struct np_err *err)
{
	struct rs_link *grown;

	for (size_t i = 0; i < s->n_links; i++)
		if (!strcmp(s->links[i].name, link->name))
			return 0;
	grown = reallocarray(s->links, s->n_links + 1, sizeof(*grown));
	if (!grown)
		return np_err_nomem(err);
	s->links = grown;
	grown[s->n_links++] = *link;
	return 0;
}
