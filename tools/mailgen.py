"""Messages of our own making, for the demo, the benchmarks and the tests. Same seed, same bytes.

Nothing here is harmful: "malware" is the EICAR test string (put together at run time, so that this file
is none), programs are a header and zeros, macros say hello.
"""

import email.message
import email.policy
import email.utils
import io
import random
import struct
import zipfile
import zlib

POLICY = email.policy.SMTP
DOMAIN = "example.org"
EPOCH = 1_767_225_600  # 2026-01-01T00:00:00Z: dates do not depend on the clock

WORDS = (
    "account agenda answer budget building calendar change client contract customer date decision delivery "
    "department document draft estimate figure folder invoice item letter manager market meeting message month "
    "note number office offer order page partner payment people phone plan price product project proposal "
    "question quarter receipt record region reply report request result review room schedule server service "
    "site staff status summary supplier support table team term ticket time travel update version week work"
).split()


def eicar():
    """The 68 octets of the EICAR test file (eicar.org), in pieces here."""
    return ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()


def words(rng, count):
    return " ".join(rng.choice(WORDS) for _ in range(count))


def paragraphs(rng, octets):
    """Text of about that many octets, in lines a person could have typed."""
    lines, size = [], 0
    while size < octets:
        line = words(rng, rng.randint(6, 11)).capitalize() + "."
        lines.append(line)
        size += len(line) + 2
        if rng.random() < 0.2:
            lines.append("")
            size += 2
    return "\n".join(lines) + "\n"


def new_message(rng, serial, subject=None, sender=None, recipient=None):
    """A message with the header fields that a mail server's copy has; the Message-ID is unique by serial."""
    message = email.message.EmailMessage(policy=POLICY)
    when = email.utils.formatdate(EPOCH + serial * 61, usegmt=False)
    message["Received"] = (
        f"from mx{rng.randint(1, 9)}.example.net (mx.example.net [192.0.2.{rng.randint(1, 254)}])"
        f" by mail.{DOMAIN} with ESMTPS id {rng.getrandbits(48):012x} for <copy@{DOMAIN}>; {when}"
    )
    message["From"] = sender or f"{rng.choice(WORDS).capitalize()} {rng.choice(WORDS).capitalize()} <{rng.choice(WORDS)}@example.net>"
    message["To"] = recipient or f"{rng.choice(WORDS)}@{DOMAIN}"
    message["Subject"] = subject or words(rng, rng.randint(3, 8)).capitalize()
    message["Date"] = when
    message["Message-ID"] = f"<{serial}.{rng.getrandbits(64):016x}@example.net>"
    return message


def html_page(rng, text):
    body = "".join(f"<p>{line}</p>\n" for line in text.splitlines() if line)
    link = f"https://www.example.net/{rng.choice(WORDS)}?id={rng.getrandbits(32)}"
    return f'<html><head><style>p{{margin:0}}</style></head><body>{body}<a href="{link}">Read on</a></body></html>'


def add_bytes(message, payload, maintype, subtype, filename):
    message.add_attachment(payload, maintype=maintype, subtype=subtype, filename=filename)


def zip_of(members, seed=1):
    """A zip of {name: bytes} with fixed dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, payload in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), payload, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _ZipCrypto:
    """The traditional PKWARE encryption (APPNOTE 6.1), which Python's zipfile reads but does not write."""

    def __init__(self, password):
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for octet in password:
            self._update(octet)

    @staticmethod
    def _crc(value, octet):
        return zlib.crc32(bytes([octet]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def _update(self, octet):
        keys = self.keys
        keys[0] = self._crc(keys[0], octet)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = self._crc(keys[2], keys[1] >> 24)

    def encrypt(self, plain):
        out = bytearray()
        for octet in plain:
            temp = (self.keys[2] | 2) & 0xFFFF
            out.append(octet ^ (((temp * (temp ^ 1)) >> 8) & 0xFF))
            self._update(octet)
        return bytes(out)


def encrypted_zip_of(name, payload, password):
    """A zip with one stored member under ZipCrypto."""
    crc = zlib.crc32(payload)
    sealed = _ZipCrypto(password.encode()).encrypt(bytes(11) + bytes([crc >> 24]) + payload)
    raw_name = name.encode()
    common = struct.pack("<HHHHHIIIHH", 20, 1, 0, 0, 0x5C21, crc, len(sealed), len(payload), len(raw_name), 0)
    local = b"PK\x03\x04" + common + raw_name + sealed
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw_name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def ole_file(streams):
    """A compound file ([MS-CFB], version 3) of {"storage/stream": bytes}, one level of storages."""
    sector = 512
    storages = sorted({name.split("/")[0] for name in streams if "/" in name})
    entries = [("Root Entry", 5, b"")]
    children = {0: []}
    for storage in storages:
        children[0].append(len(entries))
        children[len(entries)] = []
        entries.append((storage, 1, b""))
    for name, payload in sorted(streams.items()):
        parent = 1 + storages.index(name.split("/")[0]) if "/" in name else 0
        children[parent].append(len(entries))
        # Streams below 4096 octets would have to lie in a mini stream: pad them instead.
        entries.append((name.split("/")[-1], 2, payload.ljust(4096, b"\0")))
    for kin in children.values():  # [MS-CFB] 2.6.4: shorter names first, then by upper case
        kin.sort(key=lambda index: (len(entries[index][0]), entries[index][0].upper()))
    body, fat, starts = bytearray(), [], {}
    for index, (_, kind, payload) in enumerate(entries):
        if kind == 2:
            count = -(-len(payload) // sector)
            starts[index] = len(fat)
            fat += list(range(len(fat) + 1, len(fat) + count)) + [0xFFFFFFFE]
            body += payload.ljust(count * sector, b"\0")
    directory_start = len(fat)
    directory = bytearray()
    for index, (name, kind, payload) in enumerate(entries):
        siblings = next((kin for kin in children.values() if index in kin), [])
        place = siblings.index(index) if index in siblings else -1
        right = siblings[place + 1] if 0 <= place < len(siblings) - 1 else 0xFFFFFFFF
        child = children[index][0] if children.get(index) else 0xFFFFFFFF
        utf16 = (name + "\0").encode("utf-16-le")
        directory += utf16.ljust(64, b"\0") + struct.pack("<HBBIII", len(utf16), kind, 1, 0xFFFFFFFF, right, child)
        directory += bytes(36) + struct.pack("<IQ", starts.get(index, 0xFFFFFFFE if kind == 5 else 0), len(payload))
    count = -(-len(directory) // sector)
    body += directory.ljust(count * sector, b"\0")
    fat += list(range(directory_start + 1, directory_start + count)) + [0xFFFFFFFE]
    fat_sector = len(fat)
    fat.append(0xFFFFFFFD)
    assert len(fat) <= sector // 4, "one FAT sector is enough for samples"
    body += b"".join(struct.pack("<I", value) for value in fat).ljust(sector, b"\xff")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_start, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    ) + struct.pack("<I", fat_sector)
    return bytes(header.ljust(sector, b"\xff") + body)


def vba_compressed(source):
    """[MS-OVBA] 2.4.1 with literal tokens only, one chunk."""
    tokens = b"".join(b"\0" + source[at:at + 8] for at in range(0, len(source), 8))
    return b"\x01" + struct.pack("<H", 0xB000 | (len(tokens) + 2 - 3)) + tokens


def macro_document():
    """A .docm whose vbaProject.bin has the streams of a VBA project."""
    source = b'Attribute VB_Name = "ThisDocument"\r\nSub AutoOpen()\r\n  MsgBox "hello"\r\nEnd Sub\r\n'
    project = ole_file({"PROJECT": b'ID="{0}"\r\nDocument=ThisDocument/&H00000000\r\n', "VBA/dir": vba_compressed(source),
                        "VBA/_VBA_PROJECT": b"\xcc\x61\xff\xff", "VBA/ThisDocument": vba_compressed(source)})
    types = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
             '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override '
             'PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>')
    return zip_of({"[Content_Types].xml": types.encode(), "word/document.xml": b"<w:document/>",
                   "word/vbaProject.bin": project})


def harmless_program():
    """What a Windows loader would take for the start of a program, and nothing behind it."""
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(440)


def clean(rng, serial, octets):
    """A letter, often with HTML beside it and a document, of about that size."""
    message = new_message(rng, serial)
    text_octets = min(octets, rng.randint(1_000, 6_000))
    text = paragraphs(rng, text_octets)
    message.set_content(text)
    if octets > 3 * text_octets or rng.random() < 0.5:
        message.add_alternative(html_page(rng, text), subtype="html")
    rest = octets - 2 * text_octets - 1_500
    if rest > 2_000:
        payload = rng.randbytes(rest * 3 // 4)
        kind = rng.choice([("application", "pdf", "pdf", b"%PDF-1.4\n"), ("image", "jpeg", "jpg", b"\xff\xd8\xff\xe0"),
                           ("application", "octet-stream", "dat", b"")])
        add_bytes(message, kind[3] + payload, kind[0], kind[1], f"{rng.choice(WORDS)}.{kind[2]}")
    return message


def spam(rng, serial, octets):
    message = new_message(rng, serial, subject=f"{rng.choice(WORDS).upper()}!!! {rng.randint(50, 95)}% off")
    message.set_content(html_page(rng, paragraphs(rng, max(1_000, octets - 1_500))), subtype="html")
    return message


def phishing(rng, serial, octets):
    host = f"{rng.choice(WORDS)}-login.example.com"
    message = new_message(rng, serial, subject="Your password expires today", sender=f"IT Support <it@{host}>")
    page = html_page(rng, paragraphs(rng, max(1_000, octets - 2_000)))
    form = f'<form action="https://{host}/session"><input name="user"><input type="password" name="pw"></form>'
    message.set_content(page.replace("</body>", form + "</body>"), subtype="html")
    return message


def infected(rng, serial, octets):
    message = new_message(rng, serial, subject="Invoice")
    message.set_content(paragraphs(rng, 500))
    filler = rng.randbytes(max(0, octets * 3 // 4 - 2_500))
    add_bytes(message, zip_of({"readme.dat": filler, "invoice.com": eicar()}), "application", "zip", "invoice.zip")
    return message


def of_kind(rng, serial, kind, octets):
    return {"clean": clean, "spam": spam, "phishing": phishing, "infected": infected}[kind](rng, serial, octets)


def to_octets(message):
    return message.as_bytes(policy=POLICY)


def forwarded(rng, serial, inner):
    message = new_message(rng, serial, subject="Fwd: " + str(inner["Subject"]))
    message.set_content("See below.\n")
    message.add_attachment(inner)
    return message
