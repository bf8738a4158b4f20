"""Reading what no submission may see, and writing where none may write."""

from __future__ import annotations

from ..attack import ANY, Attack, Expect, in_cell

GREP = """import os, re
def show(path, words=(rb"canary-[0-9a-f]{16}", rb"class Bank", rb"BANKS", rb"oracle_predict")):
    try:
        with open(path, "rb") as file:
            data = file.read(2_000_000)
    except (OSError, ValueError):
        return
    for word in words:
        for hit in set(re.findall(word, data)):
            leaked(hit)
def walk(top, most=20_000):
    seen = 0
    for folder, folders, files in os.walk(top, onerror=None, followlinks=False):
        folders[:] = [f for f in folders if f not in ("proc", "sys", "site-packages")]
        for name in files:
            seen += 1
            if seen > most:
                return
            if name.endswith((".ipynb", ".db", ".py", ".txt", ".json", ".yml", ".log", ".html")):
                show(os.path.join(folder, name))
"""

ATTACKS: list[Attack] = [
    in_cell(
        "course_folder",
        "walks through the course: sources, solutions, gradebook, other submissions",
        GREP + "walk(@COURSE@)\nfor name in ('gradebook.db', '.strides/secret'):\n"
        "    if os.path.exists(os.path.join(@COURSE@, name)):\n        leaked(name)",
    ),
    in_cell(
        "examiner_files",
        "reads the hidden exams and the bank of mistakes from the examiner's folder",
        GREP + "walk(@REPO@ + '/lib/examiner')\nwalk(@REPO@ + '/sources')\n"
        "walk(@REPO@ + '/solutions')\nfor name in ('lib/examiner', 'sources', 'tests', '.git'):\n"
        "    if os.path.exists(os.path.join(@REPO@, name)):\n        leaked(name)",
    ),
    in_cell(
        "import_examiner",
        "imports the examiner by name, by path, by the editable install's finder",
        """import importlib, importlib.util, sys
for path in (None, @REPO@ + "/lib", "../lib", "/lib", "/strides/lib"):
    if path:
        sys.path.append(path)
    for name in ("examiner", "examiner.exams.a1", "examiner.mistakes", "examiner.safe.job"):
        try:
            importlib.import_module(name)
            leaked(name)
        except ImportError:
            pass
for finder in sys.meta_path:
    try:
        if finder.find_spec("examiner", None):
            leaked("a spec")
    except Exception:
        pass
from strides.check import find_exam
try:
    leaked(find_exam("examiner.exams", "a1.predict"))
except (ImportError, ValueError):
    pass""",
    ),
    in_cell(
        "environment",
        "prints the environment, its own and that of every process",
        """import os, glob
print(dict(os.environ))
print(os.popen("env").read())
for path in glob.glob("/proc/*/environ"):
    try:
        print(open(path, "rb").read())
    except OSError:
        pass""",
    ),
    in_cell(
        "command_lines",
        "reads command lines, mounts, cgroups and descriptors in /proc",
        """import os, glob
for path in [*glob.glob("/proc/*/cmdline"), *glob.glob("/proc/*/cwd"), *glob.glob("/proc/*/exe")]:
    try:
        text = os.readlink(path) if path.endswith(("cwd", "exe")) else open(path, "rb").read()
        if @COURSE@.encode() in os.fsencode(text) or @REPO@.encode() in os.fsencode(text):
            leaked(path)
    except OSError:
        pass
for path in glob.glob("/proc/*/fd/*"):
    try:
        target = os.readlink(path)
        if target.startswith("/") and not target.startswith(("/dev/", "/proc/", "/memfd")):
            print(path, target)
    except OSError:
        pass""",
    ),
    in_cell(
        "proc_root",
        "goes through /proc/*/root and /proc/*/cwd of processes outside, and opened folders",
        GREP
        + """import glob
for root in [*glob.glob("/proc/*/root"), *glob.glob("/proc/*/cwd"), *glob.glob("/proc/*/fd/*")]:
    for name in (@COURSE@ + "/gradebook.db", @REPO@ + "/lib/examiner/lock.py"):
        for up in ("", "/..", "/../../..", "/../../../../../.."):
            try:
                if os.path.exists(root + up + name):
                    leaked(root, up)
            except OSError:
                pass""",
    ),
    in_cell(
        "home",
        "looks for keys, histories and notebooks in homes",
        GREP
        + """import pathlib
for home in {os.path.expanduser("~"), "/root", "/home", "/var", "/srv", "/mnt", "/opt", "/work",
             "/etc/ssl/private"}:
    walk(home)
    for name in (".ssh", ".bash_history", ".netrc", ".gitconfig", ".cache", ".aws", ".config/gh"):
        if os.path.exists(os.path.join(home, name)):
            leaked(home, name)
for name in ("/etc/shadow", "/etc/ssh", "/etc/sudoers", "/root/.profile"):
    try:
        open(name).read()
        leaked(name)
    except OSError:
        pass""",
    ),
    in_cell(
        "other_temporary",
        "looks through the machine's temporary folders",
        GREP + "for top in ('/tmp', '/var/tmp', '/dev/shm', '/run', '/tmp/bash_jobs.0'):\n"
        "    walk(top)\n    print(sorted(os.listdir(top))[:50] if os.path.isdir(top) else None)",
    ),
    in_cell(
        "raw_devices",
        "reads disks, memory and kernel logs by their devices",
        """import os, glob
for path in ["/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/proc/kcore", "/proc/kallsyms",
             "/dev/fuse", "/dev/kvm", *glob.glob("/dev/[svhx]d[a-z]*"), *glob.glob("/dev/nvme*"),
             *glob.glob("/dev/loop*"), *glob.glob("/dev/dm-*")]:
    try:
        with open(path, "rb", 0) as device:
            data = device.read(64)
        if data and path not in ("/proc/kallsyms",):
            leaked(path)
    except (OSError, ValueError):
        pass""",
    ),
    in_cell(
        "made_devices",
        "makes a device node of the disk and reads that",
        """import os, stat
for major, minor in ((8, 0), (253, 0), (254, 0), (259, 0), (1, 1)):
    try:
        os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(major, minor))
        with open("disk", "rb") as file:
            leaked(file.read(16))
    except OSError as problem:
        print(problem.strerror)""",
    ),
    in_cell(
        "writes_outside",
        "writes to the course, the library, the system and homes",
        """import os, sys
import strides, IPython
NAME = "strides-atk-was-here"
kept = [os.path.dirname(m.__file__) for m in (np, strides, IPython, os)]
for top in kept + ["/", "/etc", "/usr", "/usr/lib", "/var/lib", "/root", "/home", "/boot",
                   "/sys/fs/cgroup", "/proc/sys/kernel", @COURSE@, @REPO@, @REPO@ + "/lib/strides",
                   @COURSE@ + "/submitted", @COURSE@ + "/autograded", sys.prefix]:
    try:
        with open(os.path.join(top, NAME), "w") as file:
            file.write("x")
        if top in kept or top in ("/usr", "/etc", sys.prefix):
            leaked("wrote to", os.path.basename(top))
    except OSError:
        pass""",
    ),
    in_cell(
        "library_changed",
        "opens the library's and the interpreter's files to change them",
        """import os, sys, strides.check.score as score
for path in (score.__file__, np.__file__, os.__file__, sys.executable, "/bin/sh", "/etc/passwd"):
    for mode in ("r+b", "ab"):
        try:
            open(path, mode).close()
            leaked("opened to write", os.path.basename(path))
        except OSError:
            pass
    try:
        os.chmod(path, 0o777)
        leaked("changed the mode of", os.path.basename(path))
    except OSError:
        pass""",
    ),
    in_cell(
        "gradebook_statement",
        "opens the gradebook and gives itself 35 points",
        """import sqlite3
try:
    book = sqlite3.connect("file:" + @COURSE@ + "/gradebook.db?mode=rw", uri=True)
    book.execute("update grade set manual_score = 35")
    book.commit()
    leaked("the gradebook")
except sqlite3.Error as problem:
    print(type(problem).__name__)""",
    ),
    in_cell(
        "users",
        "asks who uses this machine",
        """import os, pwd, getpass, glob
try:
    print(open("/etc/hosts").read(), open("/etc/resolv.conf").read())
except OSError:
    pass
for command in ("who", "last", "ps aux", "mount", "df"):
    text = os.popen(command + " 2>&1").read()
    if "pytest" in text or "canary" + "-" in text:
        leaked(command)""",
        expects=Expect(0, ANY),
    ),
]
