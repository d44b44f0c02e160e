#!/usr/bin/env python3
"""Collecting one mailbox from a Dovecot on loopback: watchpost, the null client and other clients, interleaved.

The null client pipelines RETR and throws the bytes away, in clear or over TLS: nobody can be faster against that server. Watchpost
makes every message durable; the others deliver as benchmarks/peers.py says. Then the same through a proxy that adds a round trip.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import loopback_dovecot  # noqa: E402
import peers  # noqa: E402
import tied_process  # noqa: E402
import timing  # noqa: E402

PROGRAMS = ROOT / "build/release/benchmarks"
COUNTS = {"5m": 60}  # messages, where it is not the usual number
# In the first rounds alone; getmail6 starts a process a message and takes minutes for a mailbox.
SELDOM = {"fetchmail": 3, "fdm": 3, "getmail6": 1}
GETMAIL_SIZE = "6k"


def watchpost_run(folder, port, options, tls):
    spool = folder / "spool"
    shutil.rmtree(spool, ignore_errors=True)
    how = ["--tls", "implicit", "--certificate", "any"] if tls else ["--tls", "none"]
    return timing.run_timed([options.watchpost, "collect", "--server", "127.0.0.1", "--port", port, "--user", loopback_dovecot.USER,
                             "--password-file", folder / "password", "--spool", spool, *how])


def null_run(port, options, tls=False):
    return timing.run_timed([options.programs / "pop3_null_client", "127.0.0.1", port, loopback_dovecot.USER,
                             loopback_dovecot.PASSWORD, *(["tls"] if tls else [])])


@contextlib.contextmanager
def delayed(port, milliseconds, options):
    """The port of a proxy to `port` that adds so much to each round trip."""
    proxy = tied_process.start([options.programs / "delay_proxy", port, milliseconds], stdout=subprocess.PIPE)
    try:
        yield int(proxy.stdout.readline())
    finally:
        tied_process.stop(proxy)


def contenders(folder, port, tls_port, options, size, is_far):
    ours = {
        "null": lambda: null_run(port, options),
        "watchpost": lambda: watchpost_run(folder, port, options, False),
        "null-tls": lambda: null_run(tls_port, options, True),
        "watchpost-tls": lambda: watchpost_run(folder, tls_port, options, True),
    }
    wanted = [name for name in options.peers if name == "mpop" or not is_far and (name != "getmail6" or size == GETMAIL_SIZE)]
    return ours | {name: (lambda name=name: peers.ALL[name](folder, port)) for name in wanted}


def measure(options, size):
    count = COUNTS.get(size, options.count)
    with tempfile.TemporaryDirectory(prefix="watchpost-bench-", dir=options.folder) as name:
        folder = pathlib.Path(name)
        made = subprocess.run(
            [ROOT / "tools/make_mailbox", "--out", folder / "maildir", "--count", str(count)]
            + (["--size", size] if size != "mix" else []), check=True, capture_output=True, text=True).stdout
        (folder / "password").write_text(loopback_dovecot.PASSWORD + "\n")
        octets = int(made.split(", ")[1].split()[0])
        print(f"\n{size}: {made.split(' in ')[0]}; this disk: {timing.fsyncs_a_second(folder):.0f} fdatasyncs a second")
        with contextlib.ExitStack() as stack:
            cores = sorted(os.sched_getaffinity(0))
            stack.callback(os.sched_setaffinity, 0, cores)
            if options.apart:
                os.sched_setaffinity(0, cores[:-1])  # what starts now inherits them
            server = stack.enter_context(loopback_dovecot.Dovecot(folder))
            if options.apart:
                os.sched_setaffinity(0, cores[-1:])
            null_run(server.port, options)  # warms the page cache and Dovecot's index
            near = contenders(folder, server.port, server.tls_port, options, size, False)
            report(timing.interleaved(options.rounds, near, SELDOM), count, octets)
            for name in near.keys() & peers.ALL.keys():
                if peers.delivered(folder, name) != count:
                    sys.exit(f"{name} brought {peers.delivered(folder, name)} messages of {count}")
            if options.round_trip:
                print(f"  with {options.round_trip} ms of round trip")
                with delayed(server.port, options.round_trip, options) as port, \
                        delayed(server.tls_port, options.round_trip, options) as tls_port:
                    far = contenders(folder, port, tls_port, options, size, True)
                    report(timing.interleaved(options.far_rounds, far), count, octets)


def report(result, count, octets):
    print(f"  {'':14} {'median s':>9} {'msg/s':>8} {'MB/s':>7} {'MiB mem':>8} {'of null':>8} {'faster':>8}")
    for name, (seconds, kib) in result.items():
        null = result["null-tls" if name.endswith("-tls") else "null"][0]
        print(f"  {name:14} {seconds:9.2f} {count / seconds:8.0f} {octets / seconds / 1e6:7.0f} {kib / 1024:8.0f} "
              f"{null / seconds:8.2f} {seconds / result['watchpost'][0]:7.1f}x")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchpost", default=ROOT / "build/release/watchpost")
    parser.add_argument("--programs", type=pathlib.Path, default=PROGRAMS, help="where pop3_null_client and delay_proxy are")
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--far-rounds", type=int, default=3, help="rounds through the proxy")
    parser.add_argument("--round-trip", type=int, default=20, metavar="MS", help="what the proxy adds; 0: no proxy")
    parser.add_argument("--apart", action="store_true", help="the clients have the last core for themselves, Dovecot the others: as on two "
                        "machines, where they do not take each other's time")
    parser.add_argument("--sizes", default="mix,6k,30k,5m", help="comma-separated: mix, 6k, 30k, 5m …")
    parser.add_argument("--peers", type=lambda text: text.split(",") if text else [], default=list(peers.ALL), metavar="NAMES")
    parser.add_argument("--folder", default=None, help="where the mailbox and the spool lie (default: TMPDIR)")
    options = parser.parse_args()
    if unknown := sorted(set(options.peers) - set(peers.ALL)):
        parser.error(f"--peers: {', '.join(unknown)}: not one of {', '.join(peers.ALL)}")
    if options.apart and len(os.sched_getaffinity(0)) < 2:
        parser.error("--apart needs two cores")
    for size in options.sizes.split(","):
        measure(options, size)


if __name__ == "__main__":
    main()
