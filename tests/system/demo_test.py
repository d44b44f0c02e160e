#!/usr/bin/env python3
"""The demo end to end, on free ports and in folders of its own: `watchpost serve`, a real Dovecot, a real clamd.

Usage: demo_test.py PATH-OF-WATCHPOST [unittest arguments]. Exit code 77: a server is not installed.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools/demo"), str(ROOT / "tools")]
import loopback_clamd  # noqa: E402
import samples  # noqa: E402
import tied_process  # noqa: E402
from console_api import Console  # noqa: E402

START = ROOT / "tools/demo/start"
SECONDS_MAX = 180  # of waiting for something; a minute is promised, but not on a machine that runs other tests
WATCHPOST = None  # the program under test
OWN_PASSWORD = "demo-test-demo-test"
SUBJECTS = {name: subject for name, subject, _ in samples.all_samples()}


class Demo:
    """tools/demo/start as a child; `facts` is its demo.json."""

    def __init__(self, folder, listen="127.0.0.1:0"):
        self.folder = pathlib.Path(folder)
        self.process = tied_process.start([START, "--watchpost", WATCHPOST, "--folder", folder, "--listen", listen],
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.output = ""
        watchdog = threading.Timer(SECONDS_MAX, self.process.kill)
        watchdog.start()
        for line in self.process.stdout:
            self.output += line
            if "Ctrl-C" in line:
                break
        watchdog.cancel()
        self.is_ready = "Ctrl-C" in self.output
        self.facts = json.loads((self.folder / "demo.json").read_text()) if self.is_ready else None

    def stop(self, number=signal.SIGINT):
        """The exit code."""
        self.process.send_signal(number)
        self.output += self.process.communicate(timeout=SECONDS_MAX)[0]
        return self.process.returncode

    def __enter__(self):
        if not self.is_ready:
            self.process.wait()
            raise AssertionError(f"the demo is not ready:\n{self.output}")
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


@contextlib.contextmanager
def demo_folder():
    with tempfile.TemporaryDirectory(prefix="watchpost-demo-test-") as folder:
        os.chmod(folder, 0o755)
        yield pathlib.Path(folder) / "demo"


def is_alive(pid):
    return pathlib.Path(f"/proc/{pid}").exists()


def sign_in(facts):
    console = Console(facts["url"])
    session = console.sign_in(facts["user"], facts["password"])
    console.change_password(facts["password"], OWN_PASSWORD)
    return console, session


def mailbox_of(console):
    sensor = console.call("GET", "/sensors")["items"][0]["id"]
    return console.call("GET", f"/sensors/{sensor}/mailboxes")["items"][0]


def is_all_inspected(console, count):
    return (mailbox_of(console)["status"].get("messages_total") == count and
            console.call("GET", "/status")["queue"]["backlog"] == 0 and
            console.call("GET", "/alerts?limit=1")["total"] >= len(samples.DETECTED))


def wait_until_all_is_inspected(console, count):
    deadline = time.monotonic() + SECONDS_MAX
    events = console.events()
    while not is_all_inspected(console, count):
        if time.monotonic() > deadline:
            raise AssertionError(f"not all is inspected: {mailbox_of(console)['status']} {console.call('GET', '/status')}")
        next(events)
    events.close()


class TheDemo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        demo = cls.stack.enter_context(Demo(cls.stack.enter_context(demo_folder())))
        cls.output, cls.facts = demo.output, demo.facts
        cls.console, cls.session = sign_in(demo.facts)
        wait_until_all_is_inspected(cls.console, demo.facts["messages"])
        cls.alerts = {alert["subject"]: alert for alert in cls.console.call("GET", "/alerts?limit=200")["items"]}

    def detail_of(self, name):
        return self.console.call("GET", f"/alerts/{self.alerts[SUBJECTS[name]]['id']}")

    def test_says_that_it_is_a_demo_where_the_console_is_and_how_to_sign_in(self):
        self.assertIn("DEMO", self.output)
        self.assertIn(self.facts["url"], self.output)
        self.assertIn(self.facts["password"], self.output)
        self.assertTrue(self.session["is_demo"])

    def test_its_password_is_for_one_sign_in(self):
        self.assertTrue(self.session["must_change_password"])

    def test_raises_one_alert_for_each_message_that_is_to_be_detected_and_for_no_other(self):
        wanted = sorted(SUBJECTS[make.__name__] for make in samples.DETECTED)
        self.assertEqual(sorted(self.alerts), wanted)
        self.assertEqual(self.console.call("GET", "/alerts?limit=1")["total"], len(wanted))

    def test_clamd_and_yara_find_eicar_in_every_wrapping(self):
        for make in samples.DETECTED:
            if make.__name__.startswith("eicar_"):
                with self.subTest(make.__name__):
                    found = {finding["engine"]: finding for finding in self.detail_of(make.__name__)["findings"]}
                    self.assertLessEqual({"clamav", "yara"}, set(found))
                    self.assertIn(loopback_clamd.SIGNATURE, json.dumps(found["clamav"]))

    def test_names_the_part_in_the_zip_in_the_forwarded_message(self):
        findings = self.detail_of("eicar_forwarded")["findings"]  # clamd unpacks by itself and matches what is around as well
        parts = {finding["part"] for finding in findings if finding["engine"] == "yara"}
        self.assertEqual(parts, {"2.2!invoice.com"})

    def test_says_that_the_encrypted_zip_was_inspected_in_part(self):
        detail = self.detail_of("encrypted_zip")
        self.assertEqual(detail["inspected"], "partial")
        self.assertIn("encrypted_archive", [gap["reason"] for gap in detail["not_inspected"]])

    def test_finds_the_macro_that_runs_by_itself(self):
        self.assertIn("attachment.macro_autoexec", [finding["rule"] for finding in self.detail_of("macro_document")["findings"]])

    def test_its_integration_is_configured_and_polls_over_tls_with_a_trusted_certificate(self):
        mailbox = mailbox_of(self.console)
        self.assertEqual(mailbox["status"]["state"], "ok", mailbox["status"])
        self.assertEqual(mailbox["settings"]["certificate"], "trusted")
        self.assertRegex(mailbox["status"]["tls"], "^TLSv1.3")
        self.assertNotIn("password", mailbox["settings"])

    def test_keeps_the_raw_message(self):
        self.assertTrue(self.detail_of("eicar_forwarded")["content_available"])

    def test_all_its_processes_run_and_all_engines_are_on(self):
        status = self.console.call("GET", "/status")
        self.assertEqual({process["state"] for process in status["processes"]}, {"running"}, status)
        self.assertEqual({engine["state"] for engine in status["engines"]}, {"on"}, status)


class TheDemosEnd(unittest.TestCase):
    def test_ctrl_c_ends_all_that_it_started_and_the_next_start_begins_anew(self):
        with demo_folder() as folder:
            with Demo(folder) as demo:
                self.assertEqual(demo.stop(signal.SIGINT), 0, demo.output)
            self.assertFalse(any(map(is_alive, demo.facts["pids"].values())))
            self.assertFalse(pathlib.Path(demo.facts["pop3"]["maildir"]).exists())
            with Demo(folder) as again:
                self.assertNotEqual(again.facts["password"], demo.facts["password"])
                self.assertEqual(again.stop(signal.SIGTERM), 0, again.output)

    def test_the_end_of_a_server_is_said_and_ends_the_rest(self):
        with demo_folder() as folder, Demo(folder) as demo:
            os.kill(demo.facts["pids"]["clamd"], signal.SIGTERM)
            demo.output += demo.process.communicate(timeout=SECONDS_MAX)[0]
            self.assertEqual(demo.process.returncode, 1)
            self.assertIn("clamd ended by itself", demo.output)
            self.assertFalse(any(map(is_alive, demo.facts["pids"].values())))


class WhatTheDemoRefuses(unittest.TestCase):
    def refusal_of(self, folder, listen="127.0.0.1:0"):
        demo = Demo(folder, listen)
        if demo.is_ready:
            demo.stop()
            self.fail(f"it started:\n{demo.output}")
        demo.process.communicate(timeout=SECONDS_MAX)
        self.assertEqual(demo.process.returncode, 1)
        return demo.output

    def test_a_folder_of_somebody_else(self):
        with demo_folder() as folder:
            folder.mkdir()
            (folder / "thesis.txt").write_text("years of work")
            self.assertIn("no folder of the demo", self.refusal_of(folder))
            self.assertTrue((folder / "thesis.txt").exists())

    def test_a_second_demo_in_the_same_folder(self):
        with demo_folder() as folder, Demo(folder):
            self.assertIn("a demo runs already", self.refusal_of(folder))

    def test_a_taken_port_with_the_remedy(self):
        with demo_folder() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
            output = self.refusal_of(folder, f"127.0.0.1:{taken.getsockname()[1]}")
            self.assertIn("--listen", output)


def main():
    global WATCHPOST
    missing = [name for name in ("dovecot", "clamd", "openssl") if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)} (Debian: dovecot-pop3d, clamav-daemon, openssl)")
        sys.exit(77)
    WATCHPOST = sys.argv.pop(1)
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
