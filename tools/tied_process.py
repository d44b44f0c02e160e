"""Child processes that cannot outlive us: ended by id, and by the kernel where we are killed."""

import ctypes
import signal
import subprocess

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _end_with_parent():
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def start(command, **options):
    """Popen in a session of its own: Ctrl-C reaches us alone, and we end what we started in order.

    Call it from the main thread: the kernel sends the signal when the thread that started the child ends.
    """
    return subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, start_new_session=True,
                            preexec_fn=_end_with_parent, **options)


def stop(process, seconds_max=15):
    """SIGTERM, then SIGKILL; False where it had to be killed."""
    if process.poll() is not None:
        return True
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds_max)
        return True
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
