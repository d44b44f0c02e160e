#!/usr/bin/env python3
"""`watchpost serve` with real processes, a real Dovecot and a real clamd: what starts, what dies, what fills up.

Usage: serve_test.py PATH-OF-WATCHPOST [unittest arguments]. Exit code 77: a server is not installed.
"""

import contextlib
import email.message
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import unittest

import serving
from serving import GROUP, IS_ROOT, SECONDS_MAX, USERS, Serve, command, folder_for_all, integration, mailboxes_path, until

import loopback_clamd  # of tools/demo and tools, like the next ones: serving knows the way
import loopback_dovecot
import samples
from console_api import ApiError

REFUSED = 78


def refusal(test, arguments):
    ended = subprocess.run(arguments, capture_output=True, text=True, timeout=SECONDS_MAX)
    test.assertEqual(ended.returncode, REFUSED, ended.stderr)
    return ended.stderr


def subjects_of_alerts(console):
    return sorted(alert["subject"] for alert in console.call("GET", "/alerts?limit=200")["items"])


def alerts_of_clamav(console):
    return console.call("GET", "/alerts?limit=1&engine=clamav")["total"]


def subjects_to_detect():
    subject_of = {name: subject for name, subject, _ in samples.all_samples()}
    return sorted(subject_of[make.__name__] for make in samples.DETECTED)


def wait_until_inspected(console, messages):
    def is_done():
        items = console.call("GET", mailboxes_path(console))["items"]
        return (any(item["status"].get("left_on_server") == messages and item["status"]["state"] == "ok" for item in items) and
                console.call("GET", "/status")["queue"]["backlog"] == 0 and
                len(subjects_of_alerts(console)) >= len(samples.DETECTED))
    until(is_done, lambda: (console.call("GET", mailboxes_path(console)), console.call("GET", "/status")))


@contextlib.contextmanager
def servers(folder):
    """A Dovecot with the samples in its mailbox, and a settings file that names no clamd."""
    mail = folder / "mail"
    mail.mkdir()
    settings = folder / "settings.toml"
    settings.write_text("[engines]\nclamav = \"off\"\n\n[inspectors]\ncount = 1\n")
    os.chmod(settings, 0o644)
    dovecot = loopback_dovecot.Dovecot(mail)
    samples.write_maildir(mail / "maildir")
    with dovecot:
        yield dovecot, settings


class WhoRuns(unittest.TestCase):
    @unittest.skipUnless(IS_ROOT, "only root can give the processes users of their own")
    def test_every_process_has_its_own_user_and_no_capability(self):
        with folder_for_all() as folder, Serve(folder / "state") as service:
            for name, process in service.processes().items():
                lines = dict(line.split(":\t", 1) for line in
                             pathlib.Path(f"/proc/{process['pid']}/status").read_text().splitlines() if ":\t" in line)
                self.assertEqual(set(lines["Uid"].split("\t")), {str(USERS[name])}, name)
                self.assertEqual(int(lines["CapEff"], 16) | int(lines["CapPrm"], 16) | int(lines["CapBnd"], 16) & ~0xe0, 0, name)
                self.assertEqual(lines["NoNewPrivs"], "1", name)
                self.assertEqual(lines["Groups"].strip(), "", name)
            own = pathlib.Path(f"/proc/{service.process.pid}/status").read_text()
            self.assertIn("CapEff:\t00000000000000e0", own)  # CAP_KILL, CAP_SETGID, CAP_SETUID

    @unittest.skipUnless(IS_ROOT, "only root can give the processes users of their own")
    def test_nobody_reads_what_is_another_ones(self):
        with folder_for_all() as folder, Serve(folder / "state") as service:
            for process, path in (("collector", "store"), ("pipeline", "store"), ("control", "keys/collector.key"),
                                  ("collector", "keys/collector.key"), ("pipeline", "keys/collector.key"), ("control", "spool/lock"),
                                  ("collector", "tls/self-made.pem"), ("pipeline", "tls/self-made.pem"), ("control", "content"),
                                  ("collector", "content")):
                with self.subTest(process=process, path=path):
                    tried = subprocess.run(["cat" if "." in path or "lock" in path else "ls", service.state / path], capture_output=True,
                                           text=True, user=USERS[process], group=GROUP, extra_groups=[])
                    self.assertIn("Permission denied", tried.stderr)

    def test_without_users_of_their_own_it_is_said(self):
        with folder_for_all() as folder:
            more = ["--users", "one"] if IS_ROOT else []
            with Serve(folder / "state", *more) as service:
                said = subprocess.run([serving.watchpost, "status", "--state", service.state], capture_output=True, text=True)
                self.assertEqual(said.returncode, 1)
                self.assertIn("All processes run as", said.stdout)

    def test_a_process_that_dies_is_started_again_and_shown(self):
        with folder_for_all() as folder, Serve(folder / "state") as service:
            service.sign_in()
            for name in ("collector", "pipeline", "control"):
                os.kill(service.processes()[name]["pid"], signal.SIGKILL)
                service.wait_for_log("supervisor.child_ended", f'name="{name}"', "signal 9")

                def is_back():
                    status = service.status()
                    return status and any(process["name"] == name and process["restarts"] == 1 and process["state"] == "running"
                                          for process in status["processes"]) and not [
                        warning for warning in status["warnings"] if "is not there" in warning]
                until(is_back, service.status)

    def test_who_looks_at_a_mailbox_sees_that_nobody_collects_it(self):
        with folder_for_all() as folder, Serve(folder / "state") as service:
            console = service.sign_in()
            answer = console.call("POST", mailboxes_path(console), {
                "name": "Nobody's", "enabled": True, "server": "127.0.0.1", "port": 1, "receive_every_s": 86400, "use_tls": False,
                "user": "nobody", "password": "secret"})
            self.assertEqual(answer["status"]["state"], "waiting")
            events = console.events()

            def next_error(is_it):
                for name, mailbox in events:
                    error = (mailbox["status"].get("last_error") or "") if name == "mailbox" else ""
                    if error and is_it(error):
                        return error
                raise AssertionError("the events have ended")

            next(events)  # from now on nothing is missed
            os.kill(service.processes()["collector"]["pid"], signal.SIGKILL)
            self.assertIn("Mail stays on the mail servers", next_error(lambda error: "collector is not there" in error))
            next_error(lambda error: "collector is not there" not in error)
            events.close()

    def test_it_ends_in_good_order(self):
        with folder_for_all() as folder, Serve(folder / "state") as service:
            pids = [process["pid"] for process in service.processes().values()]
            self.assertEqual(service.stop(), 0)
            self.assertFalse([pid for pid in pids if pathlib.Path(f"/proc/{pid}").exists()])

    def test_the_children_of_a_killed_supervisor_end(self):
        with folder_for_all() as folder, Serve(folder / "state") as service:
            pids = [process["pid"] for process in service.processes().values()]
            service.kill()
            until(lambda: not [pid for pid in pids if pathlib.Path(f"/proc/{pid}").exists()], lambda: pids)


class WhatItRefuses(unittest.TestCase):
    def test_a_taken_port_with_the_remedy(self):
        with folder_for_all() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
            said = refusal(self, command(folder / "state", listen=f"127.0.0.1:{taken.getsockname()[1]}"))
            self.assertIn("--listen", said)

    def test_a_second_service_in_the_same_folder(self):
        with folder_for_all() as folder, Serve(folder / "state") as service:
            self.assertIn(f"process {service.process.pid}", refusal(self, command(folder / "state")))

    def test_a_corrupt_store_with_what_to_do(self):
        with folder_for_all() as folder:
            with Serve(folder / "state") as service:
                service.sign_in()
            store = folder / "state/store/watchpost.sqlite"
            with store.open("r+b") as file:
                file.seek(4096)
                file.write(b"\xff" * (store.stat().st_size - 4096))
            said = refusal(self, command(folder / "state"))
            self.assertIn("keep a copy of the damaged file and restore the newest backup", said)
            self.assertIn("watchpost.sqlite", said)

    def test_a_lost_key_of_the_passwords(self):
        with folder_for_all() as folder:
            with Serve(folder / "state"):
                pass
            (folder / "state/keys/collector.key").unlink()
            self.assertIn("restore it from a backup", refusal(self, command(folder / "state")))

    def test_an_address_that_is_none(self):
        with folder_for_all() as folder:
            self.assertIn("--listen", refusal(self, command(folder / "state", listen="localhost:8443")))

    def test_a_settings_file_with_an_error(self):
        with folder_for_all() as folder:
            (folder / "settings.toml").write_text("[engines]\nclamv = true\n")
            self.assertIn("clamv", refusal(self, command(folder / "state", "--settings", folder / "settings.toml")))

    @unittest.skipUnless(IS_ROOT, "only root can name users")
    def test_users_that_are_not_there(self):
        with folder_for_all() as folder:
            said = refusal(self, [serving.watchpost, "serve", "--state", folder / "state", "--users", "no-such-user,a,b"])
            self.assertIn("make-users", said)


class FromMailboxToAlert(unittest.TestCase):
    def test_several_mailboxes_apply_poll_now_and_test_connection(self):
        with folder_for_all() as folder, servers(folder) as (dovecot, settings), \
                Serve(folder / "state", "--settings", settings) as service:
            console = service.sign_in()
            path = mailboxes_path(console)
            test = console.call("POST", path.replace("/mailboxes", "/mailbox-test"), {"settings": integration(dovecot)})
            self.assertTrue(test["ok"], test)
            self.assertEqual(test["message_count"], len(list(samples.all_samples())))
            first = console.call("POST", path, integration(dovecot, enabled=False))
            console.call("POST", path, integration(dovecot, name="Nobody's", user="nobody-there", password="wrong"))
            until(lambda: console.call("GET", f"{path}/{first['id']}")["status"]["state"] == "disabled",
                  lambda: console.call("GET", path))
            # Apply takes effect without a restart.
            applied = console.call("PUT", f"{path}/{first['id']}", integration(dovecot, version=first["version"]))
            wait_until_inspected(console, len(list(samples.all_samples())))
            self.assertEqual(subjects_of_alerts(console), subjects_to_detect())
            refused = until(lambda: [item for item in console.call("GET", path)["items"] if item["status"]["state"] == "error"],
                            lambda: console.call("GET", path))
            self.assertEqual(refused[0]["settings"]["name"], "Nobody's")
            self.assertTrue(refused[0]["status"]["last_error"])
            console.call("POST", f"{path}/{applied['id']}/poll")
            self.assertEqual({process["restarts"] for process in service.processes().values()}, {0})

    def test_what_the_yara_compiler_says_comes_line_by_line(self):
        with folder_for_all() as folder, Serve(folder / "state") as service:
            console = service.sign_in()
            with self.assertRaises(ApiError) as refused:
                console.call("POST", "/yara-rules", {"name": "broken", "source": "rule a { condition: what }\nrule b { condition: ever }\n"})
            self.assertEqual(refused.exception.status, 422)
            said = refused.exception.problem["fields"][0]["message"]
            self.assertRegex(said, r"\Abroken:1: .*\"what\"\nbroken:2: .*\"ever\"")
            added = console.call("POST", "/yara-rules", {"name": "subject", "source": "rule a { strings: $a = \"x\" condition: $a }"})
            self.assertEqual(added["rule_count"], 1)
            console.call("DELETE", f"/yara-rules/{added['id']}")

    def test_a_rule_of_the_console_finds_what_comes_after_it(self):
        with folder_for_all() as folder, servers(folder) as (dovecot, settings), \
                Serve(folder / "state", "--settings", settings) as service:
            console = service.sign_in()
            console.call("POST", "/yara-rules", {"name": "market.yar", "importance": "low",
                                                 "source": "rule summer_market { strings: $a = \"summer market\" condition: $a }"})
            console.call("POST", mailboxes_path(console), integration(dovecot))
            wait_until_inspected(console, len(list(samples.all_samples())))
            alert = until(lambda: [alert for alert in console.call("GET", "/alerts?limit=200")["items"]
                                   if alert["subject"].startswith("City news")], lambda: subjects_of_alerts(console))[0]
            self.assertEqual(alert["importance"], "low")
            until(lambda: len(subjects_of_alerts(console)) == len(samples.DETECTED) + 1, lambda: subjects_of_alerts(console))

    @unittest.skipUnless(shutil.which("clamd", path=os.environ["PATH"] + ":/usr/sbin"), "clamd is not installed")
    def test_what_was_inspected_without_an_engine_is_inspected_again(self):
        with folder_for_all() as folder, servers(folder) as (dovecot, settings):
            clamd = loopback_clamd.Clamd(folder / "clamd")
            settings.write_text(f"[engines]\nclamav = \"on\"\nyara = false\n[clamav]\nsocket = \"{clamd.socket}\"\n[inspectors]\ncount = 1\n")
            with Serve(folder / "state", "--settings", settings) as service:
                console = service.sign_in()
                console.call("POST", mailboxes_path(console), integration(dovecot))
                messages = len(list(samples.all_samples()))
                until(lambda: (console.call("GET", "/status")["queue"]["awaiting_reinspection"] == messages and
                               console.call("GET", "/status")["queue"]["backlog"] == 0), lambda: console.call("GET", "/status"))
                self.assertEqual(alerts_of_clamav(console), 0)
                with clamd:
                    wait_until_inspected(console, messages)
                    until(lambda: console.call("GET", "/status")["queue"]["awaiting_reinspection"] == 0,
                          lambda: console.call("GET", "/status"))
                    self.assertGreater(alerts_of_clamav(console), 5)
                    self.assertEqual(subjects_of_alerts(console), subjects_to_detect())


def deliver(maildir, name, octets):
    """As a mail server does, whole: the collector polls meanwhile."""
    (maildir / "tmp" / name).write_bytes(octets)
    (maildir / "tmp" / name).rename(maildir / "new" / name)


class HowCopiesArrive(unittest.TestCase):
    """Journal reports and forwards (docs/copies.md), from a real mail server to the alert."""

    @staticmethod
    def carried(subject, carrier_header, text, part="text/plain"):
        """A message with EICAR attached, inside another one."""
        inner = email.message.EmailMessage()
        inner["From"], inner["To"] = "Ann Price <ann@corp.example>", "bob@corp.example"
        inner["Subject"], inner["Message-ID"] = subject, f"<{subject}@corp.example>"
        inner.set_content("See the tool.\n")
        inner.add_attachment(samples.mailgen.eicar(), maintype="application", subtype="octet-stream", filename="tool.com")
        return (f"{carrier_header}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_carrier\"\n\n"
                f"--=_carrier\nContent-Type: {part}\n\n{text}\n--=_carrier\nContent-Type: message/rfc822\n\n").encode() + \
            inner.as_bytes() + b"\n--=_carrier--\n"

    def report(self, subject):
        return self.carried(subject, "From: Exchange <exchange@corp.example>\nTo: journal@corp.example\n"
                            f"Subject: {subject}\nX-MS-Journal-Report:\n",
                            f"Sender: ann@corp.example\nSubject: {subject}\nMessage-Id: <{subject}@corp.example>\n"
                            "To: bob@corp.example\nBcc: erin@corp.example, Expanded: board@corp.example")

    def forward(self, subject):
        return self.carried(subject, "From: Carol <carol@corp.example>\nTo: reports@corp.example\nSubject: Look at this\n",
                            "It looks odd.")

    def alert(self, console, subject):
        found = until(lambda: [alert for alert in console.call("GET", "/alerts?limit=200")["items"] if alert["subject"] == subject],
                      lambda: subjects_of_alerts(console))
        self.assertEqual(len(found), 1)
        return found[0], console.call("GET", f"/alerts/{found[0]['id']}")

    def test_a_journal_report_and_a_forward_are_shown_as_the_mailbox_is_set(self):
        with folder_for_all() as folder, servers(folder) as (dovecot, settings), \
                Serve(folder / "state", "--settings", settings) as service:
            maildir = folder / "mail/maildir"
            deliver(maildir, "9000000001.report.demo", self.report("first-report"))
            deliver(maildir, "9000000002.forward.demo", self.forward("first-forward"))
            console = service.sign_in()
            path = mailboxes_path(console)
            mailbox = console.call("POST", path, integration(dovecot))
            self.assertEqual(mailbox["settings"].get("copies", "auto"), "auto")
            shown, detail = self.alert(console, "first-report")
            self.assertEqual(shown["sender"], "Ann Price <ann@corp.example>")
            self.assertEqual(shown["recipients"], ["bob@corp.example", "erin@corp.example"])
            self.assertEqual((shown["bcc_count"], shown["copy_form"]), (1, "journal_report"))
            self.assertEqual(shown["arrived_from"], "Exchange <exchange@corp.example>")
            self.assertEqual([finding["part"] for finding in detail["findings"] if finding["engine"] == "yara"], ["2.2"])
            self.assertEqual(detail["message"]["copy"]["recipients"][1]["expanded_from"], "board@corp.example")
            self.assertEqual(detail["message"]["recipients"]["bcc"][0]["email"]["email"], "erin@corp.example")
            # By itself the forwarder is the sender.
            self.assertEqual(self.alert(console, "Look at this")[0]["sender"], "Carol <carol@corp.example>")
            # The carrier's sender is found, too.
            self.assertEqual([alert["subject"] for alert in console.call("GET", "/alerts?sender=exchange%40corp.example")["items"]],
                             ["first-report"])
            # A change holds for what comes from then on.
            console.call("PUT", f"{path}/{mailbox['id']}", integration(dovecot, copies="attached", version=mailbox["version"]))
            deliver(maildir, "9000000003.forward.demo", self.forward("second-forward"))
            shown, _ = self.alert(console, "second-forward")
            self.assertEqual((shown["sender"], shown["copy_form"]), ("Ann Price <ann@corp.example>", "attached_message"))
            deliver(maildir, "9000000004.plain.demo", b"From: dave@x.example\nTo: reports@corp.example\nSubject: straight\n\nHello\n")
            _, detail = self.alert(console, "straight")
            self.assertEqual([finding["id"] for finding in detail["findings"]], ["copies.unexpected_form"])


class WhenItIsKilled(unittest.TestCase):
    """Each point of the way from the spool to the store; those of collector and spool are in serve_crash_test.py."""

    POINTS = [f"{name}:{crash_pass}" for name in
              ("pipeline.before_keep", "pipeline.after_keep", "pipeline.before_record", "pipeline.after_record",
               "control.after_record") for crash_pass in (1, 3)]

    def test_nothing_is_lost_and_nothing_alerted_twice(self):
        for point in self.POINTS:
            with self.subTest(point), folder_for_all() as folder, servers(folder) as (dovecot, settings):
                with Serve(folder / "state", "--settings", settings, crash_point=point) as service:
                    console = service.sign_in()
                    console.call("POST", mailboxes_path(console), integration(dovecot))
                    service.wait_for_log("supervisor.child_ended", f'name="{point.split(".")[0]}"', "signal 9")
                    service.kill()
                with Serve(folder / "state", "--settings", settings) as service:
                    console = service.sign_in()
                    wait_until_inspected(console, len(list(samples.all_samples())))
                    self.assertEqual(subjects_of_alerts(console), subjects_to_detect())


class WhenTheDiskIsFull(unittest.TestCase):
    @unittest.skipUnless(IS_ROOT, "only root can mount a small disk")
    def test_sign_in_and_alerts_still_work_and_it_goes_on_when_there_is_room(self):
        with folder_for_all() as folder, servers(folder) as (dovecot, settings):
            state = folder / "state"
            state.mkdir()
            wrapper = ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o size=200m none {state} && exec "$@"', "sh"]
            with Serve(state, "--settings", settings, wrapper=wrapper) as service:
                inside = pathlib.Path(f"/proc/{service.process.pid}/root{state}")
                console = service.sign_in()
                filler = inside / "filler"
                with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                    while True:
                        file.write(bytes(1 << 20))
                with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
                    while True:
                        file.write(bytes(512))
                with contextlib.suppress(ApiError):  # it cannot be kept: an answer that says so is one
                    console.call("POST", mailboxes_path(console), integration(dovecot))
                again = service.sign_in()
                self.assertEqual(subjects_of_alerts(again), [])
                self.assertEqual(again.call("GET", "/status")["disk"]["free_bytes"], 0)
                filler.unlink()
                if not again.call("GET", mailboxes_path(again))["items"]:
                    again.call("POST", mailboxes_path(again), integration(dovecot))
                wait_until_inspected(again, len(list(samples.all_samples())))
                self.assertEqual(subjects_of_alerts(again), subjects_to_detect())


def main():
    missing = [name for name in ("dovecot", "openssl") if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)} (Debian: dovecot-pop3d, openssl)")
        sys.exit(77)
    sys.argv.pop(1)  # serving has it
    unittest.main(verbosity=2, warnings="ignore")


if __name__ == "__main__":
    main()
