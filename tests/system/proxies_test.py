#!/usr/bin/env python3
"""`watchpost serve` collects through real proxies that want a log-in: microsocks (RFC 1929) and tinyproxy (HTTP Basic).

Usage: proxies_test.py PATH-OF-WATCHPOST [unittest arguments]. Exit code 77: a server is not installed.
"""

import contextlib
import pathlib
import shutil
import socket
import sys
import unittest

import serving
from certificates_test import Mailbox, dovecot_in
from serving import Serve, folder_for_all, loopback_dovecot, mailboxes_path, until

import tied_process  # of tools, like the next one: serving knows the way
from console_api import ApiError

USER, PASSWORD = "ann", "not-a-proxy-secret"


@contextlib.contextmanager
def proxy(kind, folder, dovecot):
    """Its address without a user."""
    port = loopback_dovecot.free_port()
    if kind == "socks5":
        command = ["microsocks", "-i", "127.0.0.1", "-p", str(port), "-u", USER, "-P", PASSWORD]
    else:
        settings = folder / "tinyproxy.conf"
        settings.write_text(f"Port {port}\nListen 127.0.0.1\nTimeout 60\nAllow 127.0.0.1\nConnectPort {dovecot.tls_port}\n"
                            f"BasicAuth {USER} {PASSWORD}\n")
        command = ["tinyproxy", "-d", "-c", str(settings)]
    with open(folder / "proxy.log", "wb") as log:
        process = tied_process.start(command, stdout=log, stderr=log)

    def answers():
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
    try:
        until(answers, lambda: (folder / "proxy.log").read_text())
        yield f"127.0.0.1:{port}"
    finally:
        tied_process.stop(process)


def put_a_message(dovecot):
    message = pathlib.Path(dovecot.folder) / "maildir/new/1.one"
    message.write_bytes(b"Subject: through the proxy\r\n\r\nbody\r\n")
    message.chmod(0o644)


class AProxyWithALogIn(unittest.TestCase):
    def collects(self, kind, scheme):
        with folder_for_all() as folder, dovecot_in(folder) as dovecot, proxy(kind, folder, dovecot) as address, \
                Serve(folder / "state") as service:
            put_a_message(dovecot)
            url = f"{scheme}://{USER}@{address}"
            with self.assertRaises(ApiError) as refused:
                Mailbox(service, dovecot, proxy=url)
            self.assertEqual([field["field"] for field in refused.exception.problem["fields"]], ["proxy_password"])
            mailbox = Mailbox(service, dovecot, proxy=url, proxy_password=PASSWORD)
            mailbox.status_when("ok")
            self.assertEqual(mailbox.now()["status"]["messages_total"], 1)
            self.assertTrue(mailbox.now()["proxy_password_set"])
            self.assertNotIn(PASSWORD, str(mailbox.now()) + "".join(service.log))
            self.is_told_where_it_is_wrong(mailbox, url)

    def is_told_where_it_is_wrong(self, mailbox, url):
        test = {"settings": {**mailbox.settings, "proxy": url, "proxy_password": "wrong"}}
        answer = mailbox.console.call("POST", mailboxes_path(mailbox.console).replace("mailboxes", "mailbox-test"), test)
        failed = [step for step in answer["steps"] if step["outcome"] == "failed"]
        self.assertEqual([step["step"] for step in failed], ["proxy"])
        self.assertRegex(failed[0]["text"], "user name and password|log-in|password")

    def test_by_socks5(self):
        self.collects("socks5", "socks5")

    def test_by_http_connect(self):
        self.collects("http", "http")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    missing = [name for name in ("dovecot", "microsocks", "tinyproxy") if shutil.which(name, path="/usr/sbin:/usr/bin") is None]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)}")
        sys.exit(77)
    serving.WATCHPOST = sys.argv.pop(1)
    unittest.main(verbosity=2, warnings="ignore")
