// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/lookups.h"
#include "lib/netns.h"
#include "lib/nft.h"
#include "lib/nft_trace.h"
#include "lib/sysctl.h"
#include "trace/cgroup.h"
#include "trace/kmsg.h"
#include "trace/legacy.h"
#include "trace/logfile.h"

#define TRACE_LEVEL 4 /* of a TRACE line: KERN_WARNING (net/netfilter/x_tables' trace) */
#define LIST_MAX (1 << 20)

struct ward {
	struct doctor_check *checks;
	size_t n;
	struct utsname uts;
	bool legacy;      /* legacy iptables has tables here */
	uint8_t families; /* LEGACY_V4 …: whose loggers are looked at */
	const char *verb; /* of pkttrace, that root is to run */
	const char *logs; /* who tells its steps by the kernel's log alone; NULL: nobody */
};

__attribute__((format(printf, 4, 5))) static struct doctor_check *put(struct ward *w,
	const char *name, enum doctor_state state, const char *fmt, ...)
{
	struct doctor_check *c = &w->checks[w->n++];
	va_list ap;

	*c = (struct doctor_check){ .name = name, .state = state, .families = w->families };
	va_start(ap, fmt);
	(void)vsnprintf(c->says, sizeof(c->says), fmt, ap);
	va_end(ap);
	return c;
}

__attribute__((format(printf, 2, 3))) static void cure(struct doctor_check *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(c->remedy, sizeof(c->remedy), fmt, ap);
	va_end(ap);
}

int doctor_kernel_is(const char *release, unsigned major, unsigned minor)
{
	unsigned have[2] = { 0, 0 };

	if (sscanf(release, "%u.%u", &have[0], &have[1]) < 1)
		return 0;
	return have[0] > major || (have[0] == major && have[1] >= minor);
}

static bool same_name(const char *have, const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (have[i] != name[i] && !(have[i] == '-' && name[i] == '_'))
			return false;
	return true;
}

int doctor_has_module(const char *list, const char *name)
{
	size_t len = strlen(name);

	/* "kernel/net/core/drop_monitor.ko.xz: …" at the beginning of a line */
	for (const char *line = list; line && *line; line = strchr(line, '\n')) {
		const char *end, *base;

		line += *line == '\n';
		end = line + strcspn(line, ":\n");
		base = memrchr(line, '/', (size_t)(end - line));
		base = base ? base + 1 : line;
		if ((size_t)(end - base) > len + 2 && same_name(base, name, len) &&
			!strncmp(base + len, ".ko", 3))
			return 1;
	}
	return 0;
}

/* Whether it is loaded, or would be when it is needed. */
static bool can_load(const struct ward *w, const char *module)
{
	static const char *const lists[] = { "modules.dep", "modules.builtin" };
	char path[256];
	bool some = false;

	(void)snprintf(path, sizeof(path), "/sys/module/%s", module);
	if (!access(path, F_OK))
		return true;
	for (unsigned i = 0; i < 2 && !some; i++) {
		char *text = calloc(1, LIST_MAX);
		FILE *fp;

		(void)snprintf(path, sizeof(path), "/lib/modules/%s/%s", w->uts.release, lists[i]);
		fp = text ? fopen(path, "re") : NULL;
		if (fp && fread(text, 1, LIST_MAX - 1, fp))
			some = doctor_has_module(text, module);
		if (fp)
			fclose(fp);
		free(text);
	}
	return some;
}

/* ---- nf_tables' events ---- */

static void ask_kernel(struct ward *w)
{
	if (doctor_kernel_is(w->uts.release, 5, 12))
		put(w, "kernel", DOCTOR_OK, "Linux %.60s: a table goes with its process",
			w->uts.release);
	else
		put(w, "kernel", DOCTOR_FATAL, "Linux %.60s is older than 5.12, whose tables go "
			"with their process; `pkttrace add` works", w->uts.release);
}

static void ask_nf_tables(struct ward *w)
{
	struct np_err err = NP_ERR_INIT;
	struct np_nft *nft;
	struct np_nl *events;
	uint32_t generation;
	int ret = np_nft_open(&nft, &err);

	if (!ret) {
		ret = np_nft_generation(nft, &generation, &err);
		np_nft_close(nft);
	}
	if (ret == -EPERM)
		ret = 0; /* it is there */
	if (ret)
		cure(put(w, "nf_tables", DOCTOR_FATAL, "%s", err.text), "modprobe nf_tables");
	else
		put(w, "nf_tables", DOCTOR_OK, "its trace events tell every rule");
	ret = np_nft_trace_open(&events, &err);
	if (!ret)
		np_nl_close(events);
	if (ret)
		cure(put(w, "permission", DOCTOR_FATAL, "%s", err.text), "sudo pkttrace doctor");
	else
		put(w, "permission", DOCTOR_OK, "rules may be put, and events heard");
}

/* ---- the kernel's log, where legacy iptables has tables, or static_nat is ---- */

/* What is not there is missed if somebody's steps come by the log. */
static enum doctor_state log_state(const struct ward *w)
{
	return w->logs ? DOCTOR_MISSING : DOCTOR_WITHOUT;
}

static void ask_log_backend(struct ward *w)
{
	static const struct {
		const char *name, *old;
		unsigned family;
	} rows[] = { { "trace_ipv4", "nf_log_ipv4", 2 },
		{ "trace_ipv6", "nf_log_ipv6", 10 } };

	for (unsigned i = 0; i < 2; i++) {
		const char *module = doctor_kernel_is(w->uts.release, 5, 13) ? "nf_log_syslog" :
			rows[i].old;
		char name[64], value[NP_SYSCTL_VALUE_MAX];
		struct np_err err = NP_ERR_INIT;
		struct doctor_check *c;

		if (!(w->families & LEGACY_V4 << i))
			continue;
		(void)snprintf(name, sizeof(name), "net.netfilter.nf_log.%u", rows[i].family);
		if (np_sysctl_get(name, value, &err))
			snprintf(value, sizeof(value), "NONE");
		if (strcmp(value, "NONE") != 0) {
			put(w, rows[i].name, DOCTOR_OK, "%s=%.60s", name, value);
			continue;
		}
		c = put(w, rows[i].name, log_state(w), "%s=NONE: steps of %s do not get into the "
			"log", name, w->logs ? w->logs : "legacy iptables");
		c->families = (uint8_t)(LEGACY_V4 << i);
		cure(c, "modprobe %s; sysctl -w %s=%s", module, name, rows[i].old);
	}
}

static void ask_all_netns(struct ward *w)
{
	static const char name[] = "net.netfilter.nf_log_all_netns";
	char value[NP_SYSCTL_VALUE_MAX];
	struct np_err err = NP_ERR_INIT;
	int back = -1, ret;

	if (np_netns_is_first()) {
		put(w, "namespace", DOCTOR_OK, "the first one: its log lines are not held back");
		return;
	}
	ret = np_netns_first_enter(&back, &err);
	if (!ret) {
		ret = np_sysctl_get(name, value, &err);
		np_netns_back(back);
	}
	if (!ret && !strcmp(value, "1"))
		put(w, "namespace", DOCTOR_OK, "%s=1: other namespaces log, too", name);
	else
		cure(put(w, "namespace", log_state(w),
			"this is not the first network namespace: %s", ret ? err.text :
			"its lines do not get into the log"),
			"nsenter -t 1 -n sysctl -w %s=1", name);
}

static void ask_kmsg(struct ward *w)
{
	struct np_err err = NP_ERR_INIT;
	struct kmsg k = { .fd = -1 };

	if (kmsg_open(&k, &err))
		cure(put(w, "kernel_log", log_state(w), "%s", err.text), "sudo pkttrace %s",
			w->verb);
	else
		put(w, "kernel_log", DOCTOR_OK, "/dev/kmsg can be read");
	kmsg_close(&k);
}

static void ask_console(struct ward *w)
{
	char value[NP_SYSCTL_VALUE_MAX];
	struct np_err err = NP_ERR_INIT;
	long level;

	if (np_sysctl_get("kernel.printk", value, &err))
		return;
	level = strtol(value, NULL, 10);
	if (level <= TRACE_LEVEL)
		put(w, "console", DOCTOR_OK, "level %ld: it prints no TRACE lines", level);
	else
		cure(put(w, "console", log_state(w),
			"level %ld: it prints each TRACE line, and a serial one is slow", level),
			"dmesg -n %d", TRACE_LEVEL);
}

static void ask_rules(struct ward *w)
{
	bool some = !access("/usr/sbin/iptables-legacy-save", X_OK) ||
		!access("/usr/sbin/iptables-save", X_OK) || !access("/sbin/iptables-save", X_OK);

	if (!w->legacy && w->logs)
		put(w, "legacy_iptables", DOCTOR_OK, "has no tables here; %s logs its steps",
			w->logs);
	else if (!w->legacy)
		put(w, "legacy_iptables", DOCTOR_OK, "has no tables here: the log is not needed");
	else if (some)
		put(w, "legacy_iptables", DOCTOR_OK, "has tables, and iptables-save their text");
	else
		cure(put(w, "legacy_iptables", DOCTOR_MISSING, "has tables; without iptables-save "
			"rules are numbers"), "apt-get install iptables");
}

/* ---- the rest ---- */

static void ask_drops(struct ward *w)
{
	if (can_load(w, "drop_monitor"))
		put(w, "drop_reasons", DOCTOR_OK, "drop_monitor is there or can be loaded");
	else
		put(w, "drop_reasons", DOCTOR_WITHOUT, "there is no module drop_monitor for "
			"this kernel: why it dropped a packet is the model's word");
}

static void ask_lookups(struct ward *w)
{
	struct np_err err = NP_ERR_INIT;

	if (np_lookups_possible(&err))
		put(w, "lookups", DOCTOR_WITHOUT, "%s: the tables of a packet are the model's word",
			err.text);
	else
		put(w, "lookups", DOCTOR_OK, "--lookups shows the kernel's own (tracefs)");
}

static void ask_cgroup(struct ward *w)
{
	struct np_err err = NP_ERR_INIT;
	struct cgroup c;
	int ret = cgroup_name(&c, &err);
	char *slash = ret ? NULL : strrchr(c.path, '/');

	if (slash) {
		*slash = '\0';
		if (access(c.path, W_OK))
			ret = np_err_set(&err, errno, "%s: %s", c.path, strerror(errno));
	}
	if (!ret && !can_load(w, "nft_socket") && doctor_kernel_is(w->uts.release, 5, 13))
		put(w, "cgroup", DOCTOR_OK, "pkttrace run knows a command's packets, if nf_tables "
			"has `socket cgroupv2`");
	else if (!ret)
		put(w, "cgroup", DOCTOR_OK, "pkttrace run knows a command's packets");
	else
		put(w, "cgroup", DOCTOR_WITHOUT, "pkttrace run shows all that match: %s", err.text);
}

static void ask_files(struct ward *w)
{
	const char *log = logfile_of_host();

	if (!log)
		cure(put(w, "log_file", DOCTOR_WITHOUT, "no kern.log, messages or syslog: what is "
			"past is in the journal, or lost"),
			"journalctl -k -o short-precise | pkttrace show");
	else if (access(log, R_OK))
		cure(put(w, "log_file", DOCTOR_WITHOUT, "%s: %s", log, strerror(errno)),
			"sudo pkttrace show");
	else
		put(w, "log_file", DOCTOR_OK, "%s: pkttrace show reads it", log);
}

size_t doctor_ask(struct doctor_check checks[DOCTOR_CHECKS])
{
	static void (*const asks[])(struct ward *w) = { ask_kernel, ask_nf_tables, ask_rules,
		ask_log_backend, ask_all_netns, ask_kmsg, ask_console, ask_drops, ask_lookups,
		ask_cgroup, ask_files };
	const struct kmsg_speakers by = kmsg_speakers();
	struct ward w = { .checks = checks, .legacy = by.legacy != 0,
			  .families = LEGACY_V4 | LEGACY_V6, .logs = by.names, .verb = "doctor" };

	if (uname(&w.uts) < 0)
		w.uts.release[0] = '\0';
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++)
		asks[i](&w);
	return w.n;
}

size_t doctor_ask_log(struct doctor_check checks[DOCTOR_CHECKS], const struct kmsg_speakers *by)
{
	struct ward w = { .checks = checks, .legacy = true,
			  .families = by->legacy | (by->nat ? LEGACY_V4 : 0), .logs = by->names,
			  .verb = "monitor" };

	if (uname(&w.uts) < 0)
		w.uts.release[0] = '\0';
	ask_log_backend(&w);
	ask_all_netns(&w);
	ask_kmsg(&w);
	return w.n;
}

const char *doctor_state_name(enum doctor_state state)
{
	static const char *const names[] = {
		[DOCTOR_OK] = "ok", [DOCTOR_WITHOUT] = "without",
		[DOCTOR_MISSING] = "missing", [DOCTOR_FATAL] = "fatal",
	};

	return names[state];
}

int doctor_status(const struct doctor_check *checks, size_t n)
{
	int status = 0;

	for (size_t i = 0; i < n; i++) {
		int s = checks[i].state == DOCTOR_FATAL ? 2 : checks[i].state == DOCTOR_MISSING;

		status = s > status ? s : status;
	}
	return status;
}
