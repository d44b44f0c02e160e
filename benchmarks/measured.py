"""Runs a command and writes what it took to a descriptor: `measured.py FD USER COMMAND…`; `timing.py` uses it. USER: who runs it, or
"-", who we are.

A process of its own, since the kernel counts the memory of whoever forks as the child's until it becomes the command: a benchmark
that has grown would be measured in place of a small program.
"""

import json
import os
import pwd
import subprocess
import sys
import time


def main():
    fd, user, *command = sys.argv[1:]
    who = {} if user == "-" else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    start = time.monotonic()
    process = subprocess.Popen(command, **who)
    _, status, usage = os.wait4(process.pid, 0)
    result = {"seconds": time.monotonic() - start, "kib": usage.ru_maxrss, "cpu_seconds": usage.ru_utime + usage.ru_stime,
              "code": os.waitstatus_to_exitcode(status)}
    os.write(int(fd), json.dumps(result).encode())


if __name__ == "__main__":
    main()
