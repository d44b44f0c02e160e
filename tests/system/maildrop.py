"""A maildrop of a loopback Dovecot as the tests see it, and a relay between it and the collector.

The relay counts each user's sessions, hides PIPELINING where it is told to, and reads a session that the collector left to its end,
so that the server is done with it.
"""

import collections
import contextlib
import hashlib
import os
import pathlib
import poplib
import re
import select
import socket
import threading

import loopback_dovecot  # of tools: serving knows the way


def as_sent(octets):
    """What Dovecot sends for a file with bare LF."""
    return octets.replace(b"\n", b"\r\n")


class Maildrop:
    """The maildir of one user. Messages are known by the SHA-256 of what is sent of them."""

    def __init__(self, dovecot, user):
        self.user, self._port = user, dovecot.port
        self._folder = pathlib.Path(dovecot.folder) / "maildir" / user
        self._owner = (dovecot.folder / "maildir").stat()
        self._count = 0
        for name in ("", "new", "cur", "tmp"):
            self._make(self._folder / name)

    def _make(self, folder):
        folder.mkdir()
        os.chown(folder, self._owner.st_uid, self._owner.st_gid)

    def deliver(self, octets):
        """As a mail server does: whole, and after those that came before."""
        self._count += 1
        name = f"{1700000000 + self._count}.{self._count}.test"
        path = self._folder / "tmp" / name
        path.write_bytes(octets)
        os.chown(path, self._owner.st_uid, self._owner.st_gid)
        path.rename(self._folder / "new" / name)
        return hashlib.sha256(as_sent(octets)).hexdigest()

    def hashes(self):
        while True:
            with contextlib.suppress(FileNotFoundError):  # the server moved one meanwhile, or removed it: looked at anew
                files = [path for name in ("new", "cur") for path in (self._folder / name).iterdir()]
                return {hashlib.sha256(as_sent(path.read_bytes())).hexdigest() for path in files}

    def listing(self):
        """UID → octets, as the server says it to any client."""
        link = poplib.POP3("127.0.0.1", self._port, timeout=60)
        link.user(self.user)
        link.pass_(loopback_dovecot.PASSWORD)
        uids = dict(line.decode().split(" ", 1) for line in link.uidl()[1])
        sizes = dict(line.decode().split() for line in link.list()[1])
        link.quit()
        return {uid: int(sizes[number]) for number, uid in uids.items()}


class Relay:
    def __init__(self, server_port, hides_pipelining):
        self._server_port, self._hides_pipelining = server_port, hides_pipelining
        self._changed = threading.Condition()
        self._open = 0
        self._ended = collections.Counter()  # by user
        self.has_asked_ahead = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            with self._changed:
                self._open += 1
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client):
        said = bytearray()  # the first commands of the client
        with client, socket.create_connection(("127.0.0.1", self._server_port)) as server:
            with contextlib.suppress(OSError):  # the collector broke off
                while self._pass_on(client, server, said):
                    pass
            with contextlib.suppress(OSError):  # the server did
                server.shutdown(socket.SHUT_WR)
                while server.recv(65536):
                    pass
        user = re.search(rb"^USER (\S+)\r\n", said, re.MULTILINE)
        with self._changed:
            self._open -= 1
            self._ended[user.group(1).decode() if user else None] += 1
            self._changed.notify_all()

    def _pass_on(self, client, server, said):
        """False once either has ended."""
        for end in select.select([client, server], [], [])[0]:
            octets = end.recv(65536)
            if not octets:
                return False
            if end is client:
                said += octets[:max(0, 1000 - len(said))]
                self.has_asked_ahead = self.has_asked_ahead or octets.count(b"\n") > 1
                server.sendall(octets)
            else:
                client.sendall(octets.replace(b"\r\nPIPELINING\r\n", b"\r\nX-UNKNOWNX\r\n") if self._hides_pipelining else octets)
        return True

    def wait_until_idle(self, seconds_max):
        """Until the server has ended every session."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._open == 0, seconds_max):
                raise AssertionError("a session never ended")

    def wait_for_sessions(self, users, count, seconds_max):
        """Until so many more of each user, who logs in by USER and PASS, have ended."""
        with self._changed:
            goals = {user: self._ended[user] + count for user in users}
            if not self._changed.wait_for(lambda: all(self._ended[user] >= goal for user, goal in goals.items()), seconds_max):
                raise AssertionError(f"not everybody polls: {dict(self._ended)}, to come: {goals}")

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
