// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/sched.h"
#include "lvsctl/options.h"

#define MONTH (31 * 86400)

static const struct lvs_word states[] = {
	{ "master", IP_VS_STATE_MASTER }, { "backup", IP_VS_STATE_BACKUP }, { NULL, 0 },
};

const struct lvs_word lvs_tunnel_words[] = {
	{ "ipip", IP_VS_CONN_F_TUNNEL_TYPE_IPIP },
	{ "gue", IP_VS_CONN_F_TUNNEL_TYPE_GUE },
	{ "gre", IP_VS_CONN_F_TUNNEL_TYPE_GRE },
	{ NULL, 0 },
};

static const struct lvs_word engines[] = { { "sip", 0 }, { NULL, 0 } };

const struct lvs_word lvs_flag_words[] = {
	{ "sh-fallback", IP_VS_SVC_F_SCHED1 }, { "sh-port", IP_VS_SVC_F_SCHED2 },
	{ "mh-fallback", IP_VS_SVC_F_SCHED1 }, { "mh-port", IP_VS_SVC_F_SCHED2 },
	{ "flag-1", IP_VS_SVC_F_SCHED1 },      { "flag-2", IP_VS_SVC_F_SCHED2 },
	{ "flag-3", IP_VS_SVC_F_SCHED3 },      { NULL, 0 },
};

enum {
	SVC = LVS_MASK(LVS_CMD_ADD) | LVS_MASK(LVS_CMD_EDIT),
	DEST = LVS_MASK(LVS_CMD_ADD_DEST) | LVS_MASK(LVS_CMD_EDIT_DEST),
	SERVER = DEST | LVS_MASK(LVS_CMD_DEL_DEST),
	WHICH = SVC | SERVER | LVS_MASK(LVS_CMD_DEL),
	LIST = LVS_MASK(LVS_CMD_LIST),
	SAVE = LVS_MASK(LVS_CMD_SAVE),
	START = LVS_MASK(LVS_CMD_START),
	STOP = LVS_MASK(LVS_CMD_STOP),
	RESTORE = LVS_MASK(LVS_CMD_RESTORE),
	ZERO = LVS_MASK(LVS_CMD_ZERO),
	ALL = ~0,
};

#define AT(member) offsetof(struct lvs_request, member)
#define COMMAND(l, n, c, h) \
	{ .letter = l, .name = n, .kind = LVS_K_COMMAND, .min = c, .help = h }
#define FLAG(l, n, s, m, h) \
	{ .letter = l, .name = n, .kind = LVS_K_FLAG, .said = s, .may = m, .help = h }
#define NUMBER(l, n, a, k, s, m, at, lo, hi, h) \
	{ .letter = l, .name = n, .arg = a, .kind = k, .said = s, .may = m, .offset = at, \
	  .min = lo, .max = hi, .help = h }

const struct lvs_option lvs_options[] = {
	COMMAND('A', "add-service", LVS_CMD_ADD, "adds a virtual service"),
	COMMAND('E', "edit-service", LVS_CMD_EDIT, "changes a virtual service"),
	COMMAND('D', "delete-service", LVS_CMD_DEL, "deletes a virtual service"),
	COMMAND('C', "clear", LVS_CMD_CLEAR, "deletes all services"),
	COMMAND('R', "restore", LVS_CMD_RESTORE, "does the commands of standard input"),
	COMMAND('S', "save", LVS_CMD_SAVE, "prints the commands that make the table"),
	COMMAND('a', "add-server", LVS_CMD_ADD_DEST, "adds a real server to a service"),
	COMMAND('e', "edit-server", LVS_CMD_EDIT_DEST, "changes a real server"),
	COMMAND('d', "delete-server", LVS_CMD_DEL_DEST, "deletes a real server"),
	COMMAND('L', "list", LVS_CMD_LIST, "lists the table, or what an option says"),
	COMMAND('l', "list", LVS_CMD_LIST, NULL),
	COMMAND('Z', "zero", LVS_CMD_ZERO, "zeroes counters"),
	{ .name = "set", .kind = LVS_K_COMMAND, .min = LVS_CMD_SET,
	  .help = "timeouts TCP TCPFIN UDP in seconds" },
	{ .name = "start-daemon", .arg = "STATE", .kind = LVS_K_STATE, .min = LVS_CMD_START,
	  .help = "starts the synchronization daemon", .words = states },
	{ .name = "stop-daemon", .arg = "STATE", .kind = LVS_K_STATE, .min = LVS_CMD_STOP,
	  .help = "stops it", .words = states },
	COMMAND('h', "help", LVS_CMD_HELP, "this text"),
	COMMAND('v', "version", LVS_CMD_VERSION, "the version of the language"),
	{ 't', "tcp-service", "ADDRESS[:PORT]", LVS_K_SERVICE, LVS_SAID_SERVICE, 0, IPPROTO_TCP, 0,
	  WHICH | LIST | ZERO, WHICH, LIST, "a TCP service", NULL },
	{ 'u', "udp-service", "ADDRESS[:PORT]", LVS_K_SERVICE, LVS_SAID_SERVICE, 0, IPPROTO_UDP, 0,
	  WHICH | LIST | ZERO, WHICH, LIST, "a UDP service", NULL },
	{ 0, "sctp-service", "ADDRESS[:PORT]", LVS_K_SERVICE, LVS_SAID_SERVICE, 0, IPPROTO_SCTP, 0,
	  WHICH | LIST | ZERO, WHICH, LIST, "an SCTP service", NULL },
	{ 'f', "fwmark-service", "MARK", LVS_K_FWMARK, LVS_SAID_SERVICE, 0, 0, 0,
	  WHICH | LIST | ZERO, WHICH, LIST, "the service of a firewall mark", NULL },
	{ .letter = '6', .name = "ipv6", .kind = LVS_K_IPV6, .said = LVS_SAID_IPV6, .may = ALL,
	  .help = "the marked packets are IPv6; after -f" },
	{ 's', "scheduler", "NAME", LVS_K_SCHEDULER, LVS_SAID_SCHEDULER, AT(svc.sched), 0, 0, SVC,
	  0, 0, "who is chosen (wlc)", NULL },
	{ .name = "pe", .arg = "ENGINE", .kind = LVS_K_STRING, .said = LVS_SAID_PE,
	  .offset = AT(svc.pe), .may = SVC, .help = "persistence engine", .words = engines },
	NUMBER('p', "persistent", "[SECONDS]", LVS_K_TIMEOUT, LVS_SAID_PERSISTENT, SVC,
	       AT(svc.timeout), 1, MONTH, "a client keeps its real server (360)"),
	{ 'M', "netmask", "NETMASK", LVS_K_NETMASK, LVS_SAID_NETMASK, AT(svc.netmask), 0, 0, SVC, 0,
	  0, "what of an address counts for -p", NULL },
	{ 'b', "sched-flags", "FLAG[,FLAG]", LVS_K_POINTER, LVS_SAID_SCHED_FLAGS, AT(sched_flags),
	  0, 0, SVC, 0, 0, "flags of the scheduler", lvs_flag_words },
	{ .letter = 'o', .name = "ops", .kind = LVS_K_SVC_FLAG, .said = LVS_SAID_OPS,
	  .min = IP_VS_SVC_F_ONEPACKET, .may = SVC, .help = "each packet is scheduled by itself" },
	{ 'r', "real-server", "ADDRESS[:PORT]", LVS_K_SERVER, LVS_SAID_SERVER, 0, 0, 0, SERVER,
	  SERVER, 0, "a real server", NULL },
	{ .letter = 'g', .name = "gatewaying", .kind = LVS_K_FORWARD, .said = LVS_SAID_FORWARD,
	  .min = IP_VS_CONN_F_DROUTE, .may = DEST, .help = "direct routing (the default)" },
	{ .letter = 'i', .name = "ipip", .kind = LVS_K_FORWARD, .said = LVS_SAID_FORWARD,
	  .min = IP_VS_CONN_F_TUNNEL, .may = DEST, .help = "through a tunnel" },
	{ .letter = 'm', .name = "masquerading", .kind = LVS_K_FORWARD, .said = LVS_SAID_FORWARD,
	  .min = IP_VS_CONN_F_MASQ, .may = DEST, .help = "NAT of the destination" },
	{ .name = "fullnat", .arg = "=ADDRESS", .kind = LVS_K_FULLNAT, .said = LVS_SAID_FORWARD,
	  .min = IP_VS_CONN_F_MASQ, .may = DEST, .help = "NAT of source and destination" },
	{ .name = "tun-type", .arg = "TYPE", .kind = LVS_K_TUN_TYPE, .said = LVS_SAID_TUN_TYPE,
	  .may = DEST, .help = "of tunnel (ipip)", .words = lvs_tunnel_words },
	NUMBER(0, "tun-port", "PORT", LVS_K_U16, LVS_SAID_TUN_PORT, DEST, AT(dest.tun_port), 1,
	       65535, "UDP port of gue"),
	{ .name = "tun-nocsum", .kind = LVS_K_TUN_FLAG, .said = LVS_SAID_TUN_NOCSUM,
	  .min = IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM, .may = DEST, .help = "gue, gre: no checksum" },
	{ .name = "tun-csum", .kind = LVS_K_TUN_FLAG, .said = LVS_SAID_TUN_CSUM,
	  .min = IP_VS_TUNNEL_ENCAP_FLAG_CSUM, .may = DEST, .help = "gue, gre: a checksum" },
	{ .name = "tun-remcsum", .kind = LVS_K_TUN_FLAG, .said = LVS_SAID_TUN_REMCSUM,
	  .min = IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM, .may = DEST, .help = "gue: a remote checksum" },
	NUMBER('w', "weight", "WEIGHT", LVS_K_U32, LVS_SAID_WEIGHT, DEST, AT(dest.weight), 0,
	       INT_MAX, "its share of the load (1)"),
	NUMBER('x', "u-threshold", "CONNECTIONS", LVS_K_U32, LVS_SAID_U_THRESHOLD, DEST,
	       AT(dest.u_threshold), 0, INT_MAX, "above, it gets no more"),
	NUMBER('y', "l-threshold", "CONNECTIONS", LVS_K_U32, LVS_SAID_L_THRESHOLD, DEST,
	       AT(dest.l_threshold), 0, INT_MAX, "below, it gets them again"),
	{ .letter = 'c', .name = "connection", .kind = LVS_K_FLAG, .said = LVS_SAID_CONNECTION,
	  .may = LIST, .alone = LIST, .help = "lists connections" },
	{ .name = "timeout", .kind = LVS_K_FLAG, .said = LVS_SAID_TIMEOUT, .may = LIST,
	  .alone = LIST, .help = "lists the timeouts" },
	{ .name = "daemon", .kind = LVS_K_FLAG, .said = LVS_SAID_DAEMON, .may = LIST,
	  .alone = LIST, .help = "lists the daemons" },
	FLAG(0, "stats", LVS_SAID_STATS, LIST, "lists counters"),
	FLAG(0, "rate", LVS_SAID_RATE, LIST, "lists what comes each second"),
	FLAG('X', "exact", LVS_SAID_EXACT, LIST, "whole numbers, no K and M"),
	FLAG(0, "thresholds", LVS_SAID_THRESHOLDS, LIST, "lists the thresholds"),
	FLAG(0, "persistent-conn", LVS_SAID_PERSISTENT_CONN, LIST,
	     "lists persistent connections; with -c the engine's data"),
	FLAG(0, "tun-info", LVS_SAID_TUN_INFO, LIST, "lists the tunnels"),
	FLAG(0, "nosort", LVS_SAID_NOSORT, LIST, "lists in the kernel's order"),
	{ .name = "sort", .arg = "=COLUMN", .kind = LVS_K_SORT, .said = LVS_SAID_SORT, .may = ALL,
	  .help = "sorts real servers (by address)", .words = lvs_sort_words },
	FLAG('n', "numeric", LVS_SAID_NUMERIC, LIST | SAVE, "numbers for addresses and ports"),
	NUMBER(0, "syncid", "ID", LVS_K_U32, LVS_SAID_SYNCID, START | STOP | LIST,
	       AT(daemon.syncid), 0, 255, "of the daemon (0)"),
	NUMBER(0, "sync-maxlen", "BYTES", LVS_K_U16, LVS_SAID_MAXLEN, START, AT(daemon.maxlen), 1,
	       65535 - 20 - 8, "of a daemon's message"),
	{ .name = "mcast-interface", .arg = "DEV", .kind = LVS_K_STRING, .said = LVS_SAID_MCAST_IF,
	  .offset = AT(daemon.ifn), .may = START, .help = "on which the daemon talks (eth0)" },
	{ .name = "mcast-group", .arg = "ADDRESS", .kind = LVS_K_GROUP,
	  .said = LVS_SAID_MCAST_GROUP, .may = START, .help = "its group (224.0.0.81)" },
	NUMBER(0, "mcast-port", "PORT", LVS_K_U16, LVS_SAID_MCAST_PORT, START, AT(daemon.port), 1,
	       65535, "its UDP port (8848)"),
	NUMBER(0, "mcast-ttl", "TTL", LVS_K_U8, LVS_SAID_MCAST_TTL, START, AT(daemon.ttl), 1, 255,
	       "its TTL (1)"),
	FLAG('j', "json", LVS_SAID_JSON, LIST | SAVE, "prints JSON"),
	FLAG(0, "watch", LVS_SAID_WATCH, LIST, "lists each second, until it is ended"),
	FLAG(0, "full", LVS_SAID_FULL, SAVE, "saves thresholds too, which ipvsadm loses"),
	FLAG(0, "strict", LVS_SAID_STRICT, RESTORE, "a line that fails fails the command"),
	FLAG(0, "atomic", LVS_SAID_ATOMIC, RESTORE, "when a line fails nothing is changed"),
	{ 0 },
};

const struct lvs_word *lvs_word(const struct lvs_word *words, const char *word)
{
	for (; words->word; words++)
		if (!strcmp(words->word, word))
			return words;
	return NULL;
}

const char *lvs_option_word(const struct lvs_option *o, size_t i)
{
	if (o->kind == LVS_K_SCHEDULER)
		return i < NP_SCHED_KINDS ? np_sched_name((enum np_sched_kind)i) : NULL;
	return o->words ? o->words[i].word : NULL;
}

const char *lvs_cmd_name(enum lvs_cmd cmd)
{
	for (const struct lvs_option *o = lvs_options; o->name; o++)
		if ((o->kind == LVS_K_COMMAND || o->kind == LVS_K_STATE) && o->min == (int)cmd)
			return o->name;
	return "";
}
