// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "lib/lvs.h"

/* What net/netfilter/ipvs/ip_vs_ctl.c means by each; ACT_OTHER rows are for all that is left. */
static const struct {
	enum np_lvs_act act;
	int code;
	const char *text;
} sentences[] = {
	{ NP_LVS_ACT_ADD_SVC, EEXIST, "there is such a service already" },
	{ NP_LVS_ACT_ADD_SVC, ENOENT, "the kernel has no such scheduler or persistence engine "
				      "(is its module there?)" },
	{ NP_LVS_ACT_ADD_SVC, EAFNOSUPPORT, "the kernel has no IPVS for IPv6" },
	{ NP_LVS_ACT_EDIT_SVC, ESRCH, "there is no such service" },
	{ NP_LVS_ACT_EDIT_SVC, ENOENT, "the kernel has no such scheduler or persistence engine "
				       "(is its module there?)" },
	{ NP_LVS_ACT_DEL_SVC, ESRCH, "there is no such service" },
	{ NP_LVS_ACT_ZERO, ESRCH, "there is no such service" },
	{ NP_LVS_ACT_LIST, ESRCH, "there is no such service" },
	{ NP_LVS_ACT_ADD_DEST, ESRCH, "there is no such service" },
	{ NP_LVS_ACT_ADD_DEST, EEXIST, "the service has that real server already" },
	{ NP_LVS_ACT_ADD_DEST, ENETUNREACH, "there is no route to that real server" },
	{ NP_LVS_ACT_EDIT_DEST, ESRCH, "there is no such service" },
	{ NP_LVS_ACT_EDIT_DEST, ENOENT, "the service has no such real server" },
	{ NP_LVS_ACT_DEL_DEST, ESRCH, "there is no such service" },
	{ NP_LVS_ACT_DEL_DEST, ENOENT, "the service has no such real server" },
	{ NP_LVS_ACT_START, EEXIST, "the daemon runs already" },
	{ NP_LVS_ACT_START, ENODEV, "there is no such interface" },
	{ NP_LVS_ACT_START, EADDRNOTAVAIL, "the interface has no address of that family" },
	{ NP_LVS_ACT_STOP, ESRCH, "the daemon does not run" },
	{ NP_LVS_ACT_OTHER, EPERM, "not permitted: root, or CAP_NET_ADMIN, is needed" },
	{ NP_LVS_ACT_OTHER, EINVAL, "the kernel finds it invalid: an address that is not unicast "
				    "here, or a value out of its range" },
	{ NP_LVS_ACT_OTHER, ERANGE, "a value or a name is out of the kernel's range" },
	{ NP_LVS_ACT_OTHER, ENOMEM, "the kernel has no memory for it" },
	{ NP_LVS_ACT_OTHER, EOPNOTSUPP, "the kernel cannot do that" },
};

void np_lvs_refusal(struct np_err *err, enum np_lvs_act act)
{
	int code = err->code;

	if (!err->refused)
		return;
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		if (sentences[i].code != code ||
		    (sentences[i].act != act && sentences[i].act != NP_LVS_ACT_OTHER))
			continue;
		np_err_set(err, code, "%s", sentences[i].text);
		err->refused = true;
		return;
	}
}
