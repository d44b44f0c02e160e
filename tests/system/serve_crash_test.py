#!/usr/bin/env python3
"""The crash matrix of the service: `watchpost serve` with a real Dovecot, one of its processes ended by SIGKILL at every
named point of collector and spool and at random instants, the others right after it; and started again.

After the kill and after the recovery, server, ledger, store and alerts are compared: nothing lost, nothing stored or
alerted twice, nothing deleted before it was durable, no row "expunged" while its message is listed.

Usage: serve_crash_test.py PATH-OF-WATCHPOST PATH-OF-CRASH-SUPPORT [unittest arguments]. Exit code 77: a server is not
installed. The random instants follow from a seed that is printed; WATCHPOST_TEST_SEED sets another.
"""

import collections
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

import serving
from serving import GROUP, IS_ROOT, SECONDS_MAX, USERS, Serve, folder_for_all, mailboxes_path, until
from maildrop import Maildrop, Relay, as_sent

import loopback_dovecot  # of tools: serving knows the way

MARK = "marked for the crash matrix"
RULE = {"name": "matrix.yar", "importance": "low", "source": f'rule matrix {{ strings: $a = "{MARK}" condition: $a }}'}
SETTINGS = "[engines]\nclamav = \"off\"\n\n[inspectors]\ncount = 1\n"
FOLDER_DATA = ("From: MAILER-DAEMON@example.org\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n"
               f"X-IMAP: 0000000000 0000000000\n\n{MARK}\n")
SECONDS_OF_CELLS = 1200  # of the 1800 of the whole test: with sanitizers fewer random instants have their turn
support = None  # the program crash_support

OF_A_NEW_SPOOL = ("spool.before_identity_move", "spool.before_new_segment", "spool.in_new_segment")
OF_A_SPOOL_WITH_A_PAST = ("spool.before_checkpoint_move", "spool.after_checkpoint_move", "spool.before_segment_removal")
OF_A_NEW_MAILBOX = ("collector.after_maildrop", "collector.in_first_poll", "collector.before_folder_data")
OF_DELETION = ("collector.before_delete", "collector.before_quit", "collector.after_quit")
VICTIMS = ("collector", "pipeline", "collector", "control", "collector", "everything")


def words_of_support(question):
    return subprocess.run([support, question], check=True, capture_output=True, text=True).stdout.split()


def octets_below(*folders):
    octets = 0
    for folder in folders:
        for path in folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                octets += path.stat().st_size
    return octets


class Box:
    """A maildrop, its mailbox in the service, and what is to become of each message."""

    def __init__(self, dovecot, user):
        self.maildrop = Maildrop(dovecot, user)
        self.mailbox = None  # its id
        self.subjects = {}  # SHA-256 → subject, of what is to be collected; all of it alerts
        self.left_alone = set()  # SHA-256 of what was there before the first poll
        self.never_deleted = set()

    def deliver(self, name, octets=600):
        text = f"From: a@example.org\nTo: b@example.org\nSubject: {name}\n\n{MARK} {name}\n"
        text += "line after line of it\n" * ((octets - len(text)) // 22)
        self.subjects[self.maildrop.deliver(text.encode())] = name

    def deliver_folder_data(self):
        sha256 = self.maildrop.deliver(FOLDER_DATA.encode())
        self.subjects[sha256] = FOLDER_DATA.split("\n")[1].removeprefix("Subject: ")
        self.never_deleted.add(sha256)

    def deliver_before_first_poll(self, name):
        self.left_alone.add(self.maildrop.deliver(f"From: a@example.org\nSubject: {name}\n\n{MARK}\n".encode()))


class Matrix:
    """One service folder and its Dovecot, killed and started again and again."""

    def __init__(self, test, folder, dovecot, deletes, pipelines):
        self.test, self.folder, self.dovecot, self.deletes = test, folder, dovecot, deletes
        self.state = folder / "state"
        self.settings = folder / "settings.toml"
        self.settings.write_text(SETTINGS)
        self.settings.chmod(0o644)
        self.relay = Relay(dovecot.port, hides_pipelining=not pipelines)
        self.boxes = []

    def serve(self, crash_point=None):
        return Serve(self.state, "--settings", self.settings, crash_point=crash_point)

    # ── what there is

    def add_box(self, name):
        self.boxes.append(Box(self.dovecot, f"box{len(self.boxes)}-{name}".replace(".", "-")))
        return self.boxes[-1]

    def apply(self, console, box, first_poll="all"):
        box.mailbox = console.call("POST", mailboxes_path(console), {
            "name": box.maildrop.user, "enabled": True, "server": "127.0.0.1", "port": self.relay.port, "receive_every_s": 1,
            "use_tls": False, "authentication": "user_pass", "user": box.maildrop.user, "password": loopback_dovecot.PASSWORD, "first_poll": first_poll,
            "after_retrieval": "delete" if self.deletes else "leave"})["id"]

    def ledger(self):
        """The rows of the mailboxes, by their ids."""
        said = subprocess.run([serving.watchpost, "spool", "list", "--json", self.state / "spool"], capture_output=True, text=True)
        rows = collections.defaultdict(list)
        for line in said.stdout.splitlines():
            row = json.loads(line)
            rows[row["mailbox"]].append(row)
        return rows

    def rows_of_store(self, query):
        with contextlib.closing(sqlite3.connect(f"file:{self.state}/store/watchpost.sqlite?mode=ro", uri=True)) as store:
            return store.execute(query).fetchall()

    def octets(self):
        return octets_below(self.state / "spool", self.state / "store")

    # ── what has to be so

    def look(self):
        """Everything is dead: at the server or durable, and nothing twice."""
        self.relay.wait_until_idle(SECONDS_MAX)
        ledger = self.ledger()
        for box in self.boxes:
            rows = [row for row in ledger[box.mailbox] if row["content"] in ("stored", "removed")]
            ours, theirs = collections.Counter(row["sha256"] for row in rows), box.maildrop.hashes()
            lost = {subject for sha256, subject in box.subjects.items() if sha256 not in ours and sha256 not in theirs}
            self.test.assertFalse(lost, "lost, or deleted before it was durable")
            self.test.assertFalse([sha256 for sha256, times in ours.items() if times > 1], "stored twice")
            self.test.assertLessEqual(box.left_alone | box.never_deleted, theirs, "deleted what is never deleted")
            self.compare_with_listing(box, ledger[box.mailbox])

    def compare_with_listing(self, box, rows):
        listing = box.maildrop.listing()
        for row in rows:
            uid = row["uid"]
            self.test.assertFalse(row["source"] == "expunged" and uid in listing, f"{row} is listed")
            if uid in listing:
                self.test.assertEqual(row["announced_octets"], listing[uid], row)

    def complaint(self, service):
        """What is not yet as it is to be in the end; empty: nothing."""
        service.status()  # takes the service's time
        ledger = self.ledger()
        messages = collections.defaultdict(set)
        for message, mailbox in self.rows_of_store("SELECT id, mailbox_id FROM messages"):
            messages[mailbox].add(message)
        alerts = collections.defaultdict(list)
        for subject, mailbox in self.rows_of_store("SELECT subject, mailbox_id FROM alerts"):
            alerts[mailbox].append(subject)
        for box in self.boxes:
            rows = [row for row in ledger[box.mailbox] if row["content"] != "none"]
            stay = set(box.subjects) | box.left_alone if not self.deletes else box.left_alone | box.never_deleted
            state = {row["source"] for row in rows if row["sha256"] not in box.never_deleted}
            checks = {
                "collected": sorted(row["sha256"] for row in rows) == sorted(box.subjects),
                "settled": all(row["settled"] for row in ledger[box.mailbox]),
                "at the server": box.maildrop.hashes() == stay,
                "states": state <= {"expunged" if self.deletes else "kept"},
                "recorded": messages[box.mailbox] == {row["id"] for row in rows},
                "alerted": sorted(alerts[box.mailbox]) == sorted(box.subjects.values())}
            if wrong := [name for name, is_so in checks.items() if not is_so]:
                return {"box": box.maildrop.user, "wrong": wrong, "rows": rows[-8:], "alerts": sorted(alerts[box.mailbox])}
        return {}

    def await_polls(self):
        """The first session may have begun before; the second has not."""
        self.relay.wait_for_sessions([box.maildrop.user for box in self.boxes], 2, SECONDS_MAX)

    def recover(self, deliver_after_first_poll=None):
        with self.serve() as service:
            if deliver_after_first_poll:
                self.await_polls()
                deliver_after_first_poll()
            until(lambda: not self.complaint(service), lambda: self.complaint(service))
            self.await_polls()  # further polls change nothing
            self.test.assertEqual(self.complaint(service), {})
            self.test.assertEqual(service.stop(), 0)
        checked = subprocess.run([serving.watchpost, "spool", "check", self.state / "spool"], capture_output=True, text=True)
        self.test.assertEqual(checked.returncode, 0, checked.stderr)

    # ── the cells

    def await_crash(self, service):
        service.wait_for_log("supervisor.child_ended", 'name="collector"', "signal 9")
        service.kill()
        self.look()

    def begin(self):
        """With a new spool: it is killed at each point that only a new one passes."""
        box = self.add_box("main")
        box.deliver("the first message")
        with self.serve(OF_A_NEW_SPOOL[0]) as service:
            console = service.sign_in()
            console.call("POST", "/yara-rules", RULE)
            self.apply(console, box)
            self.await_crash(service)
        for point in OF_A_NEW_SPOOL[1:]:
            with self.test.subTest(point), self.serve(point) as service:
                self.await_crash(service)
        self.recover()

    def give_past(self):
        subprocess.run([support, "past", self.state / "spool"], check=True)
        if IS_ROOT:
            for path in (self.state / "spool").rglob("*"):
                os.chown(path, USERS["collector"], GROUP)

    def crash_at(self, point):
        box = self.boxes[0]
        for kind, octets in (("small", 600), ("other", 900), ("large", 300_000)):
            box.deliver(f"{point} {kind}", octets)
        if point in OF_A_SPOOL_WITH_A_PAST:
            self.give_past()
        with self.serve(point) as service:
            self.await_crash(service)
        self.recover()

    def crash_in_new_mailbox(self, point):
        box, first_poll = self.add_box(point), "all"
        if point == "collector.before_folder_data":
            box.deliver_folder_data()
        if point == "collector.in_first_poll":
            first_poll = "new_only"
            box.deliver_before_first_poll("an old one")
        else:
            box.deliver(f"{point} first")
        with self.serve(point) as service:
            self.apply(service.sign_in(), box, first_poll)
            self.await_crash(service)
        self.recover(lambda: box.deliver(f"{point} later"))

    def crash_at_random(self, draw, number, growth):
        """When spool and store have grown by so many octets: that goes on after QUIT as well."""
        victim = VICTIMS[number % len(VICTIMS)]
        octets = draw.randint(1, growth)
        with self.test.subTest(f"instant {number}: {victim} after {octets} of {growth} octets"), self.serve() as service:
            start = self.octets()
            self.deliver_load(number)
            until(lambda: self.octets() >= start + octets, self.octets)
            if victim == "everything":
                os.killpg(service.process.pid, signal.SIGKILL)
            else:
                lines = [line for line in service.log if "child_started" in line and f'name="{victim}"' in line]
                pid = int(re.search(r'pid="?(\d+)', lines[-1]).group(1))
                os.kill(pid, signal.SIGKILL)
            service.kill()
            self.look()

    def deliver_load(self, number):
        for i in range(12):
            self.boxes[0].deliver(f"instant {number} message {i}", 800 + 100 * i)

    def growth(self):
        """How many octets an undisturbed load makes of it."""
        with self.serve() as service:
            start = self.octets()
            self.deliver_load(-1)
            until(lambda: not self.complaint(service), lambda: self.complaint(service))
            return self.octets() - start


@contextlib.contextmanager
def told(cell):
    """Says what a test that was cut off had come to."""
    began = time.monotonic()
    yield
    print(f"  {cell}: {time.monotonic() - began:.1f} s", flush=True)


class CrashMatrix(unittest.TestCase):
    maxDiff = None

    def run_way(self, deletes, pipelines):
        began = time.monotonic()
        seed = int(os.environ.get("WATCHPOST_TEST_SEED", "20261129"))
        draw = random.Random(seed)
        instants = int(words_of_support("instants")[0])
        points = [point for point in words_of_support("points") if point.split(".")[0] in ("collector", "spool") and
                  point not in OF_A_NEW_SPOOL and (deletes or point not in OF_DELETION)]
        with folder_for_all() as folder:
            mail = folder / "mail"
            (mail / "maildir").mkdir(parents=True)
            with loopback_dovecot.Dovecot(mail, "maildir/%u") as dovecot:
                matrix = Matrix(self, folder, dovecot, deletes, pipelines)
                with told("a new spool"):
                    matrix.begin()
                for point in points:
                    with self.subTest(point), told(point):
                        (matrix.crash_in_new_mailbox if point in OF_A_NEW_MAILBOX else matrix.crash_at)(point)
                growth = matrix.growth()
                done = 0
                while done < instants and time.monotonic() < began + SECONDS_OF_CELLS:
                    with told(f"random instant {done}"):
                        matrix.crash_at_random(draw, done, growth)
                        matrix.recover()
                    done += 1
                self.assertEqual(matrix.relay.has_asked_ahead, pipelines)
                messages = sum(len(box.subjects) for box in matrix.boxes)
                matrix.relay.close()
        print(f"killed at {len(points) + len(OF_A_NEW_SPOOL)} named points and {done} of {instants} random instants (seed {seed}): {messages} "
              f"messages, none lost, none twice; {time.monotonic() - began:.0f} s", flush=True)

    def test_leave_serial(self):
        self.run_way(deletes=False, pipelines=False)

    def test_leave_pipelined(self):
        self.run_way(deletes=False, pipelines=True)

    def test_delete_serial(self):
        self.run_way(deletes=True, pipelines=False)

    def test_delete_pipelined(self):
        self.run_way(deletes=True, pipelines=True)


def main():
    global support
    missing = [name for name in ("dovecot", "openssl") if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)} (Debian: dovecot-pop3d, openssl)")
        sys.exit(77)
    sys.argv.pop(1)  # serving has it
    support = sys.argv.pop(1)
    unittest.main(verbosity=2, warnings="ignore", failfast=True)


if __name__ == "__main__":
    main()
