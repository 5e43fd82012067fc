#!/usr/bin/env python3
"""Makes repositories.zip and expected.txt beside it; see README.md. Run as root, by hand."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import zipfile

PLACE = "/tmp/copperplate-golden"
TREE = PLACE + "/tree"
PASSWORD = "golden \u00e9"
NAMES = [
    b'"quoted"', b"back\\slash", b"\\x41", b"new\nline", b"tab\tbell\a", b"<&>",
    "\U0001f600 emoji".encode(), "\ue000 private use".encode(), "\uff5e".encode(),
    "\u00a0 NBSP".encode(), "\u0378 unassigned".encode(), b"DEL\x7f", "\u2028 LS".encode(),
    b"\xff\xfe", b"cut \xe2\x82", b"\x01\x1f", b"l" * 255, b"a.", b"a-", b"A",
]


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def make_tree(raw_link, zeros):
    os.makedirs(TREE + "/a/deep")
    top = os.fsencode(TREE)
    for number, name in enumerate(NAMES):
        write(top + b"/" + name, b"file %d\n" % number)
    write(TREE + "/a/deep/empty", b"")
    write(TREE + "/a/lines", b"".join(b"line %d\n" % n for n in range(3000)))
    os.link(TREE + "/a/lines", TREE + "/same lines")
    os.mkdir(TREE + "/empty directory")
    os.symlink("no/such/file", TREE + "/dangling")
    if raw_link:
        os.symlink(b"to \xff\xfe", top + b"/raw link")
    if zeros:
        write(TREE + "/zeros", bytes(9_000_000))
    os.mkfifo(TREE + "/pipe", 0o600)
    os.setxattr(TREE + "/a/lines", "user.z", b"\0\1\xff")
    os.setxattr(TREE + "/a/lines", "user.a", b"text")
    os.chown(TREE + "/A", 12345, 4294967294)
    os.chmod(TREE + "/A", 0o4751)
    os.chmod(TREE + "/a", 0o1777)
    seconds = 1_700_000_000
    for directory, names, files in os.walk(top, topdown=False):
        for each in sorted(names + files) + [b"."]:
            seconds += 1
            path = os.path.join(directory, each)
            time = (seconds - 2_000_000_000) * 10**9 + 5 if each == b"a-" else seconds * 10**9 + 120_000_000
            os.utime(path, ns=(time, time), follow_symlinks=False)


def quoted(name):
    return "".join(chr(b) if chr(b).isalnum() and b < 128 or b in b"/.-" else "%%%02X" % b for b in name)


def line(path, name):
    status = os.lstat(path)
    kind = {stat.S_IFREG: "FILE", stat.S_IFDIR: "DIRECTORY", stat.S_IFLNK: "SYMLINK", stat.S_IFIFO: "FIFO"}[
        stat.S_IFMT(status.st_mode)]
    size, content = 0, ""
    if kind == "FILE":
        size = status.st_size
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
    elif kind == "SYMLINK":
        content = quoted(os.readlink(path))
    extended = ",".join(
        "%s=%s" % (each, os.getxattr(path, each).hex()) for each in sorted(os.listxattr(path))
    ) if kind == "FILE" else ""
    # restic keeps no number of links for these two.
    links = 0 if kind in ("DIRECTORY", "FIFO") else status.st_nlink
    fields = [quoted(name), kind, "%o" % stat.S_IMODE(status.st_mode), "%d:%d" % (status.st_uid, status.st_gid),
              str(status.st_mtime_ns), str(links), str(size), content, extended]
    return "\t".join(fields)


def lines():
    top = os.fsencode(TREE)
    found = []
    for directory, names, files in os.walk(top):
        for each in names + files:
            path = os.path.join(directory, each)
            found.append((path[len(top) + 1:].split(b"/"), path))
    return [line(path, b"/".join(names)) for names, path in sorted(found)]


def run(program, name, *arguments):
    environment = {"RESTIC_REPOSITORY": PLACE + "/" + name, "RESTIC_PASSWORD": PASSWORD, "TZ": "UTC", "PATH": os.environ["PATH"]}
    subprocess.run([program, "--no-cache", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)


def make(name, program, version, raw_link, zeros):
    shutil.rmtree(TREE, ignore_errors=True)
    make_tree(raw_link, zeros)
    run(program, name, "init", "--repository-version", version)
    run(program, name, "backup", "--host", "golden.example", "--tag", "golden", "--time", "2026-01-02 03:04:05", TREE)
    run(program, name, "tag", "--add", "audited")
    return ["# " + name] + lines()


def main():
    beside = os.path.dirname(os.path.abspath(sys.argv[0]))
    restic, old = os.environ["RESTIC"], os.environ["RESTIC_0_14"]
    shutil.rmtree(PLACE, ignore_errors=True)
    os.umask(0o022)
    os.makedirs(PLACE)
    expected = (make("0.14-v1", old, "1", False, False) + make("0.14-v2", old, "2", False, True)
                + make("0.18-v2", restic, "2", True, True))
    with open(beside + "/expected.txt", "w", encoding="ascii") as file:
        file.write("\n".join(expected) + "\n")
    with zipfile.ZipFile(beside + "/repositories.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("0.14-v1", "0.14-v2", "0.18-v2"):
            for directory, names, files in os.walk(PLACE + "/" + name):
                for each in files:
                    path = os.path.join(directory, each)
                    archive.write(path, os.path.relpath(path, PLACE))
    shutil.rmtree(PLACE)


main()
