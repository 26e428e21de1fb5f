/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_MARK_H
#define LVSCTL_MARK_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/nft.h"

/*
 * The marks of services of several ports: one rule each in a table of our own,
 *
 * table inet netpath_mark {
 *	chain services {
 *		type filter hook prerouting priority mangle; policy accept;
 *		ip daddr 10.0.0.1 tcp dport 80 meta mark set 0x63 comment "tcp 10.0.0.1 80 99"
 *	}
 * }
 *
 * in which those of single ports stand behind that of all ports of their address, so that their
 * marks hold whatever was added first. It is there as long as there is a mark, or a rule of
 * somebody else in it. The comment is the rule in our own words.
 */
struct lvs_mark {
	uint8_t af, addr[16]; /* network order */
	uint8_t protocol;     /* IPPROTO_TCP, _UDP, _SCTP */
	uint16_t port;        /* host order; 0: all of them */
	uint32_t fwmark;      /* never 0 */
	uint64_t handle;      /* of the rule; 0: not in the kernel */
};

#define LVS_MARK_COMMENT 96
/* "10.0.0.1:80 tcp", as `mark add` takes it. */
const char *lvs_mark_words(const struct lvs_mark *m, char buf[LVS_MARK_COMMENT]);

/* All there are, in their order; free(*marks). No table: none. 0 or -errno. */
int lvs_marks_list(struct np_nft *nft, struct lvs_mark **marks, size_t *n, struct np_err *err);

/*
 * All of them or none. One that is there already with the same mark is left as it is;
 * -EEXIST with another mark. 0 or -errno.
 */
int lvs_marks_add(struct np_nft *nft, const struct lvs_mark *marks, size_t n,
		  struct np_err *err);
/* All of them or none; fwmark 0: whatever it is. -ENOENT: one is not there. */
int lvs_marks_del(struct np_nft *nft, const struct lvs_mark *marks, size_t n,
		  struct np_err *err);

#endif
