#!/usr/bin/env python3
"""The page of a mailbox through `watchpost serve`: Fetch again, messages that are damaged at the source, one that cannot be fetched.

Usage: mailbox_test.py PATH-OF-WATCHPOST PATH-OF-SCRIPTED-POP3-SERVER [unittest arguments]. Exit code 77: a server is not installed.
"""

import collections
import gzip
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import unittest

import serve_test
import serving
from serve_test import Serve, folder_for_all, integration, loopback_dovecot, mailboxes_path, samples, servers, until

sys.path.append(str(serving.ROOT / "tests/pop3_server"))
from console_api import ApiError  # noqa: E402  (serving knows the way)
from scripted_server import ScriptedServer  # noqa: E402

SCRIPTED = None  # the program
MARK = "mark-of-the-mailbox-test"
RULE = {"name": "mark.yar", "importance": "low", "source": f'rule mark {{ strings: $a = "{MARK}" condition: $a }}'}


def mailbox_command(service, *words):
    ended = subprocess.run([serving.watchpost, "mailbox", *words, "--state", service.state], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


class Page:
    """What the API says of the one mailbox."""

    def __init__(self, console):
        self.console, self.path = console, mailboxes_path(console)

    def add(self, settings):
        self.console.call("POST", self.path, settings)
        return self

    @property
    def mailbox(self):
        return self.console.call("GET", self.path)["items"][0]

    def of_it(self, end):
        return self.console.call("GET", f"{self.path}/{self.mailbox['id']}/{end}")

    def post(self, end, body=None):
        return self.console.call("POST", f"{self.path}/{self.mailbox['id']}/{end}", body)

    def polls(self):
        return self.of_it("polls")["items"]

    def alerts(self):
        return self.console.call("GET", "/alerts?limit=200")["items"]

    def actions(self):
        """How often each action stands in the history of each alert, by its subject."""
        return {alert["subject"]: collections.Counter(entry["action"] for entry in
                                                      self.console.call("GET", f"/alerts/{alert['id']}")["history"])
                for alert in self.alerts()}

    def is_idle(self):
        return self.console.call("GET", "/status")["queue"]["backlog"] == 0

    def wait_until_fetched_again(self):
        until(lambda: "fetch_again" not in self.mailbox["status"] and self.mailbox["status"]["state"] == "ok" and self.is_idle(),
              lambda: (self.mailbox, self.console.call("GET", "/status")))

    def say(self):
        return self.mailbox, self.polls()[:3], self.console.call("GET", "/status")["queue"]


def messages_of_samples():
    return len(list(samples.all_samples()))


class FetchAgain(unittest.TestCase):
    def test_what_has_an_alert_keeps_the_one_and_is_inspected_anew(self):
        with folder_for_all() as folder, servers(folder) as (dovecot, settings), \
                Serve(folder / "state", "--settings", settings) as service:
            page = Page(service.sign_in()).add(integration(dovecot))
            serve_test.wait_until_inspected(page.console, messages_of_samples())
            before = {alert["id"] for alert in page.alerts()}
            self.assertIn("beginning at once", mailbox_command(service, "fetch-again", "--all", "Copies"))
            service.wait_for_log("mailbox.fetched_again", f'messages="{messages_of_samples()}"', 'left="0"')
            page.wait_until_fetched_again()
            self.assertEqual({alert["id"] for alert in page.alerts()}, before)
            anew = {"raised": 1, "inspected_again": 1}  # the backlog that the status says may be of the round before
            until(lambda: all(dict(actions) == anew for actions in page.actions().values()), page.actions)
            self.assertEqual(sum(poll["fetched_again"] for poll in page.polls()), messages_of_samples())
            self.assertEqual(page.mailbox["status"]["messages_total"], messages_of_samples())

    def test_a_rule_that_is_new_sees_old_mail(self):
        with folder_for_all() as folder, servers(folder) as (dovecot, settings), \
                Serve(folder / "state", "--settings", settings) as service:
            page = Page(service.sign_in()).add(integration(dovecot))
            serve_test.wait_until_inspected(page.console, messages_of_samples())
            page.console.call("POST", "/yara-rules", {"name": "market.yar", "importance": "low", "source":
                                                      'rule summer_market { strings: $a = "summer market" condition: $a }'})
            page.post("fetch-again", {})
            page.wait_until_fetched_again()
            until(lambda: len(page.alerts()) == len(samples.DETECTED) + 1, page.say)
            raised = [alert for alert in page.alerts() if alert["subject"].startswith("City news")]
            self.assertEqual([alert["importance"] for alert in raised], ["low"])

    def test_only_the_last_of_the_list(self):
        with folder_for_all() as folder, servers(folder) as (dovecot, settings), \
                Serve(folder / "state", "--settings", settings) as service:
            page = Page(service.sign_in()).add(integration(dovecot))
            serve_test.wait_until_inspected(page.console, messages_of_samples())
            mailbox_command(service, "fetch-again", "Copies", "--last", "3")
            page.wait_until_fetched_again()
            self.assertEqual(sum(poll["fetched_again"] for poll in page.polls()), 3)
            refused = subprocess.run([serving.watchpost, "mailbox", "fetch-again", "Copies", "--state", service.state],
                                     capture_output=True, text=True)
            self.assertEqual(refused.returncode, 2)


class FetchAgainWhenKilled(unittest.TestCase):
    """Each death while it is under way: nothing lost, nothing twice, nothing alerted twice."""

    POINTS = ["collector.before_commit:1", "collector.after_commit:1", "pipeline.before_keep:2", "pipeline.after_keep:2",
              "pipeline.before_record:3", "pipeline.after_record:3", "control.after_record:3"]

    @staticmethod
    def is_ordered(page, service):
        """False while the collector is not there yet. It may die of the order before its answer is out."""
        try:
            page.post("fetch-again", {})
        except ApiError as error:
            if error.status != 503:
                raise
            return any("supervisor.child_ended" in line for line in service.log)
        return True

    def test_each_message_comes_once_and_its_alert_stays_the_one(self):
        for point in self.POINTS:
            with self.subTest(point), folder_for_all() as folder, servers(folder) as (dovecot, settings):
                with Serve(folder / "state", "--settings", settings) as service:
                    page = Page(service.sign_in()).add(integration(dovecot))
                    serve_test.wait_until_inspected(page.console, messages_of_samples())
                    before = {alert["id"] for alert in page.alerts()}
                with Serve(folder / "state", "--settings", settings, crash_point=point) as service:
                    page = Page(service.sign_in())
                    until(lambda: self.is_ordered(page, service), page.say)
                    service.wait_for_log("supervisor.child_ended", f'name="{point.split(".")[0]}"', "signal 9")
                    service.kill()
                with Serve(folder / "state", "--settings", settings) as service:
                    page = Page(service.sign_in())
                    page.wait_until_fetched_again()
                    until(lambda: all(actions["inspected_again"] for actions in page.actions().values()), page.actions)
                    self.assertEqual({alert["id"] for alert in page.alerts()}, before)
                    for subject, actions in page.actions().items():
                        self.assertEqual(dict(actions), {"raised": 1, "inspected_again": 1}, subject)


def truncated_dovecot(folder):
    """A Dovecot that ends the second message in the middle with a proper terminator, as after a storage error."""
    mail = folder / "mail"
    maildir = mail / "maildir"
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    words = random.Random(1)
    text = f"Subject: cut\n\n{MARK}\n" + "".join(f"{words.getrandbits(64):x}\n" for _ in range(20_000))
    packed = gzip.compress(text.encode())
    wire = len(text) + text.count("\n")
    (maildir / "new" / "1.whole").write_text(f"Subject: whole\n\n{MARK}\n")
    (maildir / "new" / f"2.cut,S={len(text)},W={wire}").write_bytes(packed[:len(packed) // 2])
    return loopback_dovecot.Dovecot(mail, more="mail_plugins = zlib\n"), wire


class DamagedAtTheSource(unittest.TestCase):
    @unittest.skipUnless(pathlib.Path("/usr/lib/dovecot/modules/lib20_zlib_plugin.so").exists(), "Dovecot's zlib plugin is not installed")
    def test_a_truncated_message_is_an_event_in_status_polls_log_and_alert(self):
        with folder_for_all() as folder:
            dovecot, announced = truncated_dovecot(folder)
            with dovecot, Serve(folder / "state") as service:
                console = service.sign_in()
                console.call("POST", "/yara-rules", RULE)
                page = Page(console).add(integration(dovecot, receive_every_s=86_400, after_retrieval="delete"))
                service.wait_for_log("mailbox.message_short", 'mailbox="Copies"', f'announced="{announced}"')
                status = until(lambda: page.mailbox["status"]["state"] == "warning" and page.mailbox["status"], page.say)
                self.assertIn("came shorter than the server announced; they stay on the server", status["last_error"])
                self.assertEqual(page.polls()[0]["result"], "warning")
                until(lambda: len(page.alerts()) == 2, page.say)
                alerts = {alert["subject"]: alert for alert in page.alerts()}
                self.assertEqual(alerts["whole"]["inspected"], "full")
                self.assertEqual(alerts["cut"]["inspected"], "partial")
                gaps = console.call("GET", f"/alerts/{alerts['cut']['id']}")["not_inspected"]
                self.assertIn("short_of_announced", [gap["reason"] for gap in gaps])
                self.assertIn(f"announced {announced} octets", json.dumps(gaps))
                service.wait_for_log("pipeline.inspected_in_part", "short_of_announced")
                left = [name.name for name in (dovecot.folder / "maildir").rglob("*cut*")]
                self.assertEqual(len(left), 1, left)  # deletion is on, and this one stays

    def test_a_forged_reply_hides_nothing_and_is_said(self):
        with folder_for_all() as folder:
            mail = folder / "mail"
            for name in ("cur", "new", "tmp"):
                (mail / "maildir" / name).mkdir(parents=True)
            (mail / "maildir/new/1.forger").write_text(f".\n+OK 5 octets\nFrom: spoof@x\n\n{MARK} forger\n")
            for name in ("one", "two", "three"):
                (mail / f"maildir/new/2.{name}").write_text(f"Subject: {name}\n\n{MARK}\n")
            with loopback_dovecot.Dovecot(mail) as dovecot, Serve(folder / "state") as service:
                console = service.sign_in()
                console.call("POST", "/yara-rules", RULE)
                page = Page(console).add(integration(dovecot, receive_every_s=86_400, after_retrieval="delete"))
                service.wait_for_log("mailbox.poll_noted", "did not stuff")
                status = until(lambda: page.mailbox["status"]["state"] == "warning" and page.mailbox["status"], page.say)
                self.assertIn("did not stuff", status["last_error"])
                self.assertIn("did not stuff", json.dumps(page.polls()[0]["notes"]))
                until(lambda: len(page.alerts()) == 4, page.say)
                self.assertEqual(page.mailbox["status"]["messages_total"], 4)
                self.assertFalse(list((mail / "maildir").rglob("[12].*")))  # whole, so deleted


class Poison(unittest.TestCase):
    """A message at which the scripted server breaks off: shown by API and command, tried again on request."""

    SCRIPT = {"messages": [{"uid": f"u{number}", "content": f"Subject: {number}\r\n\r\nbody\r\n"} for number in range(1, 5)],
              "capabilities": ["UIDL"]}

    def test_it_holds_up_nobody_is_shown_and_tried_again(self):
        poisoned = {**self.SCRIPT, "replies": {"RETR 2": ["+OK\r\nSubj", {"do": "cut"}]}}
        with folder_for_all() as folder, ScriptedServer(SCRIPTED, poisoned) as server, Serve(folder / "state") as service:
            page = Page(service.sign_in()).add({
                "name": "Copies", "enabled": True, "server": "127.0.0.1", "port": server.port, "receive_every_s": 1, "use_tls": False,
                "user": "alice", "password": "secret"})
            until(lambda: page.mailbox["status"].get("messages_total") == 3, page.say)
            stuck = until(lambda: page.of_it("stuck-messages")["items"], page.say)
            self.assertEqual([message["uid"] for message in stuck], ["u2"])
            self.assertIn("while waiting for", stuck[0]["reason"])
            self.assertIn("u2", mailbox_command(service, "set-aside", "Copies"))
            until(lambda: "failed before" in (page.mailbox["status"].get("last_error") or "") or
                  page.mailbox["status"]["state"] in ("warning", "error"), page.say)
            server.change(self.SCRIPT)
            page.post("stuck-messages/try-again", {"marks": [stuck[0]["mark"]]})
            until(lambda: page.mailbox["status"].get("messages_total") == 4, page.say)
            until(lambda: not page.of_it("stuck-messages")["items"], page.say)
            self.assertIn("gives out every message", mailbox_command(service, "set-aside", "Copies"))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    serving.watchpost, SCRIPTED = (os.path.abspath(path) for path in sys.argv[1:3])
    if not shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin"):
        print("skipped: dovecot is not installed")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2, warnings="ignore")
