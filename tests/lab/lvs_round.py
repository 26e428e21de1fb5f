#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lvs_round.py CORPUS LVSCTL EVERY: save, clear, restore, save is the same file after each scenario.

CORPUS has runner.py and t/*.t; of EVERY scenarios one is taken. What it does to the table is done by
LVSCTL in ipvsadm's place, in one namespace for all; the round is made at its end and wherever it
begins to delete. Saved as -Sn and as -Sn --full, restored by -R; as JSON, restored by apply. Then
once more with FULLNAT in the place of NAT.
"""
import os
import re
import subprocess
import sys
import tempfile
import time

corpus, command, every = sys.argv[1], os.path.abspath(sys.argv[2]), int(sys.argv[3])
sys.path.insert(0, corpus)
sys.dont_write_bytecode = True
import runner  # noqa: E402

CHANGE = re.compile(r"ipvsadm\s+(-[AEaedDC]|--(add|edit|delete)-\w+|--clear)")
DELETE = re.compile(r"ipvsadm\s+(-[CDd]|--delete-\w+|--clear)|.*ipvsadm-restore")
SHELL = re.compile(r"""[|;&<>$`(){}*"'\\~]""")
NO_CHANGE = re.compile(r"(ip|sleep|grep|cat|head|setpriv)\b|ipvsadm\s+(-[LSZ]|--(list|save|zero|set|start|stop)\b)")


class Failure(Exception):
    pass


def own_namespace():
    """As runner.py has it for each scenario."""
    runner.sysc("unshare", runner.NEWNS | runner.NEWNET)
    runner.mount("none", "/", None, runner.MS_REC | runner.MS_PRIVATE)
    etc = tempfile.mkdtemp(prefix="etc.", dir="/tmp")
    for name, text in runner.ETC.items():
        with open(f"{etc}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(f"{etc}/{name}", 0o644)
        if os.path.exists(f"/etc/{name}"):
            runner.mount(f"{etc}/{name}", os.path.realpath(f"/etc/{name}"), None, runner.MS_BIND)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.chdir(tempfile.mkdtemp(prefix="round.", dir="/tmp"))


def lvsctl(*words, text=None, status=0):
    p = subprocess.run([command, *words], input=text, capture_output=True, encoding="utf-8", check=False)
    if p.returncode != status:
        raise Failure(f"{words}: exit status {p.returncode}: {p.stderr}{p.stdout}")
    return p.stdout


def same(what, a, b):
    if a != b:
        raise Failure(f"{what}\n--- saved\n{a}--- after the restore\n{b}")


def saved(change):
    """After these commands, in one process: a process takes longer to start than all it does."""
    lines = lvsctl("-R", text=change + "-Sn\n-Sn --full\n").splitlines(keepends=True)
    half = len(lines) // 2
    return "".join(lines[:half]), "".join(lines[half:])


def round_of_table(plain, full):
    """What was saved of the table makes the same table."""
    again = lvsctl("-R", "--strict", text=f"-C\n{plain}-Sn\n-C\n{full}-Sn --full\n-S --json\n-C\n")
    same("lines", plain + full, again[:len(plain + full)])
    lvsctl("apply", "-q", "-", text=again[len(plain + full):])
    same("JSON", full, lvsctl("-Sn", "--full"))


def with_fullnat(full):
    """FULLNAT where NAT was; services of one-packet scheduling have none."""
    single = {line.split(" -s ")[0][3:] for line in full.splitlines() if line.startswith("-A") and " -o" in line}
    lines = [line if line.split(" -r ")[0][3:] in single else line.replace(" -m ", " --fullnat ")
             for line in full.splitlines()]
    return "".join(line + "\n" for line in lines)


def rounds(lines, log):
    """The table's after lines, and again with FULLNAT; log: how large it was. Returns the lines that
    make it as it was."""
    plain, full = saved("".join(lines))
    log.append(full.count("\n"))
    if not full:
        return []
    round_of_table(plain, full)
    other = with_fullnat(full)
    if other == full:
        return []
    plain, again = saved("-C\n" + other)
    same("FULLNAT", other, again)
    round_of_table(plain, again)
    log[-1] = f"{log[-1]}+FULLNAT"
    return ["-C\n", full]


def scenario(commands, environment, log):
    lines, changed = ["-C\n"], False

    for c in commands:
        text = c["cmd"].replace("2>&1", "")
        if changed and DELETE.match(text) and not c["rc"]:
            lines = rounds(lines, log)
            changed = False
        if CHANGE.match(text) and not SHELL.search(text):
            if c["rc"] in (0, 255):  # what the kernel refused there may be good in this namespace
                lines.append(text + "\n")
                changed |= not DELETE.match(text)
        elif "ipvsadm" in text and not NO_CHANGE.match(text) or re.match("(printf|echo|seq|cat)", text):
            lvsctl("-R", text="".join(lines) + "-Sn\n")
            lines = []
            subprocess.run(["bash", "-c", text], env=environment, capture_output=True, stdin=subprocess.DEVNULL,
                           timeout=60, check=False)
            changed = True
    if changed:
        rounds(lines, log)


def main():
    own_namespace()
    for name in ("ipvsadm", "ipvsadm-save", "ipvsadm-restore"):
        os.symlink(command, name)
    environment = dict(os.environ, PATH=os.getcwd() + ":" + os.environ["PATH"], LC_ALL="C", T="/nowhere")
    names = sorted(f for f in os.listdir(f"{corpus}/t") if f.endswith(".t"))[::every]
    bad = done = 0
    for name in names:
        log, start = [], time.monotonic()
        try:
            scenario(runner.parse(f"{corpus}/t/{name}")[1], environment, log)
            print("ok  ", name, f"{time.monotonic() - start:.1f} s, lines:", *log, flush=True)
        except Failure as failure:
            bad += 1
            print("FAIL", name, failure, flush=True)
        done += len(log)
    print(f"{len(names) - bad} of {len(names)} are the same, in {done} rounds")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
