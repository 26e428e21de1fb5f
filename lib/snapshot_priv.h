/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_SNAPSHOT_PRIV_H
#define NP_SNAPSHOT_PRIV_H

#include <jansson.h>
#include <sys/socket.h>

#include "lib/json_write.h"
#include "lib/route_fields.h"
#include "lib/snapshot.h"

/* Shared by lib/snapshot*.c. */

/* ---- sets of flags: a list of words, what has none as "0x…" ---- */

extern const struct np_flag_row np_snap_link_flags[]; /* IFF_… */
extern const struct np_flag_row np_snap_addr_flags[]; /* IFA_F_… */

void np_snap_put_flags(struct np_json *j, const char *key, const struct np_flag_row *rows,
		       uint32_t flags);

/* ---- numbers that have words ---- */

struct np_snap_names {
	const char *key; /* of the member of "names" */
	uint32_t max;    /* the largest number */
};
extern const struct np_snap_names np_snap_names[NP_NAMES_DBS];

/* ---- writing ---- */

struct np_snap_out {
	struct np_json j;
	const struct np_snapshot *s;
	const struct np_fib *fib; /* of the family that is being written */
	const struct np_names *names;
};

/* The name of a link, or its number when it is none of the snapshot's. */
void np_snap_put_link(struct np_snap_out *o, const char *key, int ifindex);
void np_snap_put_addr(struct np_snap_out *o, const char *key, uint8_t family, const uint8_t *b);
void np_snap_put_name(struct np_snap_out *o, const char *key, enum np_names_db db, uint32_t id);
/* lib/snapshot_write_fib.c: arrays of both families. */
void np_snap_put_rules(struct np_snap_out *o);
void np_snap_put_routes(struct np_snap_out *o);

/* ---- reading ---- */

struct np_snap_cut;

struct np_snap_in {
	struct np_snapshot *s;
	struct np_err *err;
	struct np_snap_cut *routes; /* the text of "routes", NULL: they are in the tree */
	const char *list;  /* where we are, for errors: "rules", NULL: the document itself */
	size_t at;         /* list[at] */
	const char *sub;   /* a member in there, NULL: none */
	size_t sub_at;
	uint8_t family;    /* of the object that is being read */
};

/* How a member's value is read; what it must be is in lib/snapshot_in.c. */
enum np_snap_kind {
	NP_SNAP_SKIP,   /* read by hand */
	NP_SNAP_U8,
	NP_SNAP_U32,
	NP_SNAP_I32,
	NP_SNAP_U64,
	NP_SNAP_BOOL,
	NP_SNAP_NUL,    /* null: a bool that is on because it is there */
	NP_SNAP_HEX,    /* "0x…" of 32 bits */
	NP_SNAP_HEX16,
	NP_SNAP_ADDR,   /* 16 bytes, of the object's family */
	NP_SNAP_PREFIX, /* the same, its length at offset2 */
	NP_SNAP_LINK,   /* int, of a name or a number */
	NP_SNAP_NAME,   /* of the database max, 32 bits */
	NP_SNAP_NAME8,
	NP_SNAP_TYPE,   /* RTN_… */
	NP_SNAP_FLAGS,  /* of the rows flags */
	NP_SNAP_FLAGS8,
	NP_SNAP_KINDS,
};

struct np_snap_row { /* a member; tables end with a NULL key */
	const char *key;
	uint8_t kind;
	bool needed;
	uint16_t offset, offset2;
	uint32_t max; /* see the kinds; 0: all that the type holds */
	const struct np_flag_row *flags;
	uint8_t part; /* the enum np_rule_id that it says to be there; 0: none */
};

/* -EINVAL with `LIST[N]: "KEY": expected EXPECTED, not VALUE`; v NULL: it is missing. */
int np_snap_bad(const struct np_snap_in *in, const char *key, const char *expected,
		const json_t *v);
/*
 * All members of v, which must be an object, into to. key: whose value it is, NULL for the
 * element of a list, or the document. Returns 0 or -errno.
 */
int np_snap_object(struct np_snap_in *in, const char *key, const json_t *v,
		   const struct np_snap_row *rows, void *to);
/* One value of a row's kind. Returns 0 or -errno. */
int np_snap_value(struct np_snap_in *in, const struct np_snap_row *row, const json_t *v, void *to);
/* The string of a member that must be there and be shorter than size. */
int np_snap_string(const struct np_snap_in *in, const json_t *object, const char *key,
		   char *buf, size_t size);
/* "family" of the object into in->family. */
int np_snap_family(struct np_snap_in *in, const json_t *object);
/* The array of that name, each element given to one. */
int np_snap_each(struct np_snap_in *in, const json_t *root, const char *list,
		 int (*one)(struct np_snap_in *in, const json_t *v));

/* lib/snapshot_cut.c: an array that is read piece by piece. */
struct np_snap_cut {
	const char *text;
	size_t at, end; /* what is left of its inside */
	bool some;      /* a piece was given */
};

/*
 * The array that is the member key of the object in text. False: it was not found,
 * which says nothing: the text may be no JSON, or write the key in another way.
 */
bool np_snap_find_list(const char *text, size_t len, const char *key, struct np_snap_cut *cut);
/* The text of the next element; what is no JSON may be a piece of it. False: there is none. */
bool np_snap_next_piece(struct np_snap_cut *cut, const char **piece, size_t *len);

static inline struct np_explain_host *np_snap_host(struct np_snap_in *in)
{
	return &in->s->hosts[in->family == AF_INET6];
}

/* lib/snapshot_read_….c: one element each of the array of that name. */
int np_snap_read_link(struct np_snap_in *in, const json_t *v);
int np_snap_read_addr(struct np_snap_in *in, const json_t *v);
int np_snap_read_group(struct np_snap_in *in, const json_t *v);
int np_snap_read_rule(struct np_snap_in *in, const json_t *v);
int np_snap_read_route(struct np_snap_in *in, const json_t *v);

/* The rows of the sysctls of net.ipv4.conf, made of np_fib_conf; offset into int32_t[]. */
int np_snap_read_conf(struct np_snap_in *in, const json_t *v, int32_t conf[NP_FIB_CONF_N],
		      bool *enabled);

#endif
