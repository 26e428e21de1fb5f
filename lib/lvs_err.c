// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "lib/lvs.h"

/* What net/netfilter/ipvs/ip_vs_ctl.c means by each; ASKED_OTHER rows are for all that is left. */
static const struct {
	enum np_lvs_asked asked;
	int code;
	const char *text;
} sentences[] = {
	{ NP_LVS_ASKED_ADD_SVC, EEXIST, "there is such a service already" },
	{ NP_LVS_ASKED_ADD_SVC, ENOENT, "the kernel has no such scheduler or persistence engine "
					"(is its module there?)" },
	{ NP_LVS_ASKED_ADD_SVC, EAFNOSUPPORT, "the kernel has no IPVS for IPv6" },
	{ NP_LVS_ASKED_EDIT_SVC, ESRCH, "there is no such service" },
	{ NP_LVS_ASKED_EDIT_SVC, ENOENT, "the kernel has no such scheduler or persistence engine "
					 "(is its module there?)" },
	{ NP_LVS_ASKED_DEL_SVC, ESRCH, "there is no such service" },
	{ NP_LVS_ASKED_ZERO, ESRCH, "there is no such service" },
	{ NP_LVS_ASKED_LIST, ESRCH, "there is no such service" },
	{ NP_LVS_ASKED_ADD_DEST, ESRCH, "there is no such service" },
	{ NP_LVS_ASKED_ADD_DEST, EEXIST, "the service has that real server already" },
	{ NP_LVS_ASKED_ADD_DEST, ENETUNREACH, "there is no route to that real server" },
	{ NP_LVS_ASKED_EDIT_DEST, ESRCH, "there is no such service" },
	{ NP_LVS_ASKED_EDIT_DEST, ENOENT, "the service has no such real server" },
	{ NP_LVS_ASKED_DEL_DEST, ESRCH, "there is no such service" },
	{ NP_LVS_ASKED_DEL_DEST, ENOENT, "the service has no such real server" },
	{ NP_LVS_ASKED_START, EEXIST, "the daemon runs already" },
	{ NP_LVS_ASKED_START, ENODEV, "there is no such interface" },
	{ NP_LVS_ASKED_START, EADDRNOTAVAIL, "the interface has no address of that family" },
	{ NP_LVS_ASKED_STOP, ESRCH, "the daemon does not run" },
	{ NP_LVS_ASKED_OTHER, EPERM, "not permitted: root, or CAP_NET_ADMIN, is needed" },
	{ NP_LVS_ASKED_OTHER, EINVAL, "the kernel finds it invalid: an address that is not unicast "
				      "here, or a value out of its range" },
	{ NP_LVS_ASKED_OTHER, ERANGE, "a value or a name is out of the kernel's range" },
	{ NP_LVS_ASKED_OTHER, ENOMEM, "the kernel has no memory for it" },
	{ NP_LVS_ASKED_OTHER, EOPNOTSUPP, "the kernel cannot do that" },
};

void np_lvs_refusal(struct np_err *err, enum np_lvs_asked asked)
{
	int code = err->code;

	if (!err->refused)
		return;
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		if (sentences[i].code != code ||
		    (sentences[i].asked != asked && sentences[i].asked != NP_LVS_ASKED_OTHER))
			continue;
		np_err_set(err, code, "%s", sentences[i].text);
		err->refused = true;
		return;
	}
}
