#!/usr/bin/env python3
"""No leaf that Python's email or Perl's MIME::Parser finds is missing from what `watchpost scan` inspects.

Every message of the corpora below goes through the three, side by side. Leaves are compared by SHA-256, line ends and
the empty lines at the end aside; what differs has a row in docs/mime-conformance.md, and a row that no longer differs
fails, too.

Usage: other_readers_test.py PATH-OF-WATCHPOST [unittest arguments]. Exit code 77: there is no corpus.
"""

import email.policy
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from other_readers import has_mime_tools, mime_tools_leaves, python_leaves  # noqa: E402

CORPUS = ROOT.parent / "shared/corpus/mime"
CORPORA = ("cpython", "enmime", "mikel-mail")
SUFFIXES = {".eml", ".msg", ".txt", ".raw", ""}
HEADING = "## Leaves of other readers"


def messages():
    return sorted(file for corpus in CORPORA for file in (CORPUS / corpus).rglob("*")
                  if file.is_file() and file.suffix in SUFFIXES and "LICENSE" not in file.name)


def digests(octets):
    """Of the leaf with either line end, and with fewer or one more line ends at its end."""
    lines = octets.replace(b"\r\n", b"\n")
    found = set()
    for text in (octets, lines, lines.replace(b"\n", b"\r\n")):
        for _ in range(3):
            found |= {hashlib.sha256(text + end).hexdigest() for end in (b"", b"\n", b"\r\n")}
            text = text.removesuffix(b"\n").removesuffix(b"\r")
    return found


def inspected(files):
    """The digests of all leaves of all readings, by file."""
    with tempfile.TemporaryDirectory() as folder:
        settings = pathlib.Path(folder) / "off.toml"
        settings.write_text('[engines]\nclamav = "off"\n')
        answer = subprocess.run([WATCHPOST, "scan", "--json", "--config", settings, *files], capture_output=True,
                                check=False)
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    return {line["file"]: {part["sha256"] for part in line["parts"]} for line in lines}


def known_rows(reader):
    """(message, octets of the leaf) for each row of the page."""
    page = (ROOT / "docs/mime-conformance.md").read_text().split(HEADING)[1]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| ")]
    return {(row[1], int(row[2])) for row in rows if row[0] == reader}


class OtherReaders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = messages()
        cls.ours = inspected(cls.files)

    def compare(self, reader, leaves_of):
        leaves = 0
        missing = set()
        for file in self.files:
            for leaf in leaves_of(file):
                leaves += bool(leaf.strip())
                if leaf.strip() and not digests(leaf) & self.ours[str(file)]:
                    missing.add((file.relative_to(CORPUS).as_posix(), len(leaf)))
        print(f"{reader}: {leaves - len(missing)} of {leaves} leaves of {len(self.files)} messages", file=sys.stderr)
        self.assertGreater(leaves, 100)
        self.assertEqual(missing, known_rows(reader))

    def test_python_email(self):
        self.compare("python_email", python_leaves(email.policy.default))

    @unittest.skipUnless(has_mime_tools(), "MIME::Parser is not installed (Debian: libmime-tools-perl)")
    def test_mime_tools(self):
        self.compare("mime_tools", mime_tools_leaves)


if __name__ == "__main__":
    if not CORPUS.is_dir():
        print(f"skipped: no {CORPUS}")
        sys.exit(77)
    WATCHPOST = sys.argv.pop(1)
    unittest.main()
