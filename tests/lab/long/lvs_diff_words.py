# SPDX-License-Identifier: GPL-2.0-or-later
"""Command lines in ipvsadm's language for lvs_diff.py: most of them good ones about a few services,
the rest with options added, dropped, repeated, in another order, misspelt, or with odd values."""
import random

HOSTS4 = ["10.0.0.1", "10.0.0.2", "10.0.0.254", "127.0.0.1", "10.0.0.3"]
ODD_HOSTS4 = ["0.0.0.0", "255.255.255.255", "10.1", "0x0a000001", "010.0.0.1", "224.0.0.1", "1", "300.1.1.1",
              "10.0.0.1/24", "", "localhost", "10.0.0.1.", "-10.0.0.1", "10.0.0.1 "]
PORTS = ["80", "443", "80", "0"]
ODD_PORTS = ["65535", "65536", "-1", "http", "", "080", "+80", " 80", "0x50", "80 ", "domain", "nosuch",
             "4294967376"]
HOSTS6 = ["2001:db8::1", "2001:db8::2", "2001:db8::fe"]
ODD_HOSTS6 = ["::ffff:10.0.0.1", "::", "::1", "fe80::1", "fe80::1%lo", "2001:db8::1::2", "10.0.0.1", "ff02::1",
              "2001:DB8:0::1"]
MARKS = ["1", "5", "7"]
ODD_MARKS = ["0", "-1", "4294967295", "4294967296", "2147483648", "abc", "0x5", " 5", "+5", "", "05", "5 ", "5:80"]
SCHEDULERS = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh"]
ODD_SCHEDULERS = ["", "nosuch", "none", "rr,wrr", "a-name-of-more-than-16-letters", "RR", "wlc ", "wlcabcdefghijkl"]
TIMEOUTS = ["60", "300", "1"]
ODD_TIMEOUTS = ["0", "2678400", "2678401", "abc", "-5", "", "+60", "060", "60s", "99999999999", "0x60"]
MASKS = ["255.255.255.0", "255.255.0.0", "255.255.255.255"]
ODD_MASKS = ["0.0.0.0", "24", "64", "128", "129", "0", "255.0.255.0", "", "-1", "255.255.255", "64abc", "abc", "1"]
FLAGS = ["sh-port", "sh-fallback", "mh-port", "mh-fallback", "flag-1", "flag-2", "flag-3"]
ODD_FLAGS = ["", ",", "flag-4", "sh-", "SH-PORT", "sh-port,", "flag-1 ", "sh", "rr-port", "wlc-port"]
WEIGHTS = ["0", "1", "3", "100"]
ODD_NUMBERS = ["65535", "65536", "-1", "abc", "", "+5", "1.5", "2147483647", "2147483648", "4294967295",
               "4294967296", "007", "0x10", " 3", "3 ", "99999999999999999999"]
GROUPS = ["224.0.0.81", "239.1.2.3", "ff02::51"]
ODD_GROUPS = ["10.0.0.1", "2001:db8::1", "", "abc", "224.0.0", "255.255.255.255", "FF02::1", "::"]
DEVICES = ["lo", "d0"]
ODD_DEVICES = ["", "nosuch0", "a-name-of-more-than-16-letters", "eth0"]

LONG = {"-A": "--add-service", "-E": "--edit-service", "-D": "--delete-service", "-C": "--clear", "-R": "--restore",
        "-S": "--save", "-a": "--add-server", "-e": "--edit-server", "-d": "--delete-server", "-L": "--list",
        "-l": "--list", "-Z": "--zero", "-t": "--tcp-service", "-u": "--udp-service", "-f": "--fwmark-service",
        "-s": "--scheduler", "-p": "--persistent", "-M": "--netmask", "-r": "--real-server", "-g": "--gatewaying",
        "-i": "--ipip", "-m": "--masquerading", "-w": "--weight", "-x": "--u-threshold", "-y": "--l-threshold",
        "-c": "--connection", "-n": "--numeric", "-6": "--ipv6", "-o": "--ops", "-b": "--sched-flags", "-X": "--exact"}
LIST_FLAGS = ["-n", "-n", "-n", "-c", "--timeout", "--daemon", "--stats", "--rate", "--thresholds",
              "--persistent-conn", "--tun-info", "--nosort", "--sort", "--exact", "-X"]
COMMANDS = ["-A", "-E", "-D", "-a", "-e", "-d", "-L", "-l", "-C", "-Z", "-S"]


class Words:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.oddness = 0.0

    def chance(self, p):
        return self.r.random() < p

    def pick(self, good, odd=()):
        return self.r.choice(odd if odd and self.chance(self.oddness) else good)

    def endpoint(self, six):
        port = self.pick(PORTS, ODD_PORTS)
        if six:
            host = self.pick(HOSTS6, ODD_HOSTS6)
            if self.chance(self.oddness):
                return self.r.choice([host, f"[{host}]", f"{host}:{port}", f"[{host}", f"[{host}]{port}",
                                      f"[{host}]:{port}x"])
            return f"[{host}]:{port}"
        host = self.pick(HOSTS4, ODD_HOSTS4)
        if self.chance(self.oddness):
            return self.r.choice([host, f"[{host}]:{port}", f"{host}:{port}:{port}", f":{port}", f"{host}:"])
        return f"{host}:{port}" if self.chance(0.9) else host

    def service(self):
        """The options of a service; whether it is IPv6."""
        six = self.chance(0.25)
        if self.chance(0.25):
            return [["-f", self.pick(MARKS, ODD_MARKS)]] + ([["-6"]] if six else []), six
        kind = self.r.choice(["-t", "-t", "-u", "-u", "--sctp-service"])
        return [[kind, self.endpoint(six)]], six

    def service_options(self, six):
        o = []
        if self.chance(0.8):
            o.append(["-s", self.pick(SCHEDULERS, ODD_SCHEDULERS)])
        if self.chance(0.5):
            o.append(["-p", self.pick(TIMEOUTS, ODD_TIMEOUTS)] if self.chance(0.7) else ["-p"])
        if self.chance(0.3):
            o.append(["-M", self.pick(["64", "128", "1"] if six else MASKS, ODD_MASKS)])
        if self.chance(0.3):
            flags = ",".join(self.pick(FLAGS, ODD_FLAGS) for _ in range(self.r.choice([1, 1, 2, 3])))
            o.append(["-b", flags])
        if self.chance(0.15):
            o.append(["--pe", self.pick(["sip"], ["", "nosuch", "none", "a-name-of-more-than-16-letters"])])
        if self.chance(0.15):
            o.append(["-o"])
        return o

    def server(self, six):
        other = self.chance(0.1)
        return ["-r", self.endpoint(six != other)]

    def server_options(self):
        o = []
        forward = self.r.choice(["", "-g", "-i", "-i", "-m", "-m"])
        if forward:
            o.append([forward])
        if self.chance(0.6):
            o.append(["-w", self.pick(WEIGHTS, ODD_NUMBERS)])
        for threshold in ("-x", "-y"):
            if self.chance(0.2):
                o.append([threshold, self.pick(["0", "5", "10"], ODD_NUMBERS)])
        if forward == "-i" and self.chance(0.5) or self.chance(self.oddness / 2):
            o.append(["--tun-type", self.pick(["ipip", "gue", "gre"], ["", "vxlan", "IPIP", "ip"])])
            if self.chance(0.5):
                o.append(["--tun-port", self.pick(["6080", "1"], ODD_NUMBERS + ["0"])])
            for flag in ("--tun-nocsum", "--tun-csum", "--tun-remcsum"):
                if self.chance(0.25):
                    o.append([flag])
        return o

    def daemon_options(self):
        o = []
        if self.chance(0.7):
            o.append(["--mcast-interface", self.pick(DEVICES, ODD_DEVICES)])
        if self.chance(0.5):
            o.append(["--syncid", self.pick(["1", "255", "0"], ODD_NUMBERS + ["256"])])
        if self.chance(0.3):
            o.append(["--sync-maxlen", self.pick(["1400", "100", "65507"], ODD_NUMBERS + ["65508", "0"])])
        if self.chance(0.3):
            o.append(["--mcast-group", self.pick(GROUPS, ODD_GROUPS)])
        if self.chance(0.3):
            o.append(["--mcast-port", self.pick(["8848", "1"], ODD_NUMBERS + ["0"])])
        if self.chance(0.3):
            o.append(["--mcast-ttl", self.pick(["1", "255"], ODD_NUMBERS + ["0", "256"])])
        return o

    def any_option(self):
        six = self.chance(0.3)
        lists = [[f] for f in LIST_FLAGS] + [["-6"], ["--fullnat-no-such"], ["-q"], ["--"], ["-"], ["word"], [""]]
        groups = [self.service()[0], self.service_options(six), [self.server(six)], self.server_options(),
                  self.daemon_options(), lists, [["-t", self.endpoint(six)], ["-n"]],
                  [[c] for c in COMMANDS]]
        group = self.r.choice([g for g in groups if g])
        return self.r.choice(group)

    def good(self):
        """Options, each with its value: a command that mostly succeeds."""
        command = self.r.choice(["-A"] * 4 + ["-E"] * 3 + ["-D"] * 2 + ["-a"] * 6 + ["-e"] * 3 + ["-d"] * 2 +
                                ["-L"] * 6 + ["-l", "-C", "-Z", "-Z", "-S", "set", "set", "start", "start", "stop"])
        if command in ("-A", "-E"):
            service, six = self.service()
            return [[command]] + service + self.service_options(six)
        if command in ("-a", "-e", "-d"):
            service, six = self.service()
            return [[command]] + service + [self.server(six)] + (self.server_options() if command != "-d" else [])
        if command == "-D":
            return [[command]] + self.service()[0]
        if command in ("-L", "-l"):
            o = [[command]] + [[self.r.choice(LIST_FLAGS)] for _ in range(self.r.choice([0, 1, 1, 2, 2, 3]))]
            return o + (self.service()[0] if self.chance(0.2) else [])
        if command == "-Z":
            return [[command]] + (self.service()[0] if self.chance(0.6) else [])
        if command == "set":
            good, odd = ["0", "0", "900", "60"], ODD_NUMBERS + ["2678400", "2678401"]
            return [["--set"]] + [[self.pick(good, odd)] for _ in range(self.pick([3], [0, 1, 2, 4]))]
        if command in ("start", "stop"):
            o = [[f"--{command}-daemon", self.pick(["master", "backup"], ["", "slave", "Master", "masters"])]]
            return o + (self.daemon_options() if command == "start" or self.chance(self.oddness) else [])
        return [[command]] + ([["-n"]] if command == "-S" and self.chance(0.7) else [])

    def spoil(self, options):
        for _ in range(self.r.choice([1, 1, 1, 2])):
            what = self.r.randrange(7)
            if what <= 1:
                options.insert(self.r.randrange(len(options) + 1), self.any_option())
            elif what == 2 and len(options) > 1:
                options.pop(self.r.randrange(len(options)))
            elif what == 3:
                options.append(list(self.r.choice(options)))
            elif what == 4:
                self.r.shuffle(options)
            elif what == 5:
                option = self.r.choice(options)
                if len(option) == 2 and self.chance(0.5):
                    option.pop()
                else:
                    option.append(self.r.choice(["x", "1", "", "10.0.0.1:80"]))
            else:
                options.insert(self.r.randrange(len(options) + 1), self.any_option())
        return options

    def spelt(self, options, short=0.6):
        """Words: long or short, the value behind a blank, a = or nothing; short flags in a bundle."""
        words, bundle = [], ""
        for option in options:
            name = option[0]
            if name in LONG and not self.chance(short):
                name = LONG[name]
                if self.chance(self.oddness / 4):
                    name = self.r.choice([name[:-1], name[:-3], name[1:], name + "x", name.upper()])
            if len(name) == 2 and name[0] == "-" and bundle and self.chance(0.5):
                words[-1] += name[1]
            else:
                words.append(name)
            bundle = name if len(name) == 2 and name[0] == "-" and len(option) == 1 and name != "--" else ""
            for value in option[1:]:
                if self.chance(0.15) and name.startswith("-"):
                    words[-1] += "=" + value
                elif self.chance(0.08) and name.startswith("-"):
                    words[-1] += value
                else:
                    words.append(value)
        return words

    def line(self):
        self.oddness = self.r.choice([0.0, 0.0, 0.1, 0.3])
        options = self.good()
        head, rest = options[0], options[1:]
        if self.oddness and self.chance(0.6):
            return self.spelt(self.spoil(options))
        if head[0] != "--set" and self.chance(0.5) and ["-6"] not in rest:
            self.r.shuffle(rest)
        return self.spelt([head] + rest)

    def command(self):
        """What stands behind "ipvsadm" in the tool's name, its words, and its standard input."""
        kind = self.r.random()
        if kind < 0.88:
            return "", self.line(), ""
        if kind < 0.90:
            return "-save", self.r.choice([[], ["-n"], ["-n"], ["x"], ["-x"], ["-n", "-n"]]), ""
        text = self.lines()
        if kind < 0.92:
            return "-restore", [], text
        words = [self.r.choice(["-R", "-R", "--restore"])]
        return "", words + (["-n"] if self.chance(0.05) else []), text

    def lines(self):
        lines = []
        for _ in range(self.r.randrange(1, 7)):
            line = self.r.choice([" ", " ", "  ", "\t"]).join(self.line())
            if self.chance(0.1):
                line = self.r.choice(["  ", "ipvsadm ", "/sbin/ipvsadm ", "# "]) + line
            if self.chance(0.1):
                line += self.r.choice(["  ", "\r", "\t", " # said", " ipvsadm", " ''", ' "', "\\"])
            lines.append(line)
            if self.chance(0.1):
                lines.append(self.r.choice(["", "# comment", "   ", "ipvsadm -Ln", "ipvsadm", "-R", "-S -n"]))
        return "\n".join(lines) + self.r.choice(["\n", "\n", ""])
