/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_OPTIONS_H
#define LVSCTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/lvs.h"

/*
 * The language of ipvsadm 1.31 and what is new in ours: one row an option, in options.c.
 * What may go with what is facts of ipvsadm; its -h and tests/golden tell the same.
 */
enum lvs_cmd {
	LVS_CMD_NONE,
	LVS_CMD_ADD,
	LVS_CMD_EDIT,
	LVS_CMD_DEL,
	LVS_CMD_CLEAR,
	LVS_CMD_LIST,
	LVS_CMD_ADD_DEST,
	LVS_CMD_DEL_DEST,
	LVS_CMD_EDIT_DEST,
	LVS_CMD_SET,
	LVS_CMD_START,
	LVS_CMD_STOP,
	LVS_CMD_RESTORE,
	LVS_CMD_SAVE,
	LVS_CMD_ZERO,
	LVS_CMD_HELP,
	LVS_CMD_VERSION,
};

/* Bits of lvs_request.said. Several options may share one: only one of them may be said. */
enum lvs_said {
	LVS_SAID_NUMERIC,
	LVS_SAID_CONNECTION,
	LVS_SAID_SERVICE,
	LVS_SAID_SCHEDULER,
	LVS_SAID_PERSISTENT,
	LVS_SAID_NETMASK,
	LVS_SAID_SERVER,
	LVS_SAID_FORWARD,
	LVS_SAID_WEIGHT,
	LVS_SAID_U_THRESHOLD,
	LVS_SAID_L_THRESHOLD,
	LVS_SAID_MCAST_IF,
	LVS_SAID_TIMEOUT,
	LVS_SAID_DAEMON,
	LVS_SAID_STATS,
	LVS_SAID_RATE,
	LVS_SAID_THRESHOLDS,
	LVS_SAID_PERSISTENT_CONN,
	LVS_SAID_NOSORT,
	LVS_SAID_SYNCID,
	LVS_SAID_EXACT,
	LVS_SAID_OPS,
	LVS_SAID_PE,
	LVS_SAID_SCHED_FLAGS,
	LVS_SAID_MCAST_GROUP,
	LVS_SAID_MCAST_PORT,
	LVS_SAID_MCAST_TTL,
	LVS_SAID_MAXLEN,
	LVS_SAID_TUN_INFO,
	LVS_SAID_TUN_TYPE,
	LVS_SAID_TUN_PORT,
	LVS_SAID_TUN_NOCSUM,
	LVS_SAID_TUN_CSUM,
	LVS_SAID_TUN_REMCSUM,
	LVS_SAID_IPV6, /* may be repeated */
	LVS_SAID_SORT, /* likewise */
	LVS_SAID_JSON,
	LVS_SAID_STRICT,
	LVS_SAID_ATOMIC,
	LVS_SAID_WATCH,
	LVS_SAID_FULL,
	LVS_SAID_N,
};

/* What the words of one command line, or of one line of a file, say. */
struct lvs_request {
	enum lvs_cmd cmd;
	uint64_t said; /* bits by enum lvs_said */
	struct np_lvs_svc svc;
	struct np_lvs_dest dest;
	struct np_lvs_timeouts timeouts;
	struct np_lvs_daemon daemon;
	const char *sched_flags; /* "sh-port,flag-2", until the scheduler is known */
	const char *sort;        /* the column of --sort=COLUMN, or NULL */
	int status;              /* the exit status that ipvsadm has for what is wrong: 2 or 255 */
	bool saved;              /* a line of -R */
	bool goes_on;            /* it is wrong, but ipvsadm would go on with the next line of -R */
};

/* The size of svc.sched, svc.pe and daemon.ifn. */
#define LVS_STRING 16

/* How the value of an option is read; see args_value.c. */
enum lvs_kind {
	LVS_K_FLAG,      /* no more than its bit of said */
	LVS_K_COMMAND,   /* min: the enum lvs_cmd */
	LVS_K_STATE,     /* a command of a daemon: master or backup */
	LVS_K_SERVICE,   /* min: the protocol */
	LVS_K_FWMARK,
	LVS_K_SERVER,
	LVS_K_STRING,    /* a char[LVS_STRING] */
	LVS_K_SCHEDULER, /* likewise; the kernel may know others than lib/sched.h */
	LVS_K_U32,       /* min..max */
	LVS_K_U16,
	LVS_K_U8,
	LVS_K_TIMEOUT,   /* a missing one is 360 */
	LVS_K_NETMASK,
	LVS_K_FORWARD,   /* min: IP_VS_CONN_F_* */
	LVS_K_FULLNAT,
	LVS_K_SVC_FLAG,  /* min: IP_VS_SVC_F_* */
	LVS_K_TUN_FLAG,  /* min: IP_VS_TUNNEL_ENCAP_FLAG_* */
	LVS_K_TUN_TYPE,
	LVS_K_GROUP,
	LVS_K_POINTER,   /* a const char * */
	LVS_K_IPV6,
	LVS_K_SORT,
};

/* A word and what it stands for. */
struct lvs_word {
	const char *word; /* the last has none */
	uint32_t value;
};

struct lvs_option {
	char letter;       /* 0: none */
	const char *name;
	const char *arg;   /* NULL: none; "X": wanted; "[X]": may be there; "=X": by --name=X */
	enum lvs_kind kind;
	enum lvs_said said;
	size_t offset;     /* in struct lvs_request */
	int64_t min, max;
	uint32_t may, need; /* of enum lvs_cmd, LVS_MASK() */
	uint32_t alone;     /* commands with which only one of the options marked so may go */
	const char *help;
	const struct lvs_word *words; /* that the argument can be */
};

#define LVS_MASK(cmd) (1u << (cmd))

extern const struct lvs_option lvs_options[]; /* the last has no name */
extern const struct lvs_word lvs_flag_words[];   /* IP_VS_SVC_F_SCHED*; names are of schedulers */
extern const struct lvs_word lvs_tunnel_words[]; /* IP_VS_CONN_F_TUNNEL_TYPE_* */
extern const struct lvs_word lvs_sort_words[];   /* of --sort; list_sort.c knows the values */
/* The row of a word, or NULL. */
const struct lvs_word *lvs_word(const struct lvs_word *words, const char *word);
/* The words that the argument of an option can be, as completion has them; NULL behind the last. */
const char *lvs_option_word(const struct lvs_option *o, size_t i);
/* The long option that stands for a command: "add-service". */
const char *lvs_cmd_name(enum lvs_cmd cmd);

#endif
