#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""oracle6.py PRT SEED [QUESTIONS]: the IPv6 half of prt explain against the kernel.

Makes rules, tables and links from SEED in a network namespace of its own (root,
or unshare -rn), asks the kernel QUESTIONS (1,000) by raw rtnetlink, the answer
and its fibmatch, and compares what `PRT -j explain --batch -` says: type, device,
gateway, table, prefix, the rule that hit, errno. Closes with `N passed, N failed`."""
import collections
import errno
import json
import os
import random
import socket
import struct
import subprocess
import sys
import time

TYPES = {1: 'unicast', 2: 'local', 3: 'broadcast', 4: 'anycast', 5: 'multicast'}
PROTO = {'tcp': 6, 'udp': 17}
TABLES = {255: 'local', 254: 'main', 253: 'default'}
CAUSES = {'ENETUNREACH': ['no-route'], 'EHOSTUNREACH': ['unreachable'], 'EACCES': ['prohibit'],
          'EINVAL': ['blackhole'], 'ENODEV': ['no-device']}
DEVS = ['v0', 'v1', 'v2']


def ip(*words):
    return subprocess.run(['ip', *words], stderr=subprocess.PIPE, check=False).returncode


def sysctl(name, value):
    with open('/proc/sys/net/ipv6/conf/' + name, 'w', encoding='ascii') as f:
        f.write(value)


class Host:
    """A random host; every choice comes from the seed."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        ip('link', 'set', 'lo', 'up')
        for i, dev in enumerate(DEVS):
            ip('link', 'add', dev, 'type', 'veth', 'peer', 'name', 'p%d' % i)
            for d in (dev, 'p%d' % i):
                sysctl('%s/accept_dad' % d, '0')
                ip('link', 'set', d, 'up')
        sysctl('all/forwarding', self.rng.choice('011'))
        self.devs, self.tables = list(DEVS), [100 + i for i in range(self.rng.randrange(3, 7))]
        self.vrf()
        ip('link', 'set', 'v1', 'group', '7')
        for i, dev in enumerate(DEVS):
            ip('-6', 'addr', 'add', '2001:db8:%d::1/64' % i, 'dev', dev, 'nodad')
        self.lines = []
        self.routes()
        self.rules()
        for line in self.lines:
            ip('-6', *line.split())
        self.linkdown()

    def vrf(self):
        """On some hosts v2 is in a VRF, where the kernel has them."""
        if self.rng.random() < .3 and not ip('link', 'add', 'red', 'type', 'vrf', 'table', '900'):
            ip('link', 'set', 'red', 'up')
            ip('link', 'set', 'v2', 'master', 'red')
            self.devs.append('red')
            self.tables.append(900)

    def linkdown(self):
        """On some hosts v1 loses its carrier, before or after the sysctl that then counts."""
        when, where = self.rng.random(), self.rng.choice(['all', 'v1'])
        if when < .2:
            sysctl(where + '/ignore_routes_with_linkdown', '1')
        if when < .5:
            ip('link', 'set', 'p1', 'down')
            for _ in range(200):
                if b'NO-CARRIER' in subprocess.run(['ip', 'link', 'show', 'v1'], stdout=subprocess.PIPE,
                                                   check=False).stdout:
                    break
                time.sleep(.02)
            time.sleep(.1)  # the routes are told after the link
        if .2 <= when < .4:
            sysctl(where + '/ignore_routes_with_linkdown', '1')

    def prefix(self):
        rng = self.rng
        if rng.random() < .12:
            return 'default'
        base = rng.choice(['2001:db8:%d:' % rng.randrange(4), '2001:db8:ff:', '2a00:1450:4001:',
                           '2606:4700:10:'])
        return rng.choice(['%s:/64', '%s%x::/64', '%s:/48', '%s:%x/128', '%s:/32']).replace(
            '%s', base).replace('%x', '%x' % rng.randrange(8))

    def routes(self):
        rng = self.rng
        for table in self.tables + ['main']:
            for _ in range(rng.randrange(2, 10)):
                k, p = rng.random(), self.prefix()
                d = rng.randrange(3)
                gw = '2001:db8:%d::%x' % (d, rng.randrange(2, 999))
                metric = ' metric %d' % rng.choice([5, 10, 20]) if rng.random() < .3 else ''
                head = '%s table %s%s' % (p, table, metric)
                if k < .25:
                    kind = rng.choice(['blackhole', 'unreachable', 'prohibit', 'throw'])
                    self.lines.append('route add %s %s' % (kind, head))
                elif k < .4:
                    self.lines.append('route add %s dev v%d' % (head, d))
                elif k < .45:
                    self.lines.append('route add local %s dev lo' % head)
                elif k < .6:
                    e = rng.randrange(3)
                    self.lines.append('route add %s nexthop via %s weight %d nexthop via 2001:db8:%d::%x' % (
                        head, gw, rng.randrange(1, 4), e, rng.randrange(2, 999)))
                elif k < .7:
                    self.lines.append('route add %s via fe80::%x dev v%d pref %s' % (
                        head, rng.randrange(2, 99), d, rng.choice(['low', 'medium', 'high'])))
                else:
                    self.lines.append('route add %s via %s' % (head, gw))

    def rules(self):
        rng = self.rng
        prefs = sorted(rng.sample(range(1, 32000), rng.randrange(5, 25)))
        for pref in prefs:
            sel = {}
            for _ in range(rng.choice([0, 1, 1, 2])):
                sel.update([rng.choice([
                    ('from', self.prefix()), ('to', self.prefix()),
                    ('iif', rng.choice(self.devs + ['lo', 'gone0'])), ('oif', rng.choice(self.devs)),
                    ('fwmark', rng.choice(['1', '1/1', '2/3'])), ('tos', rng.choice(['0x10', '0x48'])),
                    ('ipproto', rng.choice(['tcp', 'udp'])), ('dport', rng.choice(['80', '1-1023'])),
                    ('sport', '53')])])
            words = ' '.join('%s %s' % x for x in sel.items() if x[1] != 'default')
            k = rng.random()
            later = [q for q in prefs if q > pref] + [32766]
            action = (rng.choice(['blackhole', 'unreachable', 'prohibit']) if k < .15 else
                      'goto %d' % rng.choice(later) if k < .25 else
                      'table %s' % rng.choice(self.tables + ['main']) +
                      (rng.choice([' suppress_prefixlength %d' % rng.choice([0, 32, 48, 64]),
                                   ' suppress_ifgroup 7']) if rng.random() < .25 else ''))
            self.lines.append('rule add pref %d %s%s %s' % (
                pref, 'not ' if words and rng.random() < .1 else '', words, action))

    def address(self):
        rng = self.rng
        k = rng.random()
        if k < .06:
            return rng.choice(['fe80::5', 'ff02::1', 'ff05::2', '::1', '2001:db8:0::1', '2001:db8:1::'])
        return '%s%s:%x' % (rng.choice(['2001:db8:%d:' % rng.randrange(4), '2001:db8:ff:',
                                        '2a00:1450:4001:', '2606:4700:10:', '2600:1:1:']),
                            rng.choice(['', '%x:' % rng.randrange(8)]), rng.randrange(1000))

    def question(self):
        rng = self.rng
        q = {'dst': self.address()}
        if rng.random() < .5:
            q['from'] = self.address()
        if rng.random() < .4:
            q['iif'] = rng.choice(self.devs + ['lo'])
        elif rng.random() < .4:
            q['oif'] = rng.choice(self.devs)
        if q['dst'].startswith('f') and 'oif' not in q and 'iif' not in q:
            q['oif'] = rng.choice(DEVS)  # without a link any may be taken
        if rng.random() < .3:
            q['mark'] = rng.choice([1, 2, 3])
        if rng.random() < .25:
            q['tos'] = rng.choice([0x10, 0x48])
        if rng.random() < .3:
            q['ipproto'] = rng.choice(list(PROTO))
            q['sport'] = rng.choice([53, 1000])
            q['dport'] = rng.choice([80, 443, 2000])
        return q


def words(q):
    out = [q['dst']]
    for k in ('from', 'iif', 'oif', 'tos', 'mark', 'ipproto', 'sport', 'dport'):
        if k in q:
            out += [k, hex(q[k]) if k == 'tos' else str(q[k])]
    return out


class Kernel:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.sock.bind((0, 0))
        self.index = {n: i for i, n in socket.if_nameindex()}
        self.name = {i: n for n, i in self.index.items()}

    def ask(self, q, match):
        def attr(kind, data):
            return struct.pack('HH', 4 + len(data), kind) + data + b'\0' * (-len(data) % 4)
        p = attr(1, socket.inet_pton(socket.AF_INET6, q['dst']))
        if 'from' in q:
            p += attr(2, socket.inet_pton(socket.AF_INET6, q['from']))
        for key, kind in (('iif', 3), ('oif', 4)):
            if key in q:
                p += attr(kind, struct.pack('I', self.index[q[key]]))
        if 'mark' in q:
            p += attr(16, struct.pack('I', q['mark']))
        if 'ipproto' in q:
            p += attr(27, struct.pack('B', PROTO[q['ipproto']]))
            p += attr(28, struct.pack('>H', q['sport'])) + attr(29, struct.pack('>H', q['dport']))
        rtm = struct.pack('BBBBBBBBI', socket.AF_INET6, 128, 128 if 'from' in q else 0,
                          q.get('tos', 0), 0, 0, 0, 0, 0x2000 if match else 0)
        body = rtm + p
        self.sock.send(struct.pack('IHHII', 16 + len(body), 26, 1, 1, 0) + body)
        return self.read(self.sock.recv(65536))

    def read(self, d):
        size, kind = struct.unpack_from('IH', d)
        if kind == 2:
            return {'errno': errno.errorcode[-struct.unpack_from('i', d, 16)[0]]}
        _, dst_len, _, _, table, _, _, rtype = struct.unpack_from('BBBBBBBB', d, 16)
        a = {'type': TYPES.get(rtype, rtype), 'table': table, 'dst': '::', 'dst_len': dst_len}
        at = 28
        while at + 4 <= size:
            n, t = struct.unpack_from('HH', d, at)
            v = d[at + 4:at + n]
            if t == 1:
                a['dst'] = socket.inet_ntop(socket.AF_INET6, v)
            elif t == 4:
                a['dev'] = self.name[struct.unpack('I', v)[0]]
            elif t == 5:
                a['gateway'] = socket.inet_ntop(socket.AF_INET6, v)
            elif t == 15:
                a['table'] = struct.unpack('I', v)[0]
            at += (n + 3) & ~3
        return a


def wrong(said, answer, match):
    """What the explanation has wrong; None: nothing."""
    if not (said.get('kernel') or {}).get('agrees'):
        return 'disagrees by its own word: %s' % said.get('verdict')
    if answer.get('errno') == 'EMSGSIZE':  # a multicast router is asked, and there is none
        return None if said['verdict'] == 'multicast' else 'verdict %s' % said['verdict']
    if 'errno' in answer:
        if said['errno'] != answer['errno'] or said['verdict'] not in CAUSES[answer['errno']]:
            return '%s %s, kernel %s' % (said['verdict'], said['errno'], answer['errno'])
        return None
    if said['verdict'] not in (answer['type'], 'forwarding-off'):
        return 'verdict %s, kernel %s' % (said['verdict'], answer['type'])
    route = said['route']
    if route['dev'] != answer['dev'] or route.get('gateway') != answer.get('gateway'):
        return 'by %s %s' % (route.get('gateway'), route['dev'])
    want = '%s/%d' % (match['dst'], match['dst_len']) if match['dst_len'] else 'default'
    table = TABLES.get(match['table'], str(match['table']))
    hits = [r for r in said['rules'] if r.get('result') == 'hit']
    if said['prefix'] != want or said['table'] != table:
        return 'prefix %s table %s, kernel %s %s' % (said['prefix'], said['table'], want, table)
    if len(hits) != 1 or hits[0]['table'] != table:
        return 'the rule that hit: %s, kernel %s' % (hits, table)
    return None


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    prt, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    n = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    if os.environ.get('ORACLE6') != '1':
        os.environ['ORACLE6'] = '1'
        os.execvp('unshare', ['unshare', '-n', sys.executable] + sys.argv)
    host, kernel = Host(seed), Kernel()
    asked = []
    for _ in range(n):
        q = host.question()
        asked.append((q, kernel.ask(q, False), kernel.ask(q, True)))
    p = subprocess.run([prt, '-6', '-j', 'explain', '--batch', '-'], stdout=subprocess.PIPE, text=True,
                       check=False, input=''.join(' '.join(words(q)) + '\n' for q, _, _ in asked))
    lines = p.stdout.splitlines()
    bad, kinds = 0, collections.Counter()
    for i, (q, answer, match) in enumerate(asked):
        kinds[answer.get('errno') or answer['type']] += 1
        try:
            why = wrong(json.loads(lines[i]), answer, match)
        except (IndexError, KeyError, TypeError, ValueError) as e:
            why = 'no usable answer: %r' % e
        if why:
            bad += 1
            if bad <= 10:
                print('%s: %s; %s %s' % (' '.join(words(q)), why, answer, match))
    print('seed %d: %d rules and routes, %s' % (seed, len(host.lines), dict(kinds)))
    print('%d passed, %d failed' % (n - bad, bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
