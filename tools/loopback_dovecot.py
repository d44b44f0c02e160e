"""A real Dovecot on 127.0.0.1 for the demo and the benchmarks, with everything in one folder.

Works as root and as an ordinary user, reads no file of /etc/dovecot and leaves the machine's own Dovecot alone.
"""

import contextlib
import grp
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import time

import tied_process

USER = "copy"
PASSWORD = "not-a-secret"


_given_ports = set()


def free_port():
    """Another one at each call: what the first was for may not listen yet."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        if port in _given_ports:
            return free_port()  # while this one is taken
        _given_ports.add(port)
        return port


def make_maildir(folder, messages=()):
    """With these messages (bytes), named by their place and by their sizes, which Dovecot then need not count."""
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    for serial, raw in enumerate(messages):
        (folder / "cur" / f"1767225600.M{serial:06d}P1.mail,S={len(raw)},W={len(raw)}:2,S").write_bytes(raw)


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_certificate(folder, days=30):
    """A certificate for localhost that a CA of our own issued; returns (certificate, key, CA's certificate).

    The CA's key goes away at once: nothing else can be issued by it.
    """
    certificate, key, ca, ca_key = (folder / name for name in ("certificate.pem", "key.pem", "ca.pem", "ca-key.pem"))
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", days)
    # -config: the extensions below and none of the machine's openssl.cnf.
    config = folder / "openssl.cnf"
    config.write_text("[req]\ndistinguished_name=name\n[name]\n")
    _openssl("req", "-x509", *new_key, "-config", config, "-subj", "/CN=Loopback CA", "-addext",
             "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign", "-keyout", ca_key, "-out", ca)
    _openssl("req", "-x509", *new_key, "-config", config, "-subj", "/CN=localhost", "-CA", ca, "-CAkey", ca_key, "-addext",
             "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext",
             "extendedKeyUsage=serverAuth", "-keyout", key, "-out", certificate)
    ca_key.unlink()
    return certificate, key, ca


def _configuration(folder, port, tls_port, mail_user, maildir, more):
    mine, group = pwd.getpwuid(os.getuid()), grp.getgrgid(os.getgid())
    internal, internal_group = ("dovecot", "dovecot") if os.getuid() == 0 else (mine.pw_name, group.gr_name)
    certificate, key, _ = make_certificate(folder)
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = pop3
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {internal}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
mail_location = maildir:{folder}/{maildir}
mail_uid = {mail_user.pw_uid}
mail_gid = {mail_user.pw_gid}
first_valid_uid = 1
auth_mechanisms = plain
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={mail_user.pw_uid} gid={mail_user.pw_gid} home={folder}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service pop3 {{
  process_limit = 1024
}}
service pop3-login {{
  chroot =
  service_count = 0
  client_limit = 1024
  inet_listener pop3 {{
    port = {port}
  }}
  inet_listener pop3s {{
    port = {tls_port}
  }}
}}
{more}"""


class Dovecot:
    """Serves the maildir `folder`/`maildir` to copy/not-a-secret until the `with` block ends.

    Whoever knows the password is let in: with "maildir/%u", each to a maildrop of its own. `more` are lines of its
    configuration.
    """

    def __init__(self, folder, maildir="maildir", more=""):
        self.folder, self._maildir = pathlib.Path(folder).resolve(), maildir
        self._more = more
        self.ca = self.folder / "ca.pem"
        self.port, self.tls_port = free_port(), free_port()
        self.process = None

    def __enter__(self):
        mail_user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        if os.getuid() == 0:
            self._hand_over(mail_user)
        config = self.folder / "dovecot.conf"
        config.write_text(_configuration(self.folder, self.port, self.tls_port, mail_user, self._maildir, self._more))
        program = shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin")
        if program is None:
            raise SystemExit("dovecot is not installed: apt-get install dovecot-pop3d")
        self.process = tied_process.start([program, "-F", "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._wait_until_it_answers()
        return self

    def _hand_over(self, mail_user):
        """Dovecot reads mail as an ordinary user, who must be able to reach the folder."""
        self.folder.chmod(0o755)
        for path in [self.folder / "maildir", *(self.folder / "maildir").rglob("*")]:
            os.chown(path, mail_user.pw_uid, mail_user.pw_gid)

    def _wait_until_it_answers(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit("dovecot ended at once: " + self.process.stderr.read().decode(errors="replace"))
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as link:
                if link.recv(3) == b"+OK":
                    return
            time.sleep(0.05)
        log = self.folder / "dovecot.log"
        raise SystemExit("dovecot does not answer. " + (log.read_text(errors="replace")[-2000:] if log.exists() else ""))

    def __exit__(self, *_):
        tied_process.stop(self.process)
