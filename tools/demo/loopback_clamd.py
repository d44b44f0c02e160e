"""A real clamd on a unix socket of its own, with one signature of ours. No network, no file of /etc/clamav."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import mailgen  # noqa: E402
import tied_process  # noqa: E402

SIGNATURE = "Watchpost.Demo.EICAR"


def _account():
    """As root clamd runs as the user that its package made, else as we do."""
    if os.getuid() != 0:
        return None
    for name in ("clamav", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("there is neither a user clamav nor nobody for clamd to run as")


class Clamd:
    """`folder` has to be new, and reachable for every user."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.socket = self.folder / "clamd.sock"
        self.log = self.folder / "clamd.log"
        self.process = None

    def __enter__(self):
        self.begin()
        self.wait_until_it_answers()
        return self

    def begin(self):
        signatures, temporary = self.folder / "signatures", self.folder / "tmp"
        for folder in (self.folder, signatures, temporary):
            folder.mkdir(parents=True)
        # The octets in hexadecimal at any place of any file.
        (signatures / "demo.ndb").write_text(f"{SIGNATURE}:0:*:{mailgen.eicar().hex()}\n")
        config = self.folder / "clamd.conf"
        config.write_text(
            f"Foreground yes\nLocalSocket {self.socket}\nLocalSocketMode 666\nMaxThreads 2\nConcurrentDatabaseReload no\n"
            f"MaxFileSize 100M\nMaxScanSize 100M\nStreamMaxLength 100M\n"
            f"SelfCheck 0\nDatabaseDirectory {signatures}\nTemporaryDirectory {temporary}\n")
        account, identity = _account(), {}
        if account:
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            for folder in (self.folder, temporary):
                os.chown(folder, account.pw_uid, account.pw_gid)
        program = shutil.which("clamd", path=os.environ["PATH"] + ":/usr/sbin")
        if program is None:
            raise SystemExit("clamd is not installed: apt-get install clamav-daemon")
        with self.log.open("wb") as log:
            self.process = tied_process.start([program, f"--config-file={config}"], stdout=log, stderr=log, **identity)

    def wait_until_it_answers(self, seconds_max=60):
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with socket.socket(socket.AF_UNIX) as link:
                    link.settimeout(2)
                    link.connect(str(self.socket))
                    link.sendall(b"zPING\0")
                    if link.recv(5) == b"PONG\0":
                        return
            except OSError:
                pass
            time.sleep(0.05)
        raise SystemExit("clamd does not answer. " + self.log.read_text(errors="replace")[-2000:])

    def __exit__(self, *_):
        if self.process:
            tied_process.stop(self.process)
