"""Debian's rspamd as it is shipped, with one worker, and a resolver that answers at once that nothing exists: both on 127.0.0.1,
with everything in one folder.

No network is asked: the resolver, Debian's unbound, has no way out. What rspamd would hear from lists and signatures' keys it asks
for all the same, and gets an answer without waiting.
"""

import contextlib
import grp
import os
import pathlib
import pwd
import shutil
import socket
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import loopback_dovecot  # noqa: E402
import tied_process  # noqa: E402
import timing  # noqa: E402

HOST = "127.0.0.1"
SECONDS_MAX = 60
UNBOUND = """server:
  interface: {host}@{port}
  port: {port}
  do-daemonize: no
  num-threads: 1
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  logfile: "{folder}/unbound.log"
  local-zone: "." always_nxdomain
remote-control:
  control-enable: no
"""
RSPAMD = """.include "$CONFDIR/common.conf"
options {{
  pidfile = "{folder}/rspamd.pid";
  .include "$CONFDIR/options.inc"
  .include(priority=10,duplicate=merge) "{folder}/options.inc"
}}
logging {{
  type = "file";
  filename = "{folder}/rspamd.log";
  level = "error";
}}
worker "normal" {{
  bind_socket = "{host}:{port}";
  count = 1;
  .include "$CONFDIR/worker-normal.inc"
}}
"""


def is_installed():
    return all(shutil.which(name, path=_path()) for name in ("rspamd", "rspamc", "unbound"))


def _path():
    return os.environ["PATH"] + ":/usr/sbin"


def _program(name):
    return shutil.which(name, path=_path())


def _wait_until_connected(port, process, log):
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.1)
    raise SystemExit(f"{process.args[0]} does not answer. " + (log.read_text(errors="replace")[-2000:] if log.exists() else ""))


class Rspamd:
    """Answers until the `with` block ends. `scanner` is put before the command of rspamd alone: taskset and its core."""

    def __init__(self, folder, scanner=()):
        self._folder, self._scanner = pathlib.Path(folder), list(scanner)
        self._port, self._dns_port = loopback_dovecot.free_port(), loopback_dovecot.free_port()
        self._processes = []

    def _start(self, command, port, log):
        self._processes.append(tied_process.start(command))
        _wait_until_connected(port, self._processes[-1], log)

    def __enter__(self):
        user = pwd.getpwnam("nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name)
        places = {"folder": self._folder, "host": HOST, "port": self._port, "dns_port": self._dns_port}
        (self._folder / "unbound.conf").write_text(UNBOUND.format(**{**places, "port": self._dns_port}))
        (self._folder / "rspamd.conf").write_text(RSPAMD.format(**places))
        (self._folder / "options.inc").write_text(f'dns {{ nameserver = ["{HOST}:{self._dns_port}"]; }}\n')
        for path in [self._folder, *self._folder.iterdir()]:
            os.chown(path, user.pw_uid, user.pw_gid)
        with contextlib.ExitStack() as undo:
            undo.callback(self.__exit__)
            self._start([_program("unbound"), "-d", "-c", self._folder / "unbound.conf"], self._dns_port, self._folder / "unbound.log")
            self._start([*self._scanner, _program("rspamd"), "-f", "-c", self._folder / "rspamd.conf", f"--var=DBDIR={self._folder}",
                         "-u", user.pw_name, "-g", grp.getgrgid(user.pw_gid).gr_name], self._port, self._folder / "rspamd.log")
            undo.pop_all()
        return self

    def __exit__(self, *_):
        for process in reversed(self._processes):
            tied_process.stop(process)

    def scan(self, messages, client=()):
        """One Run of Debian's own client over a folder, eight messages at once. Its processor time is that of rspamd alone: neither
        the client's nor the resolver's."""
        before = self._cpu_seconds()
        run = timing.run_timed([*client, _program("rspamc"), "-h", f"{HOST}:{self._port}", "-n", "8", "-t", "60", "--compact", messages])
        return run._replace(cpu_seconds=self._cpu_seconds() - before)

    def _cpu_seconds(self):
        main = self._processes[1].pid
        children = pathlib.Path(f"/proc/{main}/task/{main}/children").read_text().split()
        ticks = 0
        for pid in [str(main), *children]:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")
