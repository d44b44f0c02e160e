#!/usr/bin/env python3
"""The whole chain without clamd: messages a second through one sandboxed inspector."""

import argparse
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import timing  # noqa: E402


def scan(watchpost, folder):
    # 1 and 2 tell what was found; both are a scan that worked.
    return timing.run_timed([watchpost, "scan", "--json", "--inspectors", "1", folder], accepted=(0, 1, 2))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watchpost", default=ROOT / "build/release/watchpost")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="watchpost-bench-") as name:
        mix = pathlib.Path(name) / "mix"
        subprocess.run([ROOT / "tools/make_mailbox", "--out", mix, "--count", str(options.count), "--format", "eml"],
                       check=True, capture_output=True)
        sources = {"mix": mix}
        real = ROOT.parent / "shared/corpus/mail/spamassassin"
        if real.is_dir():
            sources["real mail"] = real
        else:
            print("no ../shared/corpus: real mail is not measured")
        result = timing.interleaved(
            options.rounds, {name: lambda folder=folder: scan(options.watchpost, folder) for name, folder in sources.items()})
        for name, (seconds, kib) in result.items():
            files = sum(1 for path in sources[name].rglob("*") if path.is_file())
            print(f"  {name}: {files} messages in {seconds:.2f} s: {files / seconds:.0f} a second, "
                  f"{kib / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main()
