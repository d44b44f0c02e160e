#!/usr/bin/env python3
"""The whole chain, messages a second: one sandboxed inspector on one core, beside Debian's rspamd on one core; what clamd and YARA
cost on top; and what a second inspector brings on all cores.

Everything of Watchpost is on one core: reading the files, the inspector, writing the JSON. Of rspamd only rspamd itself is; its client
and its resolver have the other cores for themselves. Aims: 200 messages a second, and 1.5 times rspamd.
"""

import argparse
import contextlib
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tools/demo")]

import loopback_clamd  # noqa: E402
import rspamd  # noqa: E402
import timing  # noqa: E402

CORES = sorted(os.sched_getaffinity(0))
ONE_CORE = ("taskset", "-c", str(CORES[0]))
OTHER_CORES = ("taskset", "-c", ",".join(map(str, CORES[1:] or CORES)))


def scan(options, folder, *more, before=ONE_CORE, inspectors=1):
    # 1 and 2 tell what was found; both are a scan that worked.
    return timing.run_timed([*before, options.watchpost, "scan", "--json", "--config", options.settings, "--inspectors", inspectors, *more, folder],
                            accepted=(0, 1, 2))


def two_scans(options, folder):
    """The same scan twice at the same time: what the machine gives to two processes that share nothing."""
    return timing.run_timed(["sh", "-c", '"$@" & other=$!; "$@"; mine=$?; wait $other; exit $mine', "-", options.watchpost, "scan", "--json",
                             "--config", options.settings, "--inspectors", "1", folder], accepted=(0, 1, 2))


def write_rules(path, count=300):
    """YARA rules that look for words, bytes and one expression each, and that mail seldom fulfils."""
    path.write_text("\n".join(
        f'rule bench_{i} {{ strings: $a = "needle number {i}" nocase $b = {{ 4D 5A {i % 256:02X} ?? {i // 256:02X} 00 }} '
        f"$c = /token{i}=[a-f0-9]{{16,32}}/ condition: any of them }}" for i in range(count)) + "\n")


def find_sources(folder, count):
    mix = folder / "mix"
    subprocess.run([ROOT / "tools/make_mailbox", "--out", mix, "--count", str(count), "--format", "eml"], check=True, capture_output=True)
    yield "mix", mix
    real = ROOT.parent / "shared/corpus/mail/spamassassin"
    if real.is_dir():
        yield "real mail", real
    else:
        print("no ../shared/corpus: real mail is not measured")


def contenders(options, folder, stack):
    rules = folder / "bench.yar"
    write_rules(rules)
    clamd = loopback_clamd.Clamd(folder / "clamd")
    stack.push(clamd)
    clamd.begin()
    clamd.wait_until_it_answers()
    found = {
        "watchpost": lambda source: scan(options, source),
        "with 300 YARA rules": lambda source: scan(options, source, "--yara", rules),
        "with clamd (one signature)": lambda source: scan(options, source, "--clamd", clamd.socket),
        "1 inspector, all cores": lambda source: scan(options, source, before=()),
        "2 inspectors, all cores": lambda source: scan(options, source, before=(), inspectors=2),
        "two scans at once": lambda source: two_scans(options, source),
    }
    if rspamd.is_installed():
        (folder / "rspamd").mkdir()
        peer = stack.enter_context(rspamd.Rspamd(folder / "rspamd", scanner=ONE_CORE))
        found["rspamd"] = lambda source: peer.scan(source, client=OTHER_CORES)
    else:
        print("no rspamd or unbound: no peer is measured (Debian: rspamd unbound)")
    return found


def measure(options, source, found):
    """{name: (median seconds, median seconds of processor time, most KiB)}, in interleaved rounds."""
    runs = {name: [] for name in found}
    for number in range(options.rounds):
        for name, run in found.items():
            runs[name].append(run(source))
        print(f"  round {number + 1}: " + "  ".join(f"{name} {all_of[-1].seconds:.2f} s" for name, all_of in runs.items()), flush=True)
    return {name: (statistics.median(run.seconds for run in all_of), statistics.median(run.cpu_seconds for run in all_of),
                   max(run.kib for run in all_of)) for name, all_of in runs.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watchpost", default=ROOT / "build/release/watchpost")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="watchpost-bench-") as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        options.settings = folder / "settings.toml"
        options.settings.write_text('[engines]\nclamav = "off"\n')
        sources = dict(find_sources(folder, options.count))
        found = contenders(options, folder, stack)
        for title, source in sources.items():
            files = [path.stat().st_size for path in source.rglob("*") if path.is_file()]
            print(f"\n{title}: {len(files)} messages, {sum(files)} octets")
            for what, (seconds, cpu_seconds, kib) in measure(options, source, found).items():
                count = len(files) * (2 if what == "two scans at once" else 1)
                print(f"  {what}: {seconds:.2f} s, {count / seconds:.0f} a second; {1000 * cpu_seconds / count:.2f} ms of processor time "
                      f"a message; {kib / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main()
