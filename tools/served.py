"""`watchpost serve` as a child of the demo, the tests and the benchmarks: started, waited for, ended by its id."""

import queue
import re
import subprocess
import threading
import time

import tied_process

READY = re.compile(r"Watchpost is ready: (https://\S+)")
FIRST_SIGN_IN = re.compile(r"First sign-in: user (\S+), password (\S+)")


class NotReady(Exception):
    """It ended, or the time is over, before it was ready."""


class Served:
    """`options` go to Popen: where its log (standard error) goes, its environment."""

    def __init__(self, watchpost, state, *more, listen="127.0.0.1:0", wrapper=(), **options):
        command = [*wrapper, watchpost, "serve", "--state", state, "--listen", listen, *more]
        self.process = tied_process.start(command, stdout=subprocess.PIPE, text=True, **options)
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def wait_for_line(self, pattern, seconds_max):
        """The match of the first line of its standard output that has one."""
        deadline = time.monotonic() + seconds_max
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise NotReady
            if found := pattern.search(line):
                return found

    def wait_until_ready(self, seconds_max):
        """The console's address."""
        return self.wait_for_line(READY, seconds_max).group(1)

    def first_sign_in(self, seconds_max):
        """(user, password), which it says after it is ready where it made the first account."""
        return self.wait_for_line(FIRST_SIGN_IN, seconds_max).groups()

    def close(self):
        """After its end."""
        self._reader.join()
        self.process.stdout.close()
