// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/genl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "lib/modprobe.h"

struct nlmsghdr *np_genl_request(struct np_nl *nl, uint16_t family, uint16_t flags, uint8_t cmd,
				 uint8_t version)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, family, flags, sizeof(struct genlmsghdr), &extra);
	struct genlmsghdr *g = extra;

	g->cmd = cmd;
	g->version = version;
	return nlh;
}

struct nlmsghdr *np_genl_header(void *buf, uint16_t family, uint16_t flags, uint8_t cmd,
				uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *g = mnl_nlmsg_put_extra_header(nlh, sizeof(*g));

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	g->cmd = cmd;
	g->version = version;
	return nlh;
}

struct found {
	const char *want; /* the group */
	const char *name; /* of the group that is looked at */
	uint32_t here;    /* its number */
	uint32_t group;
	uint16_t id;
};

static int group_attr(const struct nlattr *attr, void *arg)
{
	struct found *f = arg;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		f->name = mnl_attr_get_str(attr);
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		f->here = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int groups_attr(const struct nlattr *attr, void *arg)
{
	struct found *f = arg;

	f->name = NULL;
	f->here = 0;
	mnl_attr_parse_nested(attr, group_attr, f);
	if (f->name && f->want && !strcmp(f->name, f->want))
		f->group = f->here;
	return MNL_CB_OK;
}

static int family_attr(const struct nlattr *attr, void *arg)
{
	struct found *f = arg;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U16) >= 0)
		f->id = mnl_attr_get_u16(attr);
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
		mnl_attr_parse_nested(attr, groups_attr, f);
	return MNL_CB_OK;
}

static int family_msg(const struct nlmsghdr *nlh, void *arg)
{
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), family_attr, arg);
	return 0;
}

static int find(struct np_nl *nl, const char *name, struct found *f, struct np_err *err)
{
	struct nlmsghdr *nlh = np_genl_request(nl, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, 1);
	int ret;

	if (!mnl_attr_put_strz_check(nlh, NP_NL_MSG_MAX, CTRL_ATTR_FAMILY_NAME, name))
		return np_err_set(err, EMSGSIZE, "the name of a family is too long");
	ret = np_nl_get(nl, nlh, family_msg, f, err);
	if (!ret && !f->id)
		ret = np_err_set(err, ENOENT, "the kernel has no family \"%s\"", name);
	return ret;
}

int np_genl_find(struct np_nl *nl, const char *module, const char *name, uint16_t *id,
		 const char *group, uint32_t *group_id, struct np_err *err)
{
	struct found f = { .want = group };
	int ret = find(nl, name, &f, err);

	if (ret == -ENOENT && !np_modprobe(module))
		ret = find(nl, name, &f, err);
	if (ret)
		return ret;
	*id = f.id;
	if (group_id)
		*group_id = f.group;
	return 0;
}
