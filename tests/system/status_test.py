#!/usr/bin/env python3
"""`watchpost status` and `watchpost admin` of a running service: what they say, whom they answer, what the kernel lacks.

Usage: status_test.py PATH-OF-WATCHPOST [unittest arguments].
"""

import contextlib
import ctypes
import errno
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools")]
import served  # noqa: E402
import tied_process  # noqa: E402

SECONDS_MAX = 120  # of waiting for something, on a machine that runs other tests
WATCHPOST = None  # the program under test
IS_ROOT = os.getuid() == 0
USERS = ["--users", "60811:60810,60812:60810,60813:60810"] if IS_ROOT else []
STRANGER = 60899

WITHOUT_LANDLOCK = "--without-landlock"  # this script itself is the wrapper, see run_without_landlock()
LANDLOCK_CREATE_RULESET = 444  # the same number on every machine


def run_without_landlock(command):
    """Becomes `command` with a filter that answers as a kernel that has no Landlock."""
    libc = ctypes.CDLL(None, use_errno=True)
    load_number, jump_equal, answer = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
    allow, refuse = 0x7FFF0000, 0x00050000 | errno.ENOSYS  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
    program = b"".join(struct.pack("HBBI", *line) for line in (
        (load_number, 0, 0, 0), (jump_equal, 0, 1, LANDLOCK_CREATE_RULESET), (answer, 0, 0, refuse), (answer, 0, 0, allow)))
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))

    filter_of_ours = Program(len(program) // 8, ctypes.addressof(buffer))
    set_no_new_privs, set_seccomp, filter_mode = 38, 22, 2
    for arguments in ((set_no_new_privs, 1, 0, 0, 0), (set_seccomp, filter_mode, ctypes.byref(filter_of_ours), 0, 0)):
        if libc.prctl(*arguments) != 0:
            sys.exit(os.strerror(ctypes.get_errno()))
    os.execv(command[0], command)


@contextlib.contextmanager
def service(*wrapper):
    """The state folder of a service that runs."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # the service's users pass
        state = pathlib.Path(folder) / "state"
        running = served.Served(WATCHPOST, state, *USERS, wrapper=wrapper, stderr=subprocess.DEVNULL)
        try:
            running.wait_until_ready(SECONDS_MAX)
            yield state
        finally:
            tied_process.stop(running.process, 60)
            running.close()


def run(*words, **options):
    return subprocess.run([WATCHPOST, *map(str, words)], capture_output=True, text=True, **options)


def status_once(state, is_awaited):
    """The status as JSON, once it is as awaited: the processes tell of themselves after the start."""
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        status = json.loads(run("status", "--json", "--state", state).stdout)
        if is_awaited(status) or time.monotonic() > deadline:
            return status


class OfARunningService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.state = cls.enterClassContext(service())
        cls.whole = status_once(cls.state, lambda status: len(status["processes"]) == 3 and len(status["engines"]) == 3)

    def test_it_shows_processes_engines_queue_disk_and_warnings(self):
        said = run("status", "--state", self.state)
        self.assertEqual(said.returncode, 1 if self.whole["warnings"] else 0, said.stdout)
        for name in ("control", "collector", "pipeline"):
            self.assertRegex(said.stdout, rf"  {name} +running +since \S+Z +pid \d+ +restarts 0\n")
        for words in ("attachment", "yara", "clamav", "Waiting      0 messages", " free of ", "Warning"):
            self.assertIn(words, said.stdout)
        self.assertNotIn(" \n", said.stdout)

    def test_an_account_that_is_not_there_is_named_with_what_helps(self):
        said = run("admin", "reset-password", "--state", self.state, "nobody")
        self.assertEqual((said.returncode, said.stdout), (3, ""))
        self.assertEqual(said.stderr, "watchpost admin: reset the password of nobody: not_found: there is no such account; "
                                      "the console lists the accounts under Users\n")

    def test_an_account_gets_a_new_password(self):
        said = run("admin", "reset-password", "--state", self.state, "admin")
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertRegex(said.stdout, r"^[a-z0-9]{4}(-[a-z0-9]{4}){4}\n$")

    @unittest.skipUnless(IS_ROOT, "only root can be somebody else")
    def test_a_stranger_is_told_who_is_answered(self):
        said = run("status", "--state", self.state, user=STRANGER, group=STRANGER, extra_groups=[])
        self.assertEqual(said.returncode, 3)
        self.assertRegex(said.stderr, r"^watchpost status: reach Watchpost in \S+: permission_denied: .*; "
                                      r"only root and control's user are answered\n$")
        self.assertNotIn("running?", said.stderr)


class OnAKernelThatLacksSomething(unittest.TestCase):
    def test_it_is_said_and_the_service_works(self):
        with service(sys.executable, __file__, WITHOUT_LANDLOCK) as state:
            said = run("status", "--state", state)
            self.assertEqual(said.returncode, 1, said.stderr)
            self.assertEqual(said.stdout.count("Landlock is absent (not in this kernel)"), 1, said.stdout)


if __name__ == "__main__":
    if sys.argv[1] == WITHOUT_LANDLOCK:
        run_without_landlock(sys.argv[2:])
    WATCHPOST = sys.argv.pop(1)
    unittest.main(verbosity=2)
