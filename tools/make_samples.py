"""Makes the messages of the demo: what an organisation's mail looks like on a bad day, nothing of it harmful."""

import argparse
import pathlib
import random

import mailgen


def newsletter(rng, serial):
    message = mailgen.new_message(rng, serial, "What is new this month", "Example News <news@example.net>")
    text = mailgen.paragraphs(rng, 1_500)
    message.set_content(text)
    message.add_alternative(mailgen.html_page(rng, text), subtype="html")
    message["List-Unsubscribe"] = "<https://www.example.net/unsubscribe?id=7>"
    return message


def japanese_letter(rng, serial):
    message = mailgen.new_message(rng, serial, "会議の議事録", "田中 <tanaka@example.jp>")
    message.set_content("お世話になっております。\n議事録をお送りします。\n", charset="iso-2022-jp")
    return message


def with_attachment(rng, serial, subject, payload, filename, maintype="application", subtype="octet-stream"):
    message = mailgen.new_message(rng, serial, subject)
    message.set_content(mailgen.paragraphs(rng, 300))
    mailgen.add_bytes(message, payload, maintype, subtype, filename)
    return message


def eicar_zip(rng, serial):
    archive = mailgen.zip_of({"invoice.com": mailgen.eicar()})
    return with_attachment(rng, serial, "Invoice 2026-117", archive, "invoice.zip", subtype="zip")


def all_samples(rng):
    program = mailgen.harmless_program()
    inner_zip = mailgen.zip_of({"invoice.com": mailgen.eicar()})
    yield "newsletter", newsletter(rng, 1)
    yield "letter", mailgen.clean(rng, 2, 4_000)
    yield "letter-with-pdf", mailgen.clean(rng, 3, 60_000)
    yield "letter-in-japanese", japanese_letter(rng, 4)
    yield "eicar-attached", with_attachment(rng, 5, "The file you asked for", mailgen.eicar(), "test.com")
    yield "eicar-in-zip", eicar_zip(rng, 6)
    yield "eicar-in-zip-in-zip", with_attachment(
        rng, 7, "Documents", mailgen.zip_of({"deeper/inner.zip": inner_zip}), "documents.zip", subtype="zip")
    yield "eicar-in-zip-in-forwarded-message", mailgen.forwarded(rng, 8, eicar_zip(rng, 9))
    yield "macro-document", with_attachment(
        rng, 10, "Offer", mailgen.macro_document(), "offer.docm", subtype="vnd.ms-word.document.macroEnabled.12")
    yield "encrypted-zip", with_attachment(
        rng, 11, "Confidential (the password follows)",
        mailgen.encrypted_zip_of("contract.exe", program, "tomato"), "contract.zip", subtype="zip")
    yield "double-extension", with_attachment(rng, 12, "Scan from the printer", program, "scan.pdf.exe")
    yield "right-to-left-name", with_attachment(rng, 13, "Photo", program, "photo_\u202egpj.exe", "image", "jpeg")
    yield "program-as-picture", with_attachment(rng, 14, "Holiday", program, "beach.jpg", "image", "jpeg")
    yield "script-in-zip", with_attachment(
        rng, 15, "Order", mailgen.zip_of({"order.js": b"WScript.Echo('hello');\r\n"}), "order.zip", subtype="zip")
    yield "phishing", mailgen.phishing(rng, 16, 3_000)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder for the .eml files")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for number, (name, message) in enumerate(all_samples(random.Random(1)), 1):
        (options.out / f"{number:02d}-{name}.eml").write_bytes(mailgen.to_octets(message))


if __name__ == "__main__":
    main()
