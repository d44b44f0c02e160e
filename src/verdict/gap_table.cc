#include "verdict/gap_table.h"

#include <algorithm>
#include <array>

namespace watchpost::verdict {

namespace {

constexpr std::string_view add_password =
    "Add the password to the list of archive passwords and inspect the message again.";
constexpr std::string_view unusual =
    "Ordinary mail does not reach this limit: look at the message, it may be built to escape "
    "inspection. Raise the limit if such mail is wanted.";
constexpr std::string_view engine_down =
    "See the engine's health for the reason; inspect the message again once the engine is back.";

constexpr std::array rows{
    GapRow{"damaged_archive", "An archive is damaged; what stands behind the damage was not read.",
           "Ask the sender for an intact copy."},
    GapRow{"encrypted_archive", "An archive is encrypted and no known password opens it.",
           add_password},
    GapRow{"encrypted_document", "A document is encrypted and no known password opens it.",
           "If it is a PDF, add its password to the list of archive passwords and inspect the "
           "message again; else open it in isolation."},
    GapRow{"encrypted_message",
           "A message or file is encrypted for its recipients, by S/MIME or PGP.",
           "Only a recipient can open it. Nothing, where such mail is expected from this sender; "
           "else ask its recipient what it is."},
    GapRow{"engine_failed", "An engine ended its work on this part with an error.",
           "See the details; if they name a rule, mend or remove it, then inspect again."},
    GapRow{"engine_limit", "A file is larger than the engine takes.",
           "Raise the engine's limit (for ClamAV: MaxFileSize and MaxScanSize, then the limit "
           "here)."},
    GapRow{"engine_timed_out", "An engine did not finish within its time.",
           "Inspect the message again; raise the time if it happens often."},
    GapRow{"engine_unavailable", "An engine could not be asked.", engine_down},
    GapRow{"inspector_crashed", "The inspecting process ended while it had this message.",
           "Report the message to the makers of Watchpost; treat it as suspicious."},
    GapRow{"inspector_out_of_memory", "The inspection needed more memory than allowed.", unusual},
    GapRow{"inspector_timed_out", "The inspection took longer than allowed.", unusual},
    GapRow{"inspector_unavailable", "No inspecting process could be started.",
           "See the details for the reason; inspect the message again once it is mended."},
    GapRow{"limit_binhex_bytes", "Files in BinHex expand to more bytes than the limit.", unusual},
    GapRow{"limit_containers", "The message has more containers than the engine remembers.",
           unusual},
    GapRow{"limit_decoded_children_bytes", "Embedded messages decode to more bytes than the limit.",
           unusual},
    GapRow{"limit_defects", "The message has more defects than are recorded.", unusual},
    GapRow{"limit_depth", "Containers are nested deeper than the limit.", unusual},
    GapRow{"limit_header_bytes", "A header is longer than the limit.", unusual},
    GapRow{"limit_header_fields", "A header has more fields than the limit.", unusual},
    GapRow{"limit_image_pixels",
           "Images are larger than is looked at for QR codes, one or all together.", unusual},
    GapRow{"limit_link_steps",
           "Links are wrapped in each other more often, or into longer ones, than is unwrapped.",
           unusual},
    GapRow{"limit_matches", "More rules match than are told, or a rule's string matches too often.",
           "Look for a rule that is too general."},
    GapRow{"limit_member_bytes", "A file in an archive is larger than the limit.", unusual},
    GapRow{"limit_members", "Archives hold more files than the limit.", unusual},
    GapRow{"limit_message_bytes", "The message is larger than the limit.",
           "Raise the limit and inspect the message again, or have it looked at by hand."},
    GapRow{"limit_parameters", "A header field has more parameters than the limit.", unusual},
    GapRow{"limit_parts", "The message has more parts than the limit.", unusual},
    GapRow{"limit_qr_codes", "Images and texts show more QR codes than the limit.", unusual},
    GapRow{"limit_qr_patterns",
           "An image has more marks that look like the corners of QR codes than the limit.",
           "Look at the image by hand: it may hide a QR code among false ones."},
    GapRow{"limit_pieces",
           "The message is a piece of a larger one that is not joined: it has too many pieces, is "
           "too large, or can be put together in too many ways.",
           unusual},
    GapRow{"partial_message",
           "The message is a piece of a larger one; what the pieces make together was not "
           "inspected.",
           "Hardly anybody sends mail in pieces: look for the other pieces, which share the id in "
           "the details, before anybody opens them."},
    GapRow{"several_messages", "The file is an mbox of several messages; only the first was read.",
           "Split the file into one message a file and inspect each."},
    GapRow{"limit_ratio", "An archive unpacks to far more than its size: an archive bomb.",
           unusual},
    GapRow{"limit_report_bytes", "The report on the message is longer than the limit.", unusual},
    GapRow{"limit_report_defects", "The message has more defects than a report holds.", unusual},
    GapRow{"limit_report_findings", "The message has more findings than a report holds.", unusual},
    GapRow{"limit_report_links", "Documents hold more links than a report holds.", unusual},
    GapRow{"limit_report_message", "Texts of the message are longer than a report holds.", unusual},
    GapRow{"limit_report_html", "The message has more HTML documents than a report holds.",
           unusual},
    GapRow{"limit_html_bytes",
           "An HTML document is longer than the limit; no files were looked for in the rest.",
           unusual},
    GapRow{"limit_html_objects", "An HTML document holds more files than the limit.", unusual},
    GapRow{"limit_readings",
           "Mail programs could read the message in more ways than the limit; the rest was not "
           "inspected.",
           unusual},
    GapRow{"limit_report_not_inspected",
           "More of the message was not inspected than a report can list.", unusual},
    GapRow{"limit_report_parts", "The message has more parts than a report holds.", unusual},
    GapRow{"limit_report_readings", "The message has more readings than a report holds.", unusual},
    GapRow{"limit_total_bytes", "Archives unpack to more bytes in total than the limit.", unusual},
    GapRow{"limit_text_bytes",
           "A text in a charset that writes ASCII otherwise is longer than is decoded.", unusual},
    GapRow{"limit_uu_blocks",
           "A text holds more encoded files (uuencode, yEnc, BinHex) than the limit.", unusual},
    GapRow{"message_unreadable", "The message could not be read from where it is kept.",
           "See the details for the reason; inspect the message again once it is mended."},
    GapRow{"yenc_piece",
           "A file in yEnc is one piece of several; what the pieces make together was not "
           "inspected.",
           "Mail programs do not join such pieces: find out which program should, and what it "
           "makes of them."},
    GapRow{
        "rights_protected",
        "The message is under rights management (RMS); it can be read with its key server alone.",
        "Switch journal report decryption on, so that a copy in clear comes along, or have the "
        "message opened by its recipient in isolation."},
    GapRow{"short_of_announced",
           "The mail server sent fewer octets than it had announced; what came was inspected.",
           "The message is still on the server: look at it there, and at the server's store."},
    GapRow{"timed_out", "The time for the message was over before this part was reached.", unusual},
    GapRow{"too_large", "The message is larger than its mailbox's size limit and was not fetched.",
           "The message is still on the server. Raise the mailbox's limit and collect again."},
    GapRow{"unreadable_image",
           "An image is damaged or of an unusual kind; a QR code in it would not be seen.",
           "Look at the image by hand, in isolation."},
    GapRow{"unsupported_archive", "An archive is of a kind or uses a method that is not read.",
           "Ask the sender for another format, or open it in isolation."},
    GapRow{"zip_hidden_entries",
           "A ZIP archive holds files that its directory does not list; some programs open them.",
           "Ask the sender for an intact copy; treat the archive as suspicious."},
};

} // namespace

std::span<const GapRow> gap_table() noexcept
{
    return rows;
}

const GapRow* find_gap(std::string_view reason) noexcept
{
    const auto* const row = std::ranges::find(rows, reason, &GapRow::reason);
    return row == rows.end() ? nullptr : row;
}

std::string_view gap_reason(base::ErrorCode code) noexcept
{
    if (code == base::ErrorCode::limit_exceeded) {
        return "engine_limit";
    }
    if (code == base::ErrorCode::timed_out) {
        return "engine_timed_out";
    }
    return "engine_unavailable";
}

std::string gaps_as_markdown()
{
    std::string text = "\n## Not inspected\n\nEach of these makes the inspection *partial*. The "
                       "verdict says which part, and by which engine.\n\n"
                       "| reason | what it means | what to do |\n|---|---|---|\n";
    for (const GapRow& row : rows) {
        text += "| `" + std::string{row.reason} + "` | " + std::string{row.sentence} + " | " +
                std::string{row.advice} + " |\n";
    }
    return text;
}

} // namespace watchpost::verdict
