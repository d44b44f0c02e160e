#!/usr/bin/env python3
"""What many mailboxes cost the collector of `watchpost serve`: the first round of all of them, then polls with nothing new.

From a real Dovecot on loopback, in clear. Memory, threads, processor time and writes are those of the collector's process, as the kernel
counts them; "a poll" divides by the log-ins that Dovecot wrote down. The exit code is 1 where its memory passes 64 MiB.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools/demo"), str(ROOT / "tools")]

import loopback_dovecot  # noqa: E402
import served  # noqa: E402
from console_api import Console  # noqa: E402

KIB_MAX = 64 * 1024
TICKS = 100  # a second, of /proc/PID/stat
PASSWORD = "many-bench-many-bench"


def messages_of(name, count, octets):
    body = b"words of a message that is like any other\r\n" * (octets // 43 + 1)
    for serial in range(count):
        yield f"Message-ID: <{serial}.{name}@many.example>\r\nSubject: number {serial}\r\n\r\n".encode() + body


class Collector:
    """The process, by /proc."""

    def __init__(self, watchpost, state):
        shown = subprocess.run([watchpost, "status", "--json", "--state", state], capture_output=True, text=True, check=False).stdout
        pid = next(process["pid"] for process in json.loads(shown)["processes"] if process["name"] == "collector")
        self.folder = pathlib.Path("/proc") / str(pid)

    def status(self, name):
        return int(re.search(rf"^{name}:\s*(\d+)", (self.folder / "status").read_text(), re.M).group(1))

    def cpu_seconds(self):
        fields = (self.folder / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def written(self):
        return int(re.search(r"^write_bytes: (\d+)", (self.folder / "io").read_text(), re.M).group(1))


def log_ins(folder):
    return (folder / "dovecot.log").read_text(errors="replace").count("Login: user=<")


def statuses(console, path):
    return [item["status"] for item in console.call("GET", path)["items"]]


def threads_until(collector, is_so):
    """Waits; the most threads that were seen meanwhile."""
    most = 0
    while not is_so():
        most = max(most, collector.status("Threads"))
        time.sleep(0.2)
    return most


def add_mailboxes(console, path, port, options):
    for number in range(options.mailboxes):
        console.call("POST", path, {"name": f"user{number:03d}", "enabled": True, "server": "127.0.0.1", "port": port, "use_tls": False,
                                    "receive_every_s": options.every, "user": f"user{number:03d}", "password": loopback_dovecot.PASSWORD})


def run(folder, options):
    for number in range(options.mailboxes):
        name = f"user{number:03d}"
        loopback_dovecot.make_maildir(folder / "dovecot" / "maildir" / name, messages_of(name, options.messages, options.octets))
    settings = folder / "settings.toml"
    settings.write_text("[engines]\nclamav = \"off\"\nyara = false\n[collector]\nconnections_per_server_max = 32\nlog_in_interval_ms = 1\n")
    with loopback_dovecot.Dovecot(folder / "dovecot", "maildir/%u") as dovecot:
        service = served.Served(options.watchpost, folder / "state", "--settings", settings, stderr=subprocess.DEVNULL)
        try:
            console = Console(service.wait_until_ready(120))
            user, password = service.first_sign_in(60)
            console.sign_in(user, password)
            console.change_password(password, PASSWORD)
            return measure(folder, dovecot, console, options)
        finally:
            service.process.terminate()
            service.process.wait()
            service.close()


def measure(folder, dovecot, console, options):
    path = f"/sensors/{console.call('GET', '/sensors')['items'][0]['id']}/mailboxes"
    collector = Collector(options.watchpost, folder / "state")
    rows = [("nothing to do", 0.0, 0.0, collector.status("VmRSS"), collector.status("Threads"))]
    began, cpu = time.monotonic(), collector.cpu_seconds()
    add_mailboxes(console, path, dovecot.port, options)
    threads = threads_until(collector, lambda: all(status.get("messages_total", 0) == options.messages for status in statuses(console, path)))
    rows.append((f"{options.mailboxes} mailboxes, {options.messages} messages of {options.octets:,} octets each", time.monotonic() - began,
                 collector.cpu_seconds() - cpu, collector.status("VmHWM"), threads))
    polls, cpu, written, began = log_ins(folder / "dovecot"), collector.cpu_seconds(), collector.written(), time.monotonic()
    threads = threads_until(collector, lambda: log_ins(folder / "dovecot") >= polls + options.idle_polls)
    count = log_ins(folder / "dovecot") - polls
    rows.append((f"{count} polls with nothing new", time.monotonic() - began, collector.cpu_seconds() - cpu, collector.status("VmHWM"), threads))
    return rows, (collector.cpu_seconds() - cpu) / count, (collector.written() - written) / count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchpost", default=ROOT / "build/release/watchpost")
    parser.add_argument("--mailboxes", type=int, default=200)
    parser.add_argument("--messages", type=int, default=20, help="of each mailbox (default 20)")
    parser.add_argument("--octets", type=int, default=20_000, help="of each message, about (default 20,000)")
    parser.add_argument("--every", type=int, default=30, help="seconds between two polls of one mailbox (default 30)")
    parser.add_argument("--idle-polls", type=int, default=400)
    parser.add_argument("--folder", default=None, help="where maildrops and spool lie (default: TMPDIR)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="watchpost-many-", dir=options.folder) as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        rows, cpu_a_poll, written_a_poll = run(folder, options)
    print(f"{'the collector':58} {'s':>8} {'CPU s':>8} {'MiB mem':>8} {'threads':>8}")
    for step, seconds, cpu, kib, threads in rows:
        print(f"{step:58} {seconds:8.1f} {cpu:8.2f} {kib / 1024:8.1f} {threads:8}")
    print(f"a poll with nothing new: {cpu_a_poll * 1000:.1f} ms of CPU, {written_a_poll / 1024:.1f} KiB written")
    if max(kib for _, _, _, kib, _ in rows) > KIB_MAX:
        sys.exit("missed the aim: 64 MiB of memory")


if __name__ == "__main__":
    main()
