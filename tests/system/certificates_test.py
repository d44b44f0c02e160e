#!/usr/bin/env python3
"""Certificates in daily life: `watchpost serve` polls a real Dovecot whose certificate is replaced, or ends soon.

Usage: certificates_test.py PATH-OF-WATCHPOST [unittest arguments]. Exit code 77: a server is not installed.
"""

import contextlib
import datetime
import hashlib
import shutil
import signal
import ssl
import subprocess
import sys
import unittest

from serving import Serve, folder_for_all, integration, loopback_dovecot, mailboxes_path, until


@contextlib.contextmanager
def dovecot_in(folder):
    mail = folder / "mail"
    for part in ("maildir/new", "maildir/cur", "maildir/tmp"):
        (mail / part).mkdir(parents=True)
    with loopback_dovecot.Dovecot(mail) as dovecot:
        yield dovecot


def fingerprint(dovecot):
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert((dovecot.folder / "certificate.pem").read_text())).hexdigest()


def reload(dovecot):
    dovecot.process.send_signal(signal.SIGHUP)  # reads its certificate anew


def install_certificate_that_ends_in(dovecot, days):
    """A self-signed one that was made for a year; `openssl req` cannot date back, `openssl ca` can."""
    folder = dovecot.folder
    ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    dates = ["-startdate", (ends - datetime.timedelta(days=365)).strftime("%Y%m%d%H%M%SZ"),
             "-enddate", ends.strftime("%Y%m%d%H%M%SZ")]
    (folder / "index.txt").write_text("")
    (folder / "ca.cnf").write_text(f"[ca]\ndefault_ca=own\n[own]\ndatabase={folder}/index.txt\nrand_serial=yes\n"
                                   "default_md=sha256\npolicy=any\nunique_subject=no\nx509_extensions=leaf\n"
                                   "[any]\ncommonName=supplied\n[leaf]\nsubjectAltName=DNS:localhost\n[req]\ndistinguished_name=dn\n[dn]\n")
    run = ["openssl"], {"check": True, "capture_output": True}
    subprocess.run([*run[0], "req", "-new", "-config", folder / "ca.cnf", "-key", folder / "key.pem", "-subj", "/CN=localhost",
                    "-out", folder / "request.pem"], **run[1])
    subprocess.run([*run[0], "ca", "-batch", "-selfsign", "-config", folder / "ca.cnf", "-keyfile", folder / "key.pem", "-in",
                    folder / "request.pem", "-notext", "-outdir", folder, "-out", folder / "certificate.pem", *dates], **run[1])
    reload(dovecot)


class Mailbox:
    """One mailbox of a service, and what its page says."""

    def __init__(self, service, dovecot, **settings):
        self.service, self.console = service, service.sign_in()
        self.settings = integration(dovecot, **settings)
        made = self.console.call("POST", mailboxes_path(self.console), self.settings)
        self.path = f"{mailboxes_path(self.console)}/{made['id']}"

    def now(self):
        return self.console.call("GET", self.path)

    def status_when(self, state, words=""):
        def is_so():
            status = self.now()["status"]
            return status if status["state"] == state and words in (status.get("last_error") or "") else None
        return until(is_so, self.now)

    def apply(self):
        settings = {name: value for name, value in self.settings.items() if name != "password"}
        self.console.call("PUT", self.path, {**settings, "version": self.now()["version"]})


class AChangedCertificate(unittest.TestCase):
    def test_is_an_event_under_accept_any_until_somebody_applies_over_a_restart(self):
        with folder_for_all() as folder, dovecot_in(folder) as dovecot:
            before = fingerprint(dovecot)
            with Serve(folder / "state") as service:
                mailbox = Mailbox(service, dovecot, certificate="any", ca_pem="")
                mailbox.status_when("ok")
                loopback_dovecot.make_certificate(dovecot.folder)
                now = fingerprint(dovecot)
                reload(dovecot)
                service.wait_for_log("mailbox.certificate_changed", before, now)
                mailbox.status_when("warning", "has changed")
                until(lambda: mailbox.console.call("GET", mailbox.path + "/server")["chain"][0]["fingerprint"] == now,
                      lambda: mailbox.console.call("GET", mailbox.path + "/server"))
            with Serve(folder / "state") as service:
                mailbox.console = service.sign_in()
                status = mailbox.status_when("warning", "has changed")
                self.assertIn(f"was {before} and is {now}", status["last_error"])
                mailbox.apply()
                mailbox.status_when("ok")
                self.assertNotIn("mailbox.certificate_changed", "".join(service.log))  # told once

    def test_of_another_ca_is_refused_under_trusted_and_the_password_stays_here(self):
        with folder_for_all() as folder, dovecot_in(folder) as dovecot, Serve(folder / "state") as service:
            mailbox = Mailbox(service, dovecot)
            mailbox.status_when("ok")
            loopback_dovecot.make_certificate(dovecot.folder)
            reload(dovecot)
            status = mailbox.status_when("error", "certificate")
            self.assertIn("trusted", status["last_error"])
            log_ins = (dovecot.folder / "dovecot.log").read_text().count("Login: user=")
            service.wait_for_log("mailbox.poll_failed", "certificate")
            self.assertEqual((dovecot.folder / "dovecot.log").read_text().count("Login: user="), log_ins)

    def test_is_refused_under_accept_any_where_the_old_one_is_pinned(self):
        with folder_for_all() as folder, dovecot_in(folder) as dovecot, Serve(folder / "state") as service:
            mailbox = Mailbox(service, dovecot, certificate="any", ca_pem="", pin_sha256=fingerprint(dovecot))
            mailbox.status_when("ok")
            loopback_dovecot.make_certificate(dovecot.folder)
            reload(dovecot)
            status = mailbox.status_when("error", "is not the pinned one")
            self.assertIn(fingerprint(dovecot), status["last_error"])


class ACertificateThatEndsSoon(unittest.TestCase):
    def test_warns_thirty_days_before_in_status_page_and_log(self):
        with folder_for_all() as folder, dovecot_in(folder) as dovecot, Serve(folder / "state") as service:
            install_certificate_that_ends_in(dovecot, 20)
            mailbox = Mailbox(service, dovecot, certificate="self_signed", ca_pem="")
            service.wait_for_log("mailbox.certificate_ends", "Copies", "ends at")
            status = mailbox.status_when("warning", "ends at")
            self.assertRegex(status["last_error"], "in (19|20) days: ask the administrator of the mail server to renew it")
            server = mailbox.console.call("GET", mailbox.path + "/server")
            self.assertIn("ends at", server["certificate_warning"])

    def test_says_nothing_forty_days_before(self):
        with folder_for_all() as folder, dovecot_in(folder) as dovecot, Serve(folder / "state") as service:
            install_certificate_that_ends_in(dovecot, 40)
            mailbox = Mailbox(service, dovecot, certificate="self_signed", ca_pem="")
            status = mailbox.status_when("ok")
            self.assertFalse(status.get("last_error"))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if shutil.which("dovecot", path="/usr/sbin:/usr/bin") is None:
        print("dovecot is not installed: apt-get install dovecot-pop3d")
        sys.exit(77)
    sys.argv.pop(1)  # serving has it
    unittest.main(verbosity=2, warnings="ignore")
