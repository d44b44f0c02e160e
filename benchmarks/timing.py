"""Interleaved rounds and medians: every contender meets the same moods of the machine."""

import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import types


Run = collections.namedtuple("Run", "seconds kib cpu_seconds")
LAUNCHER = str(pathlib.Path(__file__).with_name("measured.py"))


def run_timed(command, accepted=(0,), user=None, environment=None):
    """Seconds of wall clock, peak resident KiB and seconds of processor time of one run; ends the benchmark where it fails."""
    command = [str(word) for word in command]
    with tempfile.TemporaryFile() as output:
        reader, writer = os.pipe()
        with open(reader, "rb") as results:
            launcher = subprocess.Popen([sys.executable, "-ES", LAUNCHER, str(writer), user or "-", *command], stdin=subprocess.DEVNULL,
                                        stdout=output, stderr=subprocess.STDOUT, pass_fds=[writer], env=environment)
            os.close(writer)
            result = json.loads(results.read() or '{"code": -1}')
            launcher.wait()
        code = result.pop("code")
        if code not in accepted:
            output.seek(0)
            sys.exit(f"{' '.join(command)}: exit {code}\n" + output.read().decode(errors="replace")[-2000:])
    return Run(**result)


def interleaved(rounds, contenders, seldom=types.MappingProxyType({})):
    """{name: callable → Run} → {name: (median seconds, most KiB)}; a name in `seldom` runs in the first rounds alone."""
    runs = {name: [] for name in contenders}
    for number in range(rounds):
        shown = []
        for name, run in contenders.items():
            if number < seldom.get(name, rounds):
                runs[name].append(run())
                shown.append(f"{name} {runs[name][-1].seconds:.2f} s")
        print(f"  round {number + 1}: {'  '.join(shown)}", flush=True)
    return {name: (statistics.median(run.seconds for run in all_of), max(run.kib for run in all_of)) for name, all_of in runs.items()}


def fsyncs_a_second(folder, seconds=1.0):
    """What this disk gives: 4 KiB appended and fdatasync'ed, over and over."""
    count = 0
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            os.write(file.fileno(), b"x" * 4096)
            os.fdatasync(file.fileno())
            count += 1
    return count / seconds
