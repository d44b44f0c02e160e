"""Readers of MIME beside ours: what Python's email and programs that write files find in a message."""

import email
import pathlib
import subprocess
import tempfile

PERL = """use MIME::Parser; my $p = MIME::Parser->new; $p->output_dir($ARGV[1]); $p->extract_uuencode(1);
$p->extract_nested_messages(1); $p->parse_open($ARGV[0]);"""


def python_leaves(policy):
    def leaves(file):
        message = email.message_from_bytes(file.read_bytes(), policy=policy)
        parts = [part for part in message.walk() if part.get_content_maintype() != "multipart"]
        return [part.get_payload(decode=True) or b"" for part in parts]
    return leaves


def written_by(*command):
    """The files that a program writes; FILE and FOLDER stand for its arguments."""
    def leaves(file):
        with tempfile.TemporaryDirectory() as folder:
            names = {"FILE": str(file), "FOLDER": folder}
            subprocess.run([names.get(word, word) for word in command], capture_output=True, check=False)
            return [path.read_bytes() for path in pathlib.Path(folder).rglob("*") if path.is_file()]
    return leaves


mime_tools_leaves = written_by("perl", "-e", PERL, "FILE", "FOLDER")


def has_mime_tools():
    try:
        return subprocess.run(["perl", "-MMIME::Parser", "-e1"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
