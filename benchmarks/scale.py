#!/usr/bin/env python3
"""What large things cost `watchpost collect`: a message of 1 GiB, a maildrop of 100,000 messages, and a poll of it with nothing new.

From a real Dovecot on loopback, over TLS, durable. Processor time and memory are those of the collecting process. The exit code is 1
where a figure that docs/performance.md aims at is missed: memory at 64 MiB, the poll with nothing new at 1 s of processor time.
"""

import argparse
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import loopback_dovecot  # noqa: E402
import timing  # noqa: E402

KIB_MAX = 64 * 1024
IDLE_CPU_SECONDS_MAX = 1.0
LINE = b"0123456789abcdef" * 4 + b"0123456789\r\n"  # 76 octets


def make_large(maildir, octets):
    loopback_dovecot.make_maildir(maildir)
    name = f"1767225600.M1P1.mail,S={octets},W={octets}:2,S"
    with (maildir / "cur" / name).open("wb") as file:
        left = octets - file.write(b"Subject: large\r\n\r\n")
        block = LINE * 13_797  # about a MiB
        while left >= len(block):
            left -= file.write(block)
        file.write(LINE * (left // len(LINE)))
        file.write(b"x" * (left % len(LINE) - 2) + b"\r\n" if left % len(LINE) > 1 else b"")


def make_many(maildir, count):
    loopback_dovecot.make_maildir(maildir, (
        (f"Message-ID: <{serial}@scale.example>\r\nSubject: number {serial}\r\n\r\n" + f"words of number {serial}\r\n" * 10).encode()
        for serial in range(count)))


def collect(folder, server, options):
    return timing.run_timed([options.watchpost, "collect", "--server", "127.0.0.1", "--user", loopback_dovecot.USER, "--password-file",
                             folder / "password", "--spool", folder / "spool", "--tls", "implicit", "--certificate", "any", "--port",
                             server.tls_port, "--max-bytes", "0"])


def measure(options, what, make, idle_polls):
    with tempfile.TemporaryDirectory(prefix="watchpost-scale-", dir=options.folder) as name:
        folder = pathlib.Path(name)
        make(folder / "maildir")
        (folder / "password").write_text(loopback_dovecot.PASSWORD + "\n")
        with loopback_dovecot.Dovecot(folder) as server:
            yield f"{what}, collected", collect(folder, server, options)
            if idle_polls:
                yield f"{what}, nothing new (best of {idle_polls})", min(
                    (collect(folder, server, options) for _ in range(idle_polls)), key=lambda run: run.cpu_seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchpost", default=ROOT / "build/release/watchpost")
    parser.add_argument("--octets", type=int, default=1 << 30, help="of the large message (default 1 GiB)")
    parser.add_argument("--count", type=int, default=100_000, help="messages of the large maildrop (default 100,000)")
    parser.add_argument("--folder", default=None, help="where maildrop and spool lie (default: TMPDIR)")
    options = parser.parse_args()
    missed = []
    print(f"{'':58} {'s':>8} {'CPU s':>8} {'MiB mem':>8}")
    for what, make, idle_polls in ((f"a message of {options.octets >> 20} MiB", lambda maildir: make_large(maildir, options.octets), 0),
                                   (f"{options.count} messages", lambda maildir: make_many(maildir, options.count), 3)):
        for step, run in measure(options, what, make, idle_polls):
            print(f"{step:58} {run.seconds:8.2f} {run.cpu_seconds:8.2f} {run.kib / 1024:8.1f}", flush=True)
            if run.kib > KIB_MAX or "nothing new" in step and run.cpu_seconds > IDLE_CPU_SECONDS_MAX:
                missed.append(step)
    if missed:
        sys.exit("missed the aim: " + "; ".join(missed))


if __name__ == "__main__":
    main()
