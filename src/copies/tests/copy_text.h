// What tests of this module share.
#pragma once

#include <string>
#include <string_view>

#include "copies/copy_reading.h"
#include "message/model_builder.h"

namespace watchpost::copies::test {

inline model::MessageModel read(std::string_view text, model::CopySetting setting,
                                const Limits& limits = {})
{
    const auto message = message::Message::parse(base::as_bytes(text));
    auto reading = read_copy(message, setting, limits);
    message::ModelOptions options;
    options.root = reading.shown;
    auto model = message::build_model(message, {}, options);
    complete(model, std::move(reading));
    return model;
}

inline std::string emails(const std::vector<model::Mailbox>& mailboxes)
{
    std::string text;
    for (const auto& mailbox : mailboxes) {
        text += (text.empty() ? "" : ",") + mailbox.email.email;
    }
    return text;
}

/// "form …; part …; from …; to …; cc …; bcc …; subject …; notes …"
inline std::string describe(std::string_view text, model::CopySetting setting)
{
    const auto message = message::Message::parse(base::as_bytes(text));
    std::string notes;
    for (const auto& note : read_copy(message, setting).notes) {
        notes += (notes.empty() ? "" : ",") + std::string{note.id};
    }
    const auto model = read(text, setting);
    return "form " + (model.copy ? model.copy->form : "") + "; part " +
           (model.copy ? model.copy->part : "") + "; from " +
           (model.sender ? model.sender->email.email : "") + "; to " + emails(model.recipients.to) +
           "; cc " + emails(model.recipients.cc) + "; bcc " + emails(model.recipients.bcc) +
           "; subject " + model.subject + "; notes " + notes;
}

inline constexpr std::string_view usual_report =
    "Sender: ann@corp.example\r\nSubject: Figures\r\nMessage-Id: <id@x.example>\r\n"
    "To: bob@corp.example\r\nBcc: erin@corp.example, Expanded: board@corp.example\r\n";

inline constexpr std::string_view with_attachment =
    "From: ann@corp.example\r\nTo: bob@corp.example\r\nSubject: Figures\r\n"
    "Message-ID: <id@x.example>\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n"
    "--in\r\n\r\nSee the file.\r\n--in\r\n"
    "Content-Type: text/csv; name=figures.txt\r\n"
    "Content-Disposition: attachment\r\n\r\n1,2\r\n--in--\r\n";

inline std::string report_with(std::string_view report, std::string_view attached)
{
    std::string text = "From: exchange@corp.example\r\nTo: journal@corp.example\r\n"
                       "Subject: Figures\r\nX-MS-Journal-Report:\r\n"
                       "Content-Type: multipart/mixed; boundary=out\r\n\r\n"
                       "--out\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    text += report;
    text += "--out\r\nContent-Type: message/rfc822\r\n\r\n";
    text += attached;
    return text + "--out--\r\n";
}

} // namespace watchpost::copies::test
