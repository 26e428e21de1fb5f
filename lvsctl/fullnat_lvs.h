/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_FULLNAT_LVS_H
#define LVSCTL_FULLNAT_LVS_H

#include "lib/lvs.h"
#include "lvsctl/fullnat.h"

/*
 * Changes of IPVS with the source that a destination asks for (np_lvs_dest.fullnat), and
 * listings that tell it. *f is NULL until it is needed; fullnat_close() it at the end.
 *
 * The source comes first, then IPVS: whoever is killed in between leaves an entry that
 * matches nothing, never a destination that is FULLNAT by half.
 */

/* A listed destination learns its source. Returns 0 or -errno. */
int lvs_fullnat_fill(struct fullnat **f, const struct np_lvs_svc *svc, struct np_lvs_dest *dest,
		     struct np_err *err);

/*
 * np_lvs_change_dest(). In a batch, what needs the source changed is not kept back, and
 * its refusal is told to the batch's fail(). Returns 0, or -errno: nothing has changed.
 */
int lvs_fullnat_change_dest(struct fullnat **f, struct np_lvs *v, enum np_lvs_op op,
			    const struct np_lvs_svc *svc, const struct np_lvs_dest *dest,
			    struct np_err *err);

/*
 * The same with NP_LVS_ADD in a batch (NP_NL_GO_ON) with many more to come: those with a
 * source wait, and what is added behind them, until lvs_fullnat_settle() makes their sources in
 * one transaction. It has to be called before the batch ends and before anything is asked or
 * changed but by this and np_lvs_change_svc() with NP_LVS_ADD. *q is NULL at first;
 * lvs_fullnat_queue_free() it at the end.
 */
struct fullnat_queue;
int lvs_fullnat_add_later(struct fullnat_queue **q, struct fullnat **f, struct np_lvs *v,
			  const struct np_lvs_svc *svc, const struct np_lvs_dest *dest,
			  struct np_err *err);
/* What is refused is told to the batch's fail(). q may be NULL. */
void lvs_fullnat_settle(struct fullnat_queue *q, struct fullnat *f, struct np_lvs *v);
void lvs_fullnat_queue_free(struct fullnat_queue *q);

/* What it looks like for lvsctl/fullnat.h. */
struct fullnat_dest lvs_fullnat_key(const struct np_lvs_svc *svc, const struct np_lvs_dest *dest);
struct fullnat_source lvs_fullnat_source(const struct np_lvs_dest *dest);
/* Why a service cannot have such a destination. Returns 0 or -EINVAL. */
int lvs_fullnat_refuse(const struct np_lvs_svc *svc, const struct np_lvs_dest *dest,
		       struct np_err *err);

/* np_lvs_change_svc() with NP_LVS_DEL. */
int lvs_fullnat_del_svc(struct fullnat **f, struct np_lvs *v, const struct np_lvs_svc *svc,
			struct np_err *err);

/* After np_lvs_flush(). */
int lvs_fullnat_clear(struct fullnat **f, struct np_err *err);

/*
 * The argument of --fullnat (NULL: none was said); the destination becomes a _MASQ one.
 * Whether the address suits it is told by the change. Returns 0 or -EINVAL.
 */
int lvs_fullnat_parse(struct np_lvs_dest *dest, const char *address, struct np_err *err);

/* Both have the same source. */
bool lvs_fullnat_same(const struct np_lvs_dest *a, const struct np_lvs_dest *b);

/* Its option, "--fullnat" or "--fullnat=ADDRESS"; "" when it is not FULLNAT. */
#define LVS_FULLNAT_TEXT 64
const char *lvs_fullnat_text(const struct np_lvs_dest *dest, char buf[LVS_FULLNAT_TEXT]);

#endif
