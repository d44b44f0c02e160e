#!/usr/bin/env python3
"""200 mailboxes on one `watchpost serve`: bounded connections, turns, dead servers; and a spool that reaches its limit.

Usage: many_mailboxes_test.py PATH-OF-WATCHPOST [unittest arguments]. Exit code 77: a server is not installed.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import serving  # noqa: E402
from serving import Serve, folder_for_all, mailboxes_path, until  # noqa: E402
import loopback_dovecot  # noqa: E402 - serving knows the way

PLACES, PLACES_PER_SERVER, TURN = 16, 6, 200
HUGE = 1_500  # messages of one mailbox; the others have one
SETTINGS = """[engines]
clamav = "off"
yara = false

[inspectors]
count = 1
"""


class Relay:
    """Before a server, in clear: counts the sessions that it has at once. One ends with its QUIT or with its link.

    The QUIT passes here before the client can go on to anything else, so the count is never too high. Nobody is served before
    together["open"] is set: until then all others wait for a place.
    """

    def __init__(self, port, together):
        self.port_behind, self.together, self.now, self.most = port, together, 0, 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self._count(+1)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _count(self, by):
        with self.together["lock"]:
            self.now += by
            self.together["now"] += by
            self.most = max(self.most, self.now)
            self.together["most"] = max(self.together["most"], self.together["now"])

    def _serve(self, client):
        has_quit = False
        self.together["open"].wait()
        with client, socket.create_connection(("127.0.0.1", self.port_behind)) as server:
            back = threading.Thread(target=self._copy, args=(server, client), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while octets := client.recv(65536):
                    if not has_quit and re.search(rb"(^|\n)QUIT\r\n", octets):
                        has_quit = True
                        self._count(-1)
                    server.sendall(octets)
                server.shutdown(socket.SHUT_WR)
            back.join()
        if not has_quit:
            self._count(-1)

    @staticmethod
    def _copy(source, to):
        with contextlib.suppress(OSError):
            while octets := source.recv(65536):
                to.sendall(octets)
            to.shutdown(socket.SHUT_WR)

    def close(self):
        self.listener.close()


class Silent:
    """Takes connections and says nothing; a server of its own for each."""

    def __init__(self, together):
        self.together = together
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                with self.together["lock"]:
                    self.together["silent"] += 1
                threading.Thread(target=self._wait, args=(client,), daemon=True).start()

    @staticmethod
    def _wait(client):
        with client, contextlib.suppress(OSError):
            while client.recv(1024):
                pass

    def close(self):
        self.listener.close()


def messages_of(name, count, octets=200):
    for serial in range(count):
        raw = f"Message-ID: <{name}.{serial}@many.example>\r\nSubject: {name} {serial}\r\n\r\n".encode()
        raw += b"0123456789abcdef" * 4 + b"\r\n"
        yield raw + (b"words " * 12 + b"\r\n") * max(0, (octets - len(raw)) // 74)


def write_mail(mail, name, *how_much):
    loopback_dovecot.make_maildir(mail / name, messages_of(name, *how_much))


def mailbox(name, port, **changes):
    return {"name": name, "enabled": True, "server": "127.0.0.1", "port": port, "receive_every_s": 3600, "use_tls": False, "user": name,
            "password": loopback_dovecot.PASSWORD, **changes}


def statuses(console):
    return {item["settings"]["name"]: item["status"] for item in console.call("GET", mailboxes_path(console))["items"]}


def receipts(state):
    """(mailbox, uid) of all that the ledger holds, once a receipt."""
    listed = subprocess.run([serving.watchpost, "spool", "list", state / "spool", "--json"], capture_output=True, text=True, check=True)
    return [(item["mailbox"], item["uid"]) for item in map(json.loads, listed.stdout.splitlines())]


def write_settings(folder, more):
    settings = folder / "settings.toml"
    settings.write_text(SETTINGS + more)
    os.chmod(settings, 0o644)
    return settings


class TwoHundredAtOnce(unittest.TestCase):
    def test_each_is_collected_once_within_the_bounds_and_the_dead_delay_nobody(self):
        healthy = ["huge"] + [f"user{number:03d}" for number in range(179)]
        together = {"lock": threading.Lock(), "now": 0, "most": 0, "silent": 0, "open": threading.Event()}
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(folder_for_all())
            dovecot = loopback_dovecot.Dovecot(folder / "dovecot", "maildir/%u")
            for name in healthy:
                write_mail(folder / "dovecot" / "maildir", name, HUGE if name == "huge" else 1)
            stack.enter_context(dovecot)
            relays = [stack.enter_context(contextlib.closing(Relay(dovecot.port, together))) for _ in range(3)]
            silent = [stack.enter_context(contextlib.closing(Silent(together))) for _ in range(10)]
            closed = [loopback_dovecot.free_port() for _ in range(10)]
            settings = write_settings(folder, f"[collector]\nconnections_max = {PLACES}\nlog_in_interval_ms = 20\n"
                                              f"connections_per_server_max = {PLACES_PER_SERVER}\nturn_messages_max = {TURN}\n")
            service = stack.enter_context(Serve(folder / "state", "--settings", settings))
            console = service.sign_in()
            path = mailboxes_path(console)
            for number in range(10):  # the dead ones first: they are due first
                console.call("POST", path, mailbox(f"silent{number}", silent[number].port))
                console.call("POST", path, mailbox(f"closed{number}", closed[number]))
            for number, name in enumerate(healthy):
                console.call("POST", path, mailbox(name, relays[number % 3].port))
            together["open"].set()

            def all_are_collected():
                now = statuses(console)
                return all(now[name]["state"] == "ok" and now[name].get("next_poll_at", "") > now[name]["last_poll_at"] and
                           now[name]["messages_total"] == (HUGE if name == "huge" else 1) for name in healthy)
            until(all_are_collected, lambda: {name: status for name, status in statuses(console).items() if name in healthy and
                                              status["state"] != "ok"})
            now = statuses(console)
            self.assertEqual(len(now), 200)
            self.assertEqual({name for name in now if now[name]["state"] in ("ok", "warning")}, set(healthy))
            self.assertLessEqual(max(relay.most for relay in relays), PLACES_PER_SERVER)
            self.assertLessEqual(together["most"], PLACES)
            log = (folder / "dovecot" / "dovecot.log").read_text(errors="replace")
            self.assertGreater(log.count("Login: user=<huge>"), 1, "the huge one never gave its place up")
            self.assertEqual(log.count("Login: user=<user"), len(healthy) - 1)
            self.assertEqual(service.stop(), 0)
            had = receipts(folder / "state")
            self.assertEqual(len(had), HUGE + len(healthy) - 1)
            self.assertEqual(len(set(had)), len(had))


class WhenTheSpoolIsFull(unittest.TestCase):
    MESSAGES, OCTETS = 40, 1_000_000  # in a spool of 16 MiB

    def service_with_a_small_spool(self, stack):
        folder = stack.enter_context(folder_for_all())
        write_mail(folder / "dovecot" / "maildir", "user", self.MESSAGES, self.OCTETS)
        dovecot = stack.enter_context(loopback_dovecot.Dovecot(folder / "dovecot", "maildir/%u"))
        settings = write_settings(folder, "[spool]\nbytes_max = 16777216\n")
        return folder, dovecot, stack.enter_context(Serve(folder / "state", "--settings", settings))

    @staticmethod
    def pid_of(service, name):
        return service.processes()[name]["pid"]

    @staticmethod
    def left(folder):
        """The serial numbers of what is on the server."""
        maildir = folder / "dovecot" / "maildir" / "user"
        return {int(re.search(r"\.M(\d+)P", file.name)[1]) for part in ("cur", "new") for file in (maildir / part).iterdir()}

    def wait_until_paused(self, service, console):
        until(lambda: statuses(console)["user"]["state"] == "paused" and console.call("GET", "/status")["spool"]["paused"],
              lambda: (statuses(console), "".join(service.log[-20:])))

    def test_collecting_pauses_survives_a_kill_and_goes_on_by_itself(self):
        with contextlib.ExitStack() as stack:
            folder, dovecot, service = self.service_with_a_small_spool(stack)
            console = service.sign_in()
            pipeline = self.pid_of(service, "pipeline")
            stack.enter_context(contextlib.suppress(ProcessLookupError))  # it ends with its service
            stack.callback(os.kill, pipeline, signal.SIGCONT)
            os.kill(pipeline, signal.SIGSTOP)
            console.call("POST", mailboxes_path(console), mailbox("user", dovecot.port, receive_every_s=1,
                                                                  after_retrieval="delete"))
            self.wait_until_paused(service, console)
            service.wait_for_log("collector.paused", "of its limit of 16.0 MiB")
            status = console.call("GET", "/status")
            self.assertEqual(status["spool"]["bytes_max"], 16 << 20)
            self.assertTrue(any("Collecting pauses" in warning for warning in status["warnings"]), status["warnings"])
            self.assertIn("of its limit", statuses(console)["user"]["last_error"])
            collected = statuses(console)["user"]["messages_total"]
            self.assertGreater(collected, 5)
            self.assertLess(collected, 17)
            left = self.left(folder)
            stored = {int(uid[:8], 16) - 1 for _, uid in receipts(folder / "state")}  # Dovecot counts from 1 on
            self.assertEqual(len(stored), collected)
            self.assertEqual(left | stored, set(range(self.MESSAGES)))
            os.kill(self.pid_of(service, "collector"), signal.SIGKILL)
            until(lambda: service.processes()["collector"]["restarts"] == 1, service.processes)
            self.wait_until_paused(service, console)
            self.assertEqual(self.left(folder), left)
            os.kill(pipeline, signal.SIGCONT)
            until(lambda: not self.left(folder), lambda: (statuses(console), "".join(service.log[-20:])))
            service.wait_for_log("collector.goes_on")
            until(lambda: statuses(console)["user"]["state"] == "ok" and not console.call("GET", "/status")["spool"]["paused"],
                  lambda: statuses(console))
            self.assertEqual(service.stop(), 0)
            had = receipts(folder / "state")
            self.assertEqual(len(set(had)), self.MESSAGES)
            self.assertEqual(len(had), self.MESSAGES)


def main():
    missing = [name for name in ("dovecot", "openssl") if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)} (Debian: dovecot-pop3d, openssl)")
        sys.exit(77)
    sys.argv.pop(1)  # serving has it
    unittest.main(verbosity=2, warnings="ignore")


if __name__ == "__main__":
    main()
