#include "verdict/finding_table.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "verdict/gap_table.h"

namespace watchpost::verdict {

namespace {

using enum Importance;

constexpr FindingRow attachment(std::string_view id, Importance importance,
                                std::string_view sentence, std::string_view advice)
{
    return {id, "attachment", importance, ImportanceFrom::table, sentence, advice};
}

constexpr FindingRow copies(std::string_view id, Importance importance, std::string_view sentence,
                            std::string_view advice)
{
    return {id, "copies", importance, ImportanceFrom::table, sentence, advice};
}

constexpr std::string_view ask_sender =
    "Ask the sender over another channel whether the file was meant before anybody opens it.";
constexpr std::string_view keep_closed =
    "Do not open the file. Find out who received the message and whether the file was started on "
    "their computers.";

constexpr std::array rows{
    attachment("attachment.bidi_name", high,
               "The file name contains a control character that turns the direction of writing, so "
               "that the name is shown differently from what it is.",
               keep_closed),
    attachment("attachment.dde", high,
               "A document starts another program by DDE when it is opened.", keep_closed),
    attachment("attachment.disguised_executable", high,
               "The content is a program or script, but the name or the declared type says that "
               "it is a document, an image or other harmless data.",
               keep_closed),
    attachment("attachment.disk_image", medium,
               "A disk image is attached. Files inside a disk image escape the warnings that an "
               "attached file would get.",
               ask_sender),
    attachment(
        "attachment.document_script", none, "A PDF contains JavaScript.",
        "Forms use it for sums and checks; attacks use it to reach faults of the reader. Ask "
        "the sender over another channel if you did not expect a form."),
    attachment("attachment.double_extension", high,
               "The file is a program or script whose name pretends to end in the extension of a "
               "document or an image.",
               keep_closed),
    attachment("attachment.embedded_executable", high,
               "A program or script is embedded in a document.", keep_closed),
    attachment("attachment.embedded_object", low,
               "A document contains an embedded file that opens on a double click.",
               "Look at the name of the embedded file in the details; if it is not one that the "
               "sender would send, treat the document as an attack."),
    attachment("attachment.encrypted_archive", low,
               "An archive is encrypted; without its password nobody can inspect it.",
               "If the message itself gives the password, treat it as suspicious. Add the password "
               "to the list of archive passwords and inspect the message again."),
    attachment(
        "attachment.encrypted_document", low,
        "A document is encrypted: scanners that lack its password see nothing of it.",
        "If the message itself gives the password, treat it as suspicious. Have the document "
        "opened on an isolated computer, or ask the sender for an unprotected copy."),
    attachment("attachment.executable", high, "A program is attached.", keep_closed),
    attachment("attachment.executable_in_archive", high, "An archive contains a program.",
               keep_closed),
    attachment("attachment.external_template", medium,
               "On opening, the document loads a template or an object from another server.",
               "Check the address in the details. If it is not one of your own servers, treat the "
               "document as an attack and look for connections to that address."),
    attachment("attachment.help_file", medium,
               "A compiled Windows help file (CHM) is attached, which can start programs.",
               keep_closed),
    attachment("attachment.internet_shortcut", low,
               "An internet shortcut is attached; opening it leads to the address in the details.",
               "Check where the shortcut leads before anybody opens it."),
    attachment("attachment.invisible_characters", low,
               "The file name contains characters that cannot be seen.",
               "Compare the name in the details with the one shown to the recipient."),
    attachment("attachment.launch_action", medium,
               "A document starts a program or opens a file of the reader's computer.",
               keep_closed),
    attachment(
        "attachment.macro", medium, "A document contains macros.",
        "Macros are rarely needed in mail from outside. Ask the sender over another channel; "
        "open the document only with macros switched off."),
    attachment("attachment.macro_autoexec", medium,
               "A document contains a macro that runs by itself when the document is opened or "
               "closed.",
               "Open the document only on an isolated computer. Ask the sender over another "
               "channel whether it was meant."),
    attachment("attachment.macro_disguised", high,
               "A document with macros has a name that hides that it has them.", keep_closed),
    attachment("attachment.macro_project", none,
               "A document contains a macro project, possibly without any code.",
               "Nothing, unless other findings name the document."),
    attachment("attachment.macro_suspicious", high,
               "A document contains a macro that runs by itself and can start programs, download "
               "files or call the operating system.",
               keep_closed),
    attachment("attachment.onenote_embedded_file", medium,
               "A OneNote file contains an embedded file that is a program or could be a script.",
               keep_closed),
    attachment("attachment.padded_name", high,
               "The file is a program or script, and a long run of blanks in its name hides the "
               "extension from the reader.",
               keep_closed),
    attachment("attachment.password_in_message", low,
               "A file is encrypted, and the message itself gives its password: scanners are kept "
               "out, its reader is not.",
               "Honest senders do so, too, but malware often comes this way. What was in the file "
               "was inspected; if you do not know the sender, treat it as suspicious."),
    attachment("attachment.script", medium,
               "A script is attached that Windows runs on a double click.", keep_closed),
    attachment("attachment.script_in_archive", medium,
               "An archive contains a script that Windows runs on a double click.", keep_closed),
    attachment("attachment.shortcut", high,
               "A Windows shortcut is attached, or a file that works like one (SCF, RDP, search "
               "connectors). They can start commands or open connections and have no purpose in "
               "mail.",
               keep_closed),
    attachment("attachment.submit_form", low,
               "A document sends what is typed into it to the address in the details.",
               "Check the address. If it is not one that the sender would use, treat the document "
               "as an attempt to collect passwords."),
    attachment("attachment.svg_script", medium,
               "An SVG image contains a script, which runs when the image is opened in a browser.",
               keep_closed),
    attachment("attachment.type_mismatch", medium,
               "The content is of another type than the extension of the name says.",
               "The name misleads the recipient or a filter. Do not open the file on a normal "
               "workplace; inspect it by its real type, which the details give."),
    attachment("attachment.unix_script", none,
               "A script for Unix shells or interpreters is attached.",
               "Nothing, unless the recipient does not work with such scripts."),
    attachment("attachment.xlm_autoexec", high,
               "A workbook contains Excel 4.0 macros (XLM) that run by themselves or stand on a "
               "hidden sheet.",
               keep_closed),
    attachment("attachment.xlm_macro", medium,
               "A workbook contains a sheet of Excel 4.0 macros (XLM), which hardly anybody uses "
               "but attackers.",
               "Open the document only with macros switched off, on an isolated computer. Ask the "
               "sender over another channel whether it was meant."),
    FindingRow{"clamav.signature", "clamav", high, ImportanceFrom::table,
               "ClamAV recognises the content as malware by the signature in the details.",
               "Treat the message as an attack: remove it from all mailboxes, and check the "
               "recipients' computers for the malware that the signature names."},
    copies("copies.journal_report_altered", none,
           "A journal report is not to the letter; it counts, since its mailbox is set to journal "
           "reports.",
           "Nothing, if a server of yours adds what the details name (a disclaimer, a further "
           "field). Best have it leave journal reports alone."),
    copies("copies.journal_report_contradicts", low,
           "A journal report and the message that is attached to it do not belong together: they "
           "have different Message-IDs.",
           "Exchange writes no such report. Look at who sent it (under Arrived as): it may be "
           "forged so that another sender is shown. A mailbox that gets no journal reports is best "
           "set to plain copies."),
    copies("copies.journal_report_damaged", low,
           "The message calls itself a journal report but is none to the letter, or its lines "
           "are not in the order in which Exchange writes them.",
           "Read in the details what is wrong. If your mail server adds it (a disclaimer, a "
           "converted text), set the mailbox to journal reports, or have the server leave reports "
           "alone; else it may be forged, or its subject brought lines of its own along."),
    copies("copies.journal_report_ignored", none,
           "The message is a journal report by its header, but its mailbox is set to plain copies.",
           "Nothing, unless the mailbox does get journal reports: then change how copies arrive "
           "in its settings."),
    copies("copies.journal_sender_differs", none,
           "The sender that a journal report names is not that of the message inside.",
           "Exchange takes it from the message: it may be another address of the same person. Else "
           "the message speaks for somebody who did not send it; look at both under Arrived as."),
    copies("copies.several_messages", none,
           "Several messages are attached; all are inspected, one is shown.",
           "Look at the further ones under the parts of the message."),
    copies("copies.unexpected_form", low,
           "The message does not have the form in which copies arrive in its mailbox; it is shown "
           "as it came.",
           "Read in the details what is missing. Mail that reaches such a mailbox directly was "
           "meant for nobody: find out who knows its address. Where all messages say this, the "
           "mailbox's setting is wrong."),
    FindingRow{"structure.ambiguous", "structure", none, ImportanceFrom::table,
               "Mail programs read the message differently; all its readings were inspected.",
               "Nothing, unless other findings name a part: what differs is listed under "
               "readings."},
    FindingRow{"structure.hidden_file", "structure", low, ImportanceFrom::table,
               "The message is built so that some mail programs show a file that others, and most "
               "scanners, do not see. It was inspected.",
               "Honest programs do not write such messages. Compare the readings, and find out "
               "which one the recipient's program shows."},
    FindingRow{"structure.joined_message", "structure", none, ImportanceFrom::table,
               "The message was sent in pieces, which all came. What they make together was "
               "inspected.",
               "Hardly anybody sends mail in pieces: look at what they make, and at the messages "
               "that the details name."},
    FindingRow{"structure.utf7", "structure", none, ImportanceFrom::table,
               "A text says that it is in UTF-7, in which words and markup do not look like "
               "themselves. It was inspected as it stands and decoded.",
               "Hardly any program writes UTF-7 in this century: find out which one sent it, and "
               "look at the decoded text."},
    FindingRow{"yara.match", "yara", high, ImportanceFrom::rule, "A YARA rule matches the content.",
               "Read what the rule of that name is for; the details say where its strings were "
               "found."},
};

std::string row_as_markdown(const FindingRow& row)
{
    std::string text =
        "| `" + std::string{row.id} + "` | " + std::string{to_string(row.importance)};
    if (row.importance_from == ImportanceFrom::rule) {
        text += ", unless the rule says otherwise";
    }
    text += " | " + std::string{row.sentence} + " | " + std::string{row.advice} + " |\n";
    return text;
}

} // namespace

std::span<const FindingRow> finding_table() noexcept
{
    return rows;
}

const FindingRow* find_row(std::string_view id) noexcept
{
    const auto* const row = std::ranges::find(rows, id, &FindingRow::id);
    return row == rows.end() ? nullptr : row;
}

Importance importance_of(const Finding& finding) noexcept
{
    const FindingRow* const row = find_row(finding.id);
    if (row == nullptr || row->importance_from == ImportanceFrom::rule) {
        return finding.importance;
    }
    return row->importance;
}

Finding make_finding(std::string_view id)
{
    const FindingRow* const row = find_row(id);
    WP_ASSERT(row != nullptr);
    Finding finding;
    finding.engine = row->engine;
    finding.id = row->id;
    finding.rule = row->id;
    finding.importance = row->importance;
    return finding;
}

std::string findings_as_markdown()
{
    std::string text =
        "# Findings\n\n"
        "What Watchpost can report about a message, how important it is, and what to do next. A "
        "message is *detected*\nwhere at least one finding is of importance low or higher; "
        "findings "
        "of importance none are for information.\n\n"
        "This page is generated from `src/verdict/finding_table.cc` and `gap_table.cc`.\n";
    std::string_view engine;
    for (const FindingRow& row : rows) {
        if (row.engine != engine) {
            engine = row.engine;
            text += "\n## " + std::string{engine} +
                    "\n\n| id | importance | what it means | what to do |\n|---|---|---|---|\n";
        }
        text += row_as_markdown(row);
    }
    return text + gaps_as_markdown();
}

} // namespace watchpost::verdict
