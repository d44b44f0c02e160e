"""A running `watchpost serve` for the tests of the service: started, asked, read, killed."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools/demo"), str(ROOT / "tools")]
import loopback_dovecot  # noqa: E402
import served  # noqa: E402
from console_api import Console  # noqa: E402

SECONDS_MAX = 240  # of waiting for something, on a machine that runs other tests
watchpost = sys.argv[1] if len(sys.argv) > 1 else None  # the program under test: the first argument of every test of it
PASSWORD = "serve-test-serve-test"
# Figures of the range that neither Debian nor systemd gives to anybody.
USERS = {"control": 60811, "collector": 60812, "pipeline": 60813}
GROUP = 60810
IS_ROOT = os.getuid() == 0


def users_of_root(more):
    return ["--users", ",".join(f"{uid}:{GROUP}" for uid in USERS.values())] if IS_ROOT and "--users" not in more else []


def command(state, *more, listen="127.0.0.1:0"):
    return [watchpost, "serve", "--state", state, "--listen", listen, *users_of_root(more), *more]


class Serve:
    """A running service; `log` holds the lines of its log so far."""

    def __init__(self, state, *more, crash_point=None, wrapper=()):
        self.state, self.log = pathlib.Path(state), []
        environment = dict(os.environ)
        environment.pop("WATCHPOST_CRASH_POINT", None)
        if crash_point:
            environment["WATCHPOST_CRASH_POINT"] = crash_point
        self.served = served.Served(watchpost, state, *users_of_root(more), *more, wrapper=wrapper, stderr=subprocess.PIPE,
                                    env=environment)
        self.process = self.served.process
        self._grows = threading.Condition()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        try:
            self.url = self.served.wait_until_ready(SECONDS_MAX)
            self._password = None if (self.state / ".known").exists() else self.served.first_sign_in(SECONDS_MAX)[1]
        except served.NotReady:
            self.process.kill()
            self._end()
            raise AssertionError("serve did not become ready:\n" + "".join(self.log)) from None

    def _read_log(self):
        for line in self.process.stderr:
            with self._grows:
                self.log.append(line)
                self._grows.notify_all()

    def wait_for_log(self, *words):
        def has_come():
            return any(all(word in line for word in words) for line in self.log)
        with self._grows:
            if not self._grows.wait_for(has_come, SECONDS_MAX):
                raise AssertionError(f"no line with {words} in:\n" + "".join(self.log))

    def sign_in(self):
        console = Console(self.url)
        if self._password:
            console.sign_in("admin", self._password)
            console.change_password(self._password, PASSWORD)
            self._password = None
            (self.state / ".known").touch()
        else:
            console.sign_in("admin", PASSWORD)
        return console

    def status(self):
        answer = subprocess.run([watchpost, "status", "--json", "--state", self.state], capture_output=True, text=True)
        return json.loads(answer.stdout) if answer.stdout else None

    def processes(self):
        return {process["name"]: process for process in self.status()["processes"]}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def kill(self):
        self.process.kill()
        return self._end()

    def _end(self):
        code = self.process.wait(timeout=SECONDS_MAX)
        self._reader.join()
        self.served.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


def until(is_so, what):
    """Asks at most fifty times a second: what is waited for needs the processor, too."""
    pause = threading.Event()
    deadline = time.monotonic() + SECONDS_MAX
    while not (answer := is_so()):
        if time.monotonic() > deadline:
            raise AssertionError(f"never: {what()}")
        pause.wait(0.02)
    return answer


@contextlib.contextmanager
def folder_for_all():
    """A folder that the service's users can enter."""
    with tempfile.TemporaryDirectory(prefix="watchpost-serve-test-") as folder:
        os.chmod(folder, 0o755)
        yield pathlib.Path(folder)


def integration(dovecot, **changes):
    return {"name": "Copies", "enabled": True, "server": "localhost", "port": dovecot.tls_port, "receive_every_s": 1,
            "use_tls": True, "tls_mode": "implicit", "user": loopback_dovecot.USER, "password": loopback_dovecot.PASSWORD,
            "certificate": "trusted", "ca_pem": dovecot.ca.read_text(), **changes}


def mailboxes_path(console):
    return f"/sensors/{console.call('GET', '/sensors')['items'][0]['id']}/mailboxes"
