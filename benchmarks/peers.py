"""Other POP3 clients, each with a fresh place for the mail, no memory of earlier polls, and the mail left on the server.

In clear text and with the quickest delivery that each has: a maildir, and for fetchmail, which hands mail to other programs, one
file in batched SMTP. Where root measures they run as nobody: two of them deliver for no root.
"""

import os
import pathlib
import pwd
import shutil

import loopback_dovecot
import timing

HOST = "127.0.0.1"
USER = "nobody" if os.getuid() == 0 else None


def _fresh(folder, name):
    out = pathlib.Path(folder) / name
    shutil.rmtree(out, ignore_errors=True)
    for part in ("cur", "new", "tmp"):
        (out / "maildir" / part).mkdir(parents=True)
    return out


def _run(out, config, text, command):
    (out / config).write_text(text)
    for path in [out, *out.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
        if USER:
            shutil.chown(path, USER, pwd.getpwnam(USER).pw_gid)
    return timing.run_timed(command, user=USER, environment={**os.environ, "HOME": str(out)})


def delivered(folder, name):
    """Messages that the last run of this peer brought."""
    out = pathlib.Path(folder) / name
    if name == "fetchmail":
        with (out / "mail").open("rb") as file:
            return sum(line.rstrip() == b"DATA" for line in file)
    return sum(1 for part in ("new", "cur") for _ in (out / "maildir" / part).iterdir())


def mpop(folder, port):
    out = _fresh(folder, "mpop")
    return _run(out, "mpoprc", (
        f"account a\nhost {HOST}\nport {port}\nuser {loopback_dovecot.USER}\npassword {loopback_dovecot.PASSWORD}\nauth user\n"
        f"tls off\npipelining on\nkeep on\nreceived_header off\ndelivery maildir {out}/maildir\nuidls_file {out}/uidls\n"), ["mpop", "-q", "-C", out / "mpoprc", "a"])


def fetchmail(folder, port):
    out = _fresh(folder, "fetchmail")
    return _run(out, "fetchmailrc", (
        f"poll {HOST} service {port} protocol pop3 auth password username \"{loopback_dovecot.USER}\" "
        f"password \"{loopback_dovecot.PASSWORD}\" keep fetchall sslproto \"\" no rewrite bsmtp \"{out}/mail\"\n"),
                ["fetchmail", "--silent", "--nosyslog", "--fetchmailrc", out / "fetchmailrc", "--idfile", out / "ids",
                 "--pidfile", out / "pid"])


def getmail6(folder, port):
    out = _fresh(folder, "getmail6")
    return _run(out, "getmailrc", (
        f"[retriever]\ntype = SimplePOP3Retriever\nserver = {HOST}\nport = {port}\nusername = {loopback_dovecot.USER}\n"
        f"password = {loopback_dovecot.PASSWORD}\n[destination]\ntype = Maildir\npath = {out}/maildir/\n"
        "[options]\nread_all = true\ndelete = false\nverbose = 0\nreceived = false\ndelivered_to = false\n"),
                ["getmail", "--getmaildir", out, "--rcfile", out / "getmailrc"])


def fdm(folder, port):
    out = _fresh(folder, "fdm")
    return _run(out, "fdm.conf", (
        f"set lock-file \"{out}/lock\"\nset maximum-size 128M\nset no-received\n"
        f"account \"a\" pop3 server \"{HOST}\" port {port} user \"{loopback_dovecot.USER}\" pass "
        f"\"{loopback_dovecot.PASSWORD}\"\naction \"m\" maildir \"{out}/maildir\"\nmatch all action \"m\"\n"),
                ["fdm", "-f", out / "fdm.conf", "-k", "fetch"])


ALL = {"mpop": mpop, "fetchmail": fetchmail, "getmail6": getmail6, "fdm": fdm}
