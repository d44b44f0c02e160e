#!/usr/bin/env python3
"""The program scripted_pop3_server, with Python's own POP3 client: program_test.py PROGRAM."""

import pathlib
import poplib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from scripted_server import ScriptedServer  # noqa: E402  (its folder is known only now)

PROGRAM = sys.argv.pop(1)


def greeting_of(server):
    client = poplib.POP3("127.0.0.1", server.port, timeout=60)
    client.close()
    return client.getwelcome()


class Program(unittest.TestCase):
    def test_a_client_that_is_not_ours_is_content(self):
        with ScriptedServer(PROGRAM, {"messages": 2}) as server:
            client = poplib.POP3("127.0.0.1", server.port, timeout=60)
            client.user("alice")
            client.pass_("secret")
            self.assertEqual(client.stat()[0], 2)
            self.assertEqual(client.uidl()[1], [b"1 u1", b"2 u2"])
            self.assertEqual(client.retr(1)[1], [b"Subject: u1", b"", b".body"])
            client.dele(1)
            client.quit()
            self.assertTrue(server.wait_for("1 ended"))
            self.assertIn("1 < DELE 1", server.events)

    def test_a_script_is_changed_while_it_runs(self):
        with ScriptedServer(PROGRAM, {"greeting": "+OK first\r\n"}) as server:
            self.assertEqual(greeting_of(server), b"+OK first")
            server.change({"greeting": "+OK \u00e9\r\n"})
            self.assertEqual(greeting_of(server), b"+OK \xe9")

    def test_a_wrong_script_is_named(self):
        with self.assertRaises(RuntimeError):
            ScriptedServer(PROGRAM, {"nonsense": 1})

    def test_it_says_how_it_is_used(self):
        result = subprocess.run([PROGRAM], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("Usage", result.stderr)


unittest.main()
