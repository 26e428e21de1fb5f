// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of the model, and the sysctls that it reads: rows. */
#include "lib/fib.h"

#include <linux/ip.h>

/* include/linux/inetdevice.h: IN_DEV_FORWARD, IN_DEV_RPFILTER, … */
const struct np_fib_conf_row np_fib_conf[NP_FIB_CONF_N] = {
	[NP_FIB_FORWARDING] = { "forwarding", NP_FIB_OWN, IPV4_DEVCONF_FORWARDING },
	[NP_FIB_MC_FORWARDING] = { "mc_forwarding", NP_FIB_AND, IPV4_DEVCONF_MC_FORWARDING },
	[NP_FIB_BC_FORWARDING] = { "bc_forwarding", NP_FIB_AND, IPV4_DEVCONF_BC_FORWARDING },
	[NP_FIB_RP_FILTER] = { "rp_filter", NP_FIB_MAX, IPV4_DEVCONF_RP_FILTER },
	[NP_FIB_ACCEPT_LOCAL] = { "accept_local", NP_FIB_OR, IPV4_DEVCONF_ACCEPT_LOCAL },
	[NP_FIB_SRC_VMARK] = { "src_valid_mark", NP_FIB_OR, IPV4_DEVCONF_SRC_VMARK },
	[NP_FIB_ROUTE_LOCALNET] = { "route_localnet", NP_FIB_OR, IPV4_DEVCONF_ROUTE_LOCALNET },
	[NP_FIB_SEND_REDIRECTS] = { "send_redirects", NP_FIB_OR, IPV4_DEVCONF_SEND_REDIRECTS },
	[NP_FIB_IGNORE_LINKDOWN] = { "ignore_routes_with_linkdown", NP_FIB_OR,
				     IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN },
};

int32_t np_fib_conf_get(const struct np_fib *fib, const struct np_fib_dev *d,
			enum np_fib_conf which)
{
	int32_t all = fib->all[which], own = d->conf[which];

	switch (np_fib_conf[which].join) {
	case NP_FIB_MAX:
		return all > own ? all : own;
	case NP_FIB_OR:
		return all || own;
	case NP_FIB_AND:
		return all && own;
	case NP_FIB_OWN:
		break;
	}
	return own;
}

static const struct {
	const char *name;
	bool passes;
} verdicts[NP_V_N] = {
	[NP_V_UNICAST] = { "unicast", true },
	[NP_V_LOCAL] = { "local", true },
	[NP_V_BROADCAST] = { "broadcast", true },
	[NP_V_MULTICAST] = { "multicast", true },
	[NP_V_ANYCAST] = { "anycast", true },
	[NP_V_BLACKHOLE] = { "blackhole", false },
	[NP_V_UNREACHABLE] = { "unreachable", false },
	[NP_V_PROHIBIT] = { "prohibit", false },
	[NP_V_NO_ROUTE] = { "no-route", false },
	[NP_V_FORWARDING_OFF] = { "forwarding-off", false },
	[NP_V_RP_FILTER] = { "rp_filter", false },
	[NP_V_MARTIAN_SOURCE] = { "martian-source", false },
	[NP_V_MARTIAN_DESTINATION] = { "martian-destination", false },
	[NP_V_INVALID_SOURCE] = { "invalid-source", false },
	[NP_V_NO_DEVICE] = { "no-device", false },
	[NP_V_INVALID] = { "invalid", false },
};

const char *np_verdict_name(enum np_verdict v)
{
	return v < NP_V_N ? verdicts[v].name : "invalid";
}

bool np_verdict_passes(enum np_verdict v)
{
	return v < NP_V_N && verdicts[v].passes;
}

const char *np_fib_result_name(enum np_fib_result r)
{
	static const char *const names[] = {
		[NP_FR_HIT] = "hit",   [NP_FR_MISS] = "miss", [NP_FR_THROW] = "throw",
		[NP_FR_SUPPRESSED] = "suppressed", [NP_FR_GOTO] = "goto", [NP_FR_NOP] = "nop",
	};

	return names[r];
}

const char *np_fib_check_name(enum np_fib_check_name c)
{
	static const char *const names[NP_CHK_N] = {
		[NP_CHK_ROUTE_LOCALNET] = "route_localnet",
		[NP_CHK_SOURCE] = "source",
		[NP_CHK_MEMBER] = "multicast-member",
		[NP_CHK_ACCEPT_LOCAL] = "accept_local",
		[NP_CHK_RP_FILTER] = "rp_filter",
		[NP_CHK_FORWARDING] = "forwarding",
		[NP_CHK_DEVICE] = "device",
	};

	return c < NP_CHK_N ? names[c] : "";
}
