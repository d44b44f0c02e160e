// The message data model: the one shape in which a message is seen by rules, API and `scan --json`.
//
// Plain structs; all texts are valid UTF-8. docs/message-data-model.md says which field is filled
// from what; the shape follows the public Message Data Model that MQL rules are written against.
// json.h turns it into JSON and reads it back strictly (an inspector's reply is hostile).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watchpost::model {

// Equality of all of these is by value, member by member.
struct EmailAddress {
    std::string email; // local@domain as written, domain lower-case
    std::string local_part;
    std::string domain;
    std::string root_domain; // registrable domain; filled by a later issue, empty until then
    friend bool operator==(const EmailAddress&, const EmailAddress&) = default;
};

struct Mailbox {
    std::string display_name;
    EmailAddress email;
    friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

struct Recipients {
    std::vector<Mailbox> to;
    std::vector<Mailbox> cc;
    std::vector<Mailbox> bcc;
    friend bool operator==(const Recipients&, const Recipients&) = default;
};

struct Field {
    std::string name;
    std::string value; // unfolded, encoded-words decoded
    friend bool operator==(const Field&, const Field&) = default;
};

/// One Received field, newest first (index 0 is the field on top). RFC 5321 §4.4.
struct Hop {
    std::uint32_t index = 0;
    std::string received_from; // the clause's text, empty where absent
    std::string received_by;
    std::string with;
    std::string id;
    std::string received_for;
    std::string time; // RFC 3339 UTC, empty where unreadable
    std::string raw;
    std::optional<std::int64_t> delay_s{}; // since the next older hop whose time is readable; below
                                           // 0 where clocks differ
    friend bool operator==(const Hop&, const Hop&) = default;
};

struct AuthenticationResult {
    std::string method; // "spf", "dkim", "dmarc"
    std::string result; // "pass", "fail", "none" …
    std::string reason;
    std::vector<Field> properties; // "smtp.mailfrom", "header.d" …
    friend bool operator==(const AuthenticationResult&, const AuthenticationResult&) = default;
};

/// One Authentication-Results field. RFC 8601.
struct AuthenticationResults {
    std::string server;      // who says so; empty where the field does not tell
    bool is_trusted = false; // one of the settings' servers
    std::vector<AuthenticationResult> results;
    friend bool operator==(const AuthenticationResults&, const AuthenticationResults&) = default;
};

/// Why the sender may look like somebody else. message/sender_look.h has the ids.
struct SenderNote {
    std::string id;
    std::string detail;
    friend bool operator==(const SenderNote&, const SenderNote&) = default;
};

struct Headers {
    std::string message_id;
    std::string date; // RFC 3339 UTC, empty where unreadable
    std::vector<Mailbox> reply_to;
    std::optional<Mailbox> return_path;
    std::vector<std::string> in_reply_to;
    std::vector<std::string> references;
    std::string mailer;
    std::vector<Hop> hops;
    std::vector<Field> fields;     // all, in order
    std::vector<Mailbox> sender{}; // of the field Sender
    std::vector<SenderNote> sender_notes{};
    std::vector<AuthenticationResults> authentication{}; // in the order of the header
    friend bool operator==(const Headers&, const Headers&) = default;
};

/// What a wrapper around a link leads to, read from the link without asking anybody.
struct UnwrappingStep {
    std::string wrapper; // "Microsoft Safe Links"
    std::string url;
    friend bool operator==(const UnwrappingStep&, const UnwrappingStep&) = default;
};

struct Link {
    std::string href; // a relative one by the document's base
    std::string display_text;
    std::string source; // "href", "src", "action", "refresh", "base", "text"; of documents
                        // that are no HTML "link", "form", "load", "launch"; "qr"
    std::string part;   // path of the part it was found in
    std::vector<UnwrappingStep> unwrapped = {}; // from the outermost wrapper inwards
    std::string written{};       // as it stands in the document, where that is not href
    std::string shown_address{}; // that display_text names
    bool is_mismatched = false;  // shown_address names another host than href
    friend bool operator==(const Link&, const Link&) = default;
};

struct Body {
    std::string plain;     // of the text/plain bodies, UTF-8
    std::string html;      // raw HTML, UTF-8
    std::string html_text; // what a reader sees of the HTML
    bool was_cut = false;  // a body was longer than the model keeps (limit in message/)
    std::vector<Link> links;
    std::string hidden_text{}; // what stands in the HTML and cannot be seen
    friend bool operator==(const Body&, const Body&) = default;
};

struct Attachment {
    std::string part; // path
    std::string filename;
    std::string content_type; // as declared
    std::string content_id;
    std::string disposition;
    std::uint64_t size = 0; // decoded
    std::string sha256;     // hexadecimal
    friend bool operator==(const Attachment&, const Attachment&) = default;
};

struct HtmlForm {
    std::string action; // empty: where the document came from
    std::string method; // in lower case; empty for a password field without a form
    std::uint64_t password_fields = 0;
    friend bool operator==(const HtmlForm&, const HtmlForm&) = default;
};

struct HtmlScripts {
    std::uint64_t in_document = 0;
    std::uint64_t loaded = 0;
    std::uint64_t handlers = 0;  // of events: onload and others
    std::uint64_t addresses = 0; // javascript:
    std::uint64_t in_svg = 0;    // of the first and the third
    friend bool operator==(const HtmlScripts&, const HtmlScripts&) = default;
};

/// What an HTML document holds beside its text: a body, an attachment or a file in another one.
struct HtmlDocument {
    std::string part;                   // path
    std::string reading;                // of the message
    std::string text;                   // what is seen, its start; empty for bodies: body.html_text
    std::string hidden_text;            // its start; empty for bodies: body.hidden_text
    std::vector<std::string> hidden_by; // "display", "font_size" …: html_style.h
    std::uint64_t invisible_characters = 0;
    std::string base;    // of <base>
    std::string refresh; // where <meta http-equiv=refresh> leads
    std::vector<HtmlForm> forms;
    HtmlScripts scripts;
    std::uint64_t data_addresses = 0;
    std::uint64_t blob_addresses = 0;
    std::vector<std::string> smuggling; // words of scripts that hand out a file: html_script.h
    std::uint64_t objects = 0;          // files that stand in it; leaves of the message
    bool was_cut = false;               // not all of it was read
    friend bool operator==(const HtmlDocument&, const HtmlDocument&) = default;
};

/// A QR code that an image shows or a text draws.
struct QrCode {
    std::string part;     // path of the part it was found in
    std::string drawn_as; // "image", "split_image", "text", "table"
    std::string text;     // what it holds
    friend bool operator==(const QrCode&, const QrCode&) = default;
};

/// A recipient of the true message as the copy names it, beyond what its header says.
struct CopyRecipient {
    Mailbox mailbox;
    std::string field;         // "to", "cc", "bcc"; "envelope": addressed in a way that is not told
    std::string known_by;      // "journal_report", or the name of the field that says so
    std::string expanded_from; // the address of the list that was expanded to this recipient
    std::string forwarded_from; // the recipient whose mail goes on to this one
    friend bool operator==(const CopyRecipient&, const CopyRecipient&) = default;
};

/// What the text of a journal report says. [MS-XJRNL] §2.1.
struct Journal {
    std::string sender; // an address
    std::string on_behalf_of;
    std::string subject;
    std::string message_id;
    std::string label;
    std::string mailbox;                  // whose mailbox the message was in
    std::string sent_at;                  // as written
    std::string received_at;              // as written
    std::vector<std::string> other_lines; // that no field of a report has
    friend bool operator==(const Journal&, const Journal&) = default;
};

/// The message as it arrived, where it arrived around or on behalf of another one.
struct Arrival {
    std::optional<Mailbox> sender;
    std::vector<Mailbox> recipients; // To and Cc; of a redirect Resent-To and Resent-Cc
    std::string subject;
    std::string message_id;
    std::vector<Field> delivered_to; // what the last servers noted of the envelope
    friend bool operator==(const Arrival&, const Arrival&) = default;
};

/// How the message came into the collected mailbox. docs/copies.md.
struct Copy {
    std::string form;                  // "plain", "journal_report", "redirect", "attached_message"
    std::string setting;               // CopySetting of the mailbox
    std::string part;                  // path of the part that holds the true message; empty: none
    std::vector<std::string> evidence; // what it was recognised by, a sentence each
    Arrival arrived;
    std::vector<CopyRecipient> recipients;
    bool was_cut = false; // more recipients or a longer report than is kept
    std::optional<Journal> journal;
    std::vector<std::string> other_parts; // paths of further attached messages
    friend bool operator==(const Copy&, const Copy&) = default;
};

struct MessageModel {
    std::optional<Mailbox> sender;
    Recipients recipients;
    std::string subject;
    Headers headers;
    Body body;
    std::vector<Attachment> attachments;
    std::vector<HtmlDocument> html;
    std::vector<QrCode> qr_codes;
    std::optional<Copy> copy; // empty where nothing tells how it came
    friend bool operator==(const MessageModel&, const MessageModel&) = default;
};

} // namespace watchpost::model
