// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/static_nat: the mappings of single IPv4 addresses without interface, in the language
 * and the listing of the module's first form.
 *
 * A position of the file is a place in the listing, not a count of rows: the table's half in the
 * upper 32 bits, the number of the mapping in the lower ones, 0 for the half's heading. So a reader
 * goes on where it was, in any pieces, whatever came or went meanwhile.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "parse.h"
#include "static_nat.h"
#include "static_nat_uapi.h"

/*
 * A write as long as this may end in the middle of a line: it is a piece of a file. C's stdio, and
 * with it the shell's printf, writes to a file of /proc in pieces of this size.
 */
#define SN_LONG_WRITE 1024

/**
 * struct sn_file - an open file
 * @sn: of its namespace
 * @write_lock: of @lines
 * @lines: the line that a long write has left unfinished
 */
struct sn_file {
	struct sn_net *sn;
	struct mutex write_lock;
	struct sn_lines lines;
};

/* The changes of a write, in pages. */
struct sn_page {
	struct list_head list;
	unsigned int n;
	struct sn_line line[];
};

#define SN_PAGE_LINES ((PAGE_SIZE - sizeof(struct sn_page)) / sizeof(struct sn_line))

/* So many lines hold up nobody for long. */
#define SN_LINES_SHORT 1024

struct sn_batch {
	struct list_head pages;
	unsigned long n;
};

static bool sn_is_listed(const struct sn_entry *e)
{
	return e->spec.family == SN_V4 && e->spec.plen == 32 && !e->spec.ifindex && sn_visible(e);
}

/* Leaves RCU now and then: what the caller had of it before is lost. */
static struct sn_entry *sn_seq_find(struct sn_net *sn, loff_t *pos)
{
	const struct sn_table *t = rcu_dereference(sn->table);
	unsigned long id = lower_32_bits(*pos);
	unsigned int seen = 0;
	struct sn_entry *e;

	for (e = sn_next(t, &id); e && !sn_is_listed(e); e = sn_next(t, &id)) {
		id++;
		if (++seen % SN_WALK)
			continue;
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
		t = rcu_dereference(sn->table);
	}
	*pos = (*pos & ~(loff_t)U32_MAX) | id;
	return e;
}

/* What is at *pos, or the next thing behind it. */
static void *sn_seq_at(struct sn_file *f, loff_t *pos)
{
	struct sn_entry *e;

	if (!lower_32_bits(*pos))
		return SEQ_START_TOKEN;
	e = sn_seq_find(f->sn, pos);
	if (e || upper_32_bits(*pos))
		return e;
	*pos = 1LL << 32;
	return SEQ_START_TOKEN;
}

static void *sn_seq_start(struct seq_file *m, loff_t *pos) __acquires(RCU)
{
	rcu_read_lock();
	return upper_32_bits(*pos) > 1 ? NULL : sn_seq_at(m->private, pos);
}

static void *sn_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return sn_seq_at(m->private, pos);
}

static void sn_seq_stop(struct seq_file *m, void *v) __releases(RCU)
{
	rcu_read_unlock();
}

static int sn_seq_show(struct seq_file *m, void *v)
{
	enum sn_dir dir = upper_32_bits(m->index) ? SN_DST : SN_SRC;
	struct sn_entry *e = v;
	struct sn_counts sum;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, dir == SN_SRC ? "Source trans table:\n" :
			 "\nDestination trans table:\n");
		return 0;
	}
	sn_counts_sum(e, &sum);
	seq_printf(m, "From:%-15pI4 To:%-15pI4    [%s]  [Bytes:%llu  Packet:%llu]\n",
		   &e->spec.addr[dir].ip, &e->spec.addr[!dir].ip,
		   e->spec.kind == dir ? "STATIC" : "AUTO", sum.bytes[dir], sum.packets[dir]);
	return 0;
}

static const struct seq_operations sn_seq_ops = {
	.start = sn_seq_start,
	.next = sn_seq_next,
	.stop = sn_seq_stop,
	.show = sn_seq_show,
};

static int sn_batch_take(void *arg, const struct sn_line *line)
{
	struct sn_batch *b = arg;
	struct sn_page *page = list_empty(&b->pages) ? NULL :
			       list_last_entry(&b->pages, struct sn_page, list);

	/* as many as can succeed: all deleted, and as many added */
	if (b->n++ >= 2UL * READ_ONCE(sn_max_mappings))
		return -ENOSPC;
	if (!page || page->n == SN_PAGE_LINES) {
		page = (void *)__get_free_page(GFP_KERNEL_ACCOUNT);
		if (!page)
			return -ENOMEM;
		page->n = 0;
		list_add_tail(&page->list, &b->pages);
	}
	page->line[page->n++] = *line;
	return 0;
}

static void sn_batch_free(struct sn_batch *b)
{
	struct sn_page *page, *next;

	list_for_each_entry_safe(page, next, &b->pages, list)
		free_page((unsigned long)page);
}

static int sn_line_apply(struct sn_txn *txn, const struct sn_line *line)
{
	struct sn_spec spec = {
		.family = SN_V4,
		.kind = line->src ? SN_SRC : SN_DST,
		.plen = 32,
	};

	spec.addr[spec.kind].ip = line->from;
	spec.addr[!spec.kind].ip = line->to;
	if (line->add)
		return sn_txn_add(txn, &spec);
	return sn_txn_del(txn, &spec, SN_MATCH_TO | SN_MATCH_MODE);
}

static int sn_batch_lines(struct sn_batch *b, struct sn_txn *txn)
{
	struct sn_page *page;
	unsigned int i;
	int err;

	list_for_each_entry(page, &b->pages, list) {
		for (i = 0; i < page->n; i++) {
			err = sn_line_apply(txn, &page->line[i]);
			if (err)
				return err;
			sn_txn_pause(txn);
		}
	}
	return 0;
}

static int sn_batch_once(struct sn_batch *b, struct sn_net *sn, bool alone)
{
	struct sn_txn *txn;
	int err = -ENOMEM;

	mutex_lock(&sn->lock);
	txn = sn_txn_begin(sn, rcu_dereference_raw(sn->table));
	if (!txn)
		goto unlock;
	txn->alone = alone;
	err = sn_batch_lines(b, txn);
	if (err)
		sn_txn_abort(txn);
	else
		sn_txn_commit(txn, 0);
unlock:
	mutex_unlock(&sn->lock);
	return err;
}

static int sn_batch_apply(struct sn_batch *b, struct sn_net *sn)
{
	int err = -EAGAIN;

	if (b->n <= SN_LINES_SHORT)
		err = sn_batch_once(b, sn, false);
	if (err != -EAGAIN)
		return err;
	mutex_lock(&sn->alone);
	err = sn_batch_once(b, sn, true);
	mutex_unlock(&sn->alone);
	return err;
}

/* Reads all of the user's bytes before anything is locked: a page of them may be long in coming. */
static int sn_batch_read(struct sn_batch *b, struct sn_lines *lines, const char __user *user,
			 size_t count)
{
	char *piece = kmalloc(PAGE_SIZE, GFP_KERNEL);
	size_t done, n;
	int err = 0;

	if (!piece)
		return -ENOMEM;
	for (done = 0; !err && done < count; done += n) {
		n = min_t(size_t, count - done, PAGE_SIZE);
		if (copy_from_user(piece, user + done, n))
			err = -EFAULT;
		else
			err = sn_lines_feed(lines, piece, n, sn_batch_take, b);
		if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	kfree(piece);
	if (!err && lines->len && count < SN_LONG_WRITE)
		err = sn_lines_end(lines, sn_batch_take, b);
	else if (!err && lines->len)
		err = sn_lines_pause(lines, sn_batch_take, b);
	return err;
}

/* Who opened it and who writes: neither a program that was handed the file nor its giver alone. */
static bool sn_may_write(struct file *file, const struct net *net)
{
	return file_ns_capable(file, net->user_ns, CAP_NET_ADMIN) &&
	       ns_capable(net->user_ns, CAP_NET_ADMIN);
}

static ssize_t sn_write(struct file *file, const char __user *user, size_t count, loff_t *pos)
{
	struct sn_file *f = ((struct seq_file *)file->private_data)->private;
	struct sn_batch b = { .pages = LIST_HEAD_INIT(b.pages) };
	int err;

	if (!sn_may_write(file, f->sn->net))
		return -EPERM;
	if (!count)
		return 0;
	mutex_lock(&f->write_lock);
	err = sn_batch_read(&b, &f->lines, user, count);
	if (!err && b.n)
		err = sn_batch_apply(&b, f->sn);
	if (err)
		f->lines = (struct sn_lines) {};
	mutex_unlock(&f->write_lock);
	sn_batch_free(&b);
	return err ? err : count;
}

static int sn_open(struct inode *inode, struct file *file)
{
	struct sn_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	int err;

	if (!f)
		return -ENOMEM;
	f->sn = pde_data(inode);
	mutex_init(&f->write_lock);
	err = seq_open(file, &sn_seq_ops);
	if (err)
		kfree(f);
	else
		((struct seq_file *)file->private_data)->private = f;
	return err;
}

/* The end of the file is the end of its last line; nobody is left to be told of an error. */
static int sn_release(struct inode *inode, struct file *file)
{
	struct sn_file *f = ((struct seq_file *)file->private_data)->private;
	struct sn_batch b = { .pages = LIST_HEAD_INIT(b.pages) };

	if (f->lines.len && !sn_lines_end(&f->lines, sn_batch_take, &b))
		sn_batch_apply(&b, f->sn);
	sn_batch_free(&b);
	kfree(f);
	return seq_release(inode, file);
}

static const struct proc_ops sn_proc_ops = {
	.proc_open = sn_open,
	.proc_read_iter = seq_read_iter,
	.proc_write = sn_write,
	.proc_lseek = seq_lseek,
	.proc_release = sn_release,
};

int sn_proc_init(struct sn_net *sn)
{
	struct net *net = sn->net;
	struct proc_dir_entry *pde;
	kuid_t uid = make_kuid(net->user_ns, 0);
	kgid_t gid = make_kgid(net->user_ns, 0);

	pde = proc_create_data("static_nat", 0644, net->proc_net, &sn_proc_ops, sn);
	if (!pde)
		return -ENOMEM;
	/* the root of a container may write, and is not the host's */
	if (uid_valid(uid) && gid_valid(gid))
		proc_set_user(pde, uid, gid);
	return 0;
}

/* Waits for those who read or write, and closes the file for them. */
void sn_proc_exit(struct sn_net *sn)
{
	remove_proc_entry("static_nat", sn->net->proc_net);
}
