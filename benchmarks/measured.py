"""Runs a command and writes what it took to a descriptor: `measured.py FD COMMAND…`; `timing.py` uses it.

A process of its own, since the kernel counts the memory of whoever forks as the child's until it becomes the command: a benchmark
that has grown would be measured in place of a small program.
"""

import json
import os
import subprocess
import sys
import time


def main():
    start = time.monotonic()
    process = subprocess.Popen(sys.argv[2:])
    _, status, usage = os.wait4(process.pid, 0)
    result = {"seconds": time.monotonic() - start, "kib": usage.ru_maxrss, "cpu_seconds": usage.ru_utime + usage.ru_stime,
              "code": os.waitstatus_to_exitcode(status)}
    os.write(int(sys.argv[1]), json.dumps(result).encode())


if __name__ == "__main__":
    main()
