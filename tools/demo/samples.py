"""The mail of the demo: what an organisation's mail looks like on a bad day, nothing of it harmful.

`all_samples()` yields (name, subject, octets); `DETECTED` says which of them have to become alerts. EICAR is put
together at run time (mailgen.eicar), so that no file of the repository is taken for it.
"""

import argparse
import base64
import binascii
import email
import email.message
import email.policy
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import mailgen  # noqa: E402

SEED = 1
BINARY = ("application", "octet-stream")
ZIP = ("application", "zip")


def letter(rng, serial, subject, sender, recipient, text):
    message = mailgen.new_message(rng, serial, subject, sender, recipient)
    message.set_content(text)
    return message


def with_file(message, payload, filename, kind=BINARY):
    mailgen.add_bytes(message, payload, *kind, filename)
    return message


def with_raw_part(message, encoding, body, filename, kind="application/octet-stream"):
    """Adds a part whose encoded body is sent as it is given, odd or not."""
    part = email.message.EmailMessage(policy=mailgen.POLICY)
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = encoding
    if filename:
        part["Content-Disposition"] = f'attachment; filename="{filename}"'
    part.set_payload(body)
    message.make_mixed()
    message.attach(part)
    return message


# ── nothing wrong with these

def newsletter(rng, serial):
    text = ("Dear reader,\n\nthis month: the new line to the harbour opens on the 12th, the reading room stays open until\n"
            "nine, and the summer market looks for stalls.\n\nThe editors\n")
    message = letter(rng, serial, "City news: what is new this month", "City News <news@cityhall.example.net>",
                     "staff@example.org", text)
    message.add_alternative(mailgen.html_page(rng, text), subtype="html")
    message["List-Unsubscribe"] = "<https://www.example.net/unsubscribe?id=7>"
    return message


def shop_newsletter(rng, serial):
    text = "New in our shop: desk lamps, paper in eleven colours, the quiet keyboard.\n\nYou get this because you ordered once.\n"
    message = letter(rng, serial, "Eleven colours of paper", "Office Shop <hello@officeshop.example.net>",
                     "purchasing@example.org", text)
    message.add_alternative(mailgen.html_page(rng, text), subtype="html")
    return message


def minutes_with_pdf(rng, serial):
    message = letter(rng, serial, "Minutes of Tuesday's meeting", "Ada Lindqvist <ada.lindqvist@example.org>",
                     "board@example.org", "Please find the minutes attached.\n\nAda\n")
    return with_file(message, b"%PDF-1.4\n" + rng.randbytes(20_000) + b"\n%%EOF\n", "minutes.pdf", ("application", "pdf"))


def japanese_letter(rng, serial):
    message = mailgen.new_message(rng, serial, "会議の議事録", "田中 <tanaka@example.jp>", "board@example.org")
    message.set_content("お世話になっております。\n議事録をお送りします。\n", charset="iso-2022-jp")
    return message


# ── EICAR in several wrappings

def eicar_attached(rng, serial):
    message = letter(rng, serial, "The file you asked for", "Tom Field <tom.field@example.net>", "helpdesk@example.org",
                     "As promised.\n")
    return with_file(message, mailgen.eicar(), "tool.com")


def eicar_in_zip(rng, serial):
    message = letter(rng, serial, "Invoice 2026-117", "Accounts <accounts@supplier.example.net>", "invoices@example.org",
                     "The invoice for March is attached.\n")
    return with_file(message, mailgen.zip_of({"invoice.com": mailgen.eicar()}), "invoice.zip", ZIP)


def eicar_in_zip_in_zip(rng, serial):
    message = letter(rng, serial, "Documents for the audit", "Nora Vale <nora.vale@example.net>", "finance@example.org",
                     "All documents in one archive.\n")
    inner = mailgen.zip_of({"ledger.com": mailgen.eicar()})
    return with_file(message, mailgen.zip_of({"2026/march.zip": inner}), "documents.zip", ZIP)


def eicar_forwarded(rng, serial):
    message = letter(rng, serial, "Fwd: Invoice 2026-118", "Ines Moor <ines.moor@example.org>", "finance@example.org",
                     "Is this one ours? See below.\n")
    inner = letter(rng, serial + 100, "Invoice 2026-118", "Accounts <accounts@supplier.example.net>",
                   "ines.moor@example.org", "The invoice for April is attached.\n")
    message.add_attachment(with_file(inner, mailgen.zip_of({"invoice.com": mailgen.eicar()}), "invoice.zip", ZIP))
    return message


def eicar_forwarded_base64(rng, serial):
    """A message in a message that is sent base64: RFC 2046 §5.2.1 forbids it, mail programs open it all the same."""
    message = letter(rng, serial, "Fwd: Delivery note", "Store <store@example.org>", "logistics@example.org", "See below.\n")
    inner = with_file(letter(rng, serial + 100, "Delivery note", "Carrier <note@carrier.example.net>", "store@example.org",
                             "Your delivery note.\n"), mailgen.eicar(), "note.com")
    body = base64.encodebytes(mailgen.to_octets(inner)).decode()
    return with_raw_part(message, "base64", body, None, "message/rfc822")


def eicar_noisy_base64(rng, serial):
    """Characters that are none of base64, and lines of five: a decoder has to skip what it does not know."""
    message = letter(rng, serial, "Scan of the signed page", "Copy Room <scanner@example.net>", "legal@example.org", "Scan.\n")
    digits = base64.b64encode(mailgen.eicar()).decode()
    lines = [digits[at:at + 5] + "*" for at in range(0, len(digits), 5)]
    return with_raw_part(message, "base64", "\n".join(lines) + "\n", "scan.com")


def eicar_split_base64(rng, serial):
    """Padding in the middle: pieces that were encoded one by one and put together."""
    message = letter(rng, serial, "Timetable for the works", "Site Office <site@builder.example.net>", "facilities@example.org",
                     "The timetable.\n")
    octets = mailgen.eicar()
    pieces = [base64.b64encode(octets[at:at + 20]).decode() for at in range(0, len(octets), 20)]
    return with_raw_part(message, "base64", "\n".join(pieces) + "\n", "timetable.com")


def eicar_uuencoded(rng, serial):
    octets = mailgen.eicar()
    lines = [binascii.b2a_uu(octets[at:at + 45]).decode() for at in range(0, len(octets), 45)]
    return letter(rng, serial, "Driver for the old plotter", "Karl Ohm <karl.ohm@example.net>", "helpdesk@example.org",
                  "Found it on the old server:\n\nbegin 644 driver.com\n" + "".join(lines) + "`\nend\n")


def eicar_two_content_types(rng, serial):
    """Content-Type twice: who takes the first shows a text, who takes the last shows a file."""
    message = letter(rng, serial, "Floor plan of the new office", "Estates <estates@example.net>", "reception@example.org",
                     "The plan is attached.\n")
    octets = mailgen.to_octets(with_file(message, mailgen.eicar(), "plan.com"))
    return email.message_from_bytes(b"Content-Type: text/plain; charset=utf-8\r\n" + octets, policy=email.policy.SMTP)


# ── what else attackers send

def macro_document(rng, serial):
    message = letter(rng, serial, "Offer 4711", "Sales <sales@offers.example.net>", "purchasing@example.org",
                     "Please enable the macros to see the offer.\n")
    return with_file(message, mailgen.macro_document(), "offer.docm",
                     ("application", "vnd.ms-word.document.macroEnabled.12"))


def encrypted_zip(rng, serial):
    message = letter(rng, serial, "Confidential contract", "Legal <legal@partner.example.net>", "board@example.org",
                     "The password follows by telephone.\n")
    archive = mailgen.encrypted_zip_of("contract.exe", mailgen.harmless_program(), "tomato")
    return with_file(message, archive, "contract.zip", ZIP)


def double_extension(rng, serial):
    message = letter(rng, serial, "Scan from the printer", "Printer <printer@example.net>", "office@example.org", "Scan.\n")
    return with_file(message, mailgen.harmless_program(), "scan.pdf.exe")


def right_to_left_name(rng, serial):
    message = letter(rng, serial, "Photo of the team", "Jo <jo@example.net>", "press@example.org", "For the report.\n")
    return with_file(message, mailgen.harmless_program(), "photo_\u202egpj.exe", ("image", "jpeg"))


def program_as_picture(rng, serial):
    message = letter(rng, serial, "Holiday greetings", "Mia <mia@example.net>", "reception@example.org", "Greetings!\n")
    return with_file(message, mailgen.harmless_program(), "beach.jpg", ("image", "jpeg"))


def script_in_zip(rng, serial):
    message = letter(rng, serial, "Your order 88-1204", "Orders <orders@shop.example.net>", "purchasing@example.org",
                     "The order form is in the archive.\n")
    archive = mailgen.zip_of({"order.js": b"WScript.Echo('hello');\r\n"})
    return with_file(message, archive, "order.zip", ZIP)


CLEAN = (newsletter, shop_newsletter, minutes_with_pdf, japanese_letter)
DETECTED = (eicar_attached, eicar_in_zip, eicar_in_zip_in_zip, eicar_forwarded, eicar_forwarded_base64, eicar_noisy_base64,
            eicar_split_base64, eicar_uuencoded, eicar_two_content_types, macro_document, encrypted_zip, double_extension, right_to_left_name,
            program_as_picture, script_in_zip)


def samples_of(makers, first_serial=1):
    rng = random.Random(SEED + first_serial)
    for serial, make in enumerate(makers, first_serial):
        message = make(rng, serial)
        yield make.__name__, str(message["Subject"]), mailgen.to_octets(message)


def all_samples():
    yield from samples_of(CLEAN)
    yield from samples_of(DETECTED, 1 + len(CLEAN))


def write_maildir(maildir):
    """Returns how many messages lie in it."""
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    count = 0
    for count, (name, _, octets) in enumerate(all_samples(), 1):
        (maildir / "new" / f"{mailgen.EPOCH + count}.{name}.demo").write_bytes(octets)
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder for the .eml files")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for number, (name, _, octets) in enumerate(all_samples(), 1):
        (options.out / f"{number:02d}-{name}.eml").write_bytes(octets)


if __name__ == "__main__":
    main()
