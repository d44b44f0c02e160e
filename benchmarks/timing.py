"""Interleaved rounds and medians: every contender meets the same moods of the machine."""

import os
import statistics
import subprocess
import sys
import tempfile
import time


def run_timed(command, accepted=(0,)):
    """Seconds of wall clock and peak resident KiB of one run; ends the benchmark where it fails."""
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in accepted:
            output.seek(0)
            sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}\n"
                     + output.read().decode(errors="replace")[-2000:])
    return seconds, usage.ru_maxrss


def interleaved(rounds, contenders):
    """{name: callable → (seconds, KiB)} → {name: (median seconds, most KiB)}."""
    seconds = {name: [] for name in contenders}
    memory = dict.fromkeys(contenders, 0)
    for number in range(rounds):
        for name, run in contenders.items():
            spent, kib = run()
            seconds[name].append(spent)
            memory[name] = max(memory[name], kib)
        shown = "  ".join(f"{name} {seconds[name][-1]:.2f} s" for name in contenders)
        print(f"  round {number + 1}: {shown}", flush=True)
    return {name: (statistics.median(seconds[name]), memory[name]) for name in contenders}


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
