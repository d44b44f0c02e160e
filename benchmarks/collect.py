#!/usr/bin/env python3
"""Collecting one mailbox from a Dovecot on loopback: watchpost, the null client and mpop, interleaved.

The null client pipelines RETR and throws the bytes away: nobody can be faster against that server. Watchpost
makes every message durable; mpop delivers into a maildir.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import loopback_dovecot  # noqa: E402
import timing  # noqa: E402


def mpop_run(folder, server):
    """mpop with pipelining, a fresh maildir and no memory of earlier polls."""
    out = folder / "mpop"
    shutil.rmtree(out, ignore_errors=True)
    for name in ("cur", "new", "tmp"):
        (out / "maildir" / name).mkdir(parents=True)
    config = out / "mpoprc"
    config.write_text(
        f"account a\nhost 127.0.0.1\nport {server.port}\nuser {loopback_dovecot.USER}\npassword "
        f"{loopback_dovecot.PASSWORD}\nauth user\ntls off\npipelining on\nkeep on\nreceived_header off\n"
        f"delivery maildir {out}/maildir\nuidls_file {out}/uidls\n")
    config.chmod(0o600)
    return timing.run_timed(["mpop", "-q", "-C", config, "a"])


def watchpost_run(folder, server, watchpost, tls):
    spool = folder / "spool"
    shutil.rmtree(spool, ignore_errors=True)
    where = ["--tls", "implicit", "--certificate", "any", "--port", server.tls_port] if tls else [
        "--tls", "none", "--port", server.port]
    return timing.run_timed([watchpost, "collect", "--server", "127.0.0.1", "--user", loopback_dovecot.USER,
                             "--password-file", folder / "password", "--spool", spool, *where])


def null_run(server, null_client):
    return timing.run_timed([null_client, "127.0.0.1", server.port, loopback_dovecot.USER, loopback_dovecot.PASSWORD])


def measure(options, size):
    with tempfile.TemporaryDirectory(prefix="watchpost-bench-", dir=options.folder) as name:
        folder = pathlib.Path(name)
        made = subprocess.run(
            [ROOT / "tools/make_mailbox", "--out", folder / "maildir", "--count", str(options.count)]
            + (["--size", size] if size != "mix" else []), check=True, capture_output=True, text=True).stdout
        (folder / "password").write_text(loopback_dovecot.PASSWORD + "\n")
        octets = int(made.split(", ")[1].split()[0])
        print(f"\n{size}: {made.split(' in ')[0]}; this disk: {timing.fsyncs_a_second(folder):.0f} fdatasyncs a second")
        with loopback_dovecot.Dovecot(folder) as server:
            null_run(server, options.null_client)  # warms the page cache and Dovecot's index
            result = timing.interleaved(options.rounds, {
                "null": lambda: null_run(server, options.null_client),
                "watchpost": lambda: watchpost_run(folder, server, options.watchpost, False),
                "watchpost-tls": lambda: watchpost_run(folder, server, options.watchpost, True),
                "mpop": lambda: mpop_run(folder, server),
            })
        report(result, options.count, octets)


def report(result, count, octets):
    print(f"  {'':14} {'median s':>9} {'msg/s':>8} {'MB/s':>7} {'MiB mem':>8} {'of null':>8} {'× mpop':>7}")
    for name, (seconds, kib) in result.items():
        print(f"  {name:14} {seconds:9.2f} {count / seconds:8.0f} {octets / seconds / 1e6:7.0f} {kib / 1024:8.0f} "
              f"{result['null'][0] / seconds:8.2f} {result['mpop'][0] / seconds:7.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchpost", default=ROOT / "build/release/watchpost")
    parser.add_argument("--null-client", default=ROOT / "build/release/benchmarks/pop3_null_client")
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", default="mix,6k,30k", help="comma-separated: mix, 6k, 30k …")
    parser.add_argument("--folder", default=None, help="where the mailbox and the spool lie (default: TMPDIR)")
    options = parser.parse_args()
    for size in options.sizes.split(","):
        measure(options, size)


if __name__ == "__main__":
    main()
