#include "message/model_builder.h"

#include <utility>

#include "message/address.h"
#include "message/ascii.h"
#include "message/bodies.h"
#include "message/body_text.h"
#include "message/date.h"
#include "message/defect_log.h"
#include "message/encoded_word.h"
#include "message/header_evidence.h"
#include "message/message_id.h"
#include "message/received.h"
#include "message/text_links.h"

namespace watchpost::message {

model::Mailbox to_mailbox(Address address)
{
    model::Mailbox mailbox;
    mailbox.display_name = std::move(address.display_name);
    mailbox.email.local_part = std::move(address.local_part);
    mailbox.email.domain = lower_case(address.domain);
    mailbox.email.email = mailbox.email.local_part;
    if (!mailbox.email.domain.empty()) {
        mailbox.email.email += '@' + mailbox.email.domain;
    }
    return mailbox;
}

model::Link to_model(HtmlLink link, const std::string& part)
{
    model::Link result;
    result.href = std::move(link.href);
    result.written = std::move(link.written);
    result.display_text = std::move(link.display_text);
    result.shown_address = std::move(link.shown_address);
    result.is_mismatched = link.names_another_host;
    result.source = link.source;
    result.part = part;
    return result;
}

model::HtmlDocument to_model(HtmlFacts facts)
{
    model::HtmlDocument document;
    document.invisible_characters = facts.invisible_characters;
    document.base = std::move(facts.base);
    document.refresh = std::move(facts.refresh);
    for (HtmlForm& form : facts.forms) {
        document.forms.push_back(
            {std::move(form.action), std::move(form.method), form.password_fields});
    }
    document.scripts = {facts.inline_scripts, facts.loaded_scripts, facts.event_handlers,
                        facts.script_addresses, facts.svg_scripts};
    document.data_addresses = facts.data_addresses;
    document.blob_addresses = facts.blob_addresses;
    document.smuggling = std::move(facts.smuggling);
    return document;
}

namespace {

constexpr std::size_t defects_of_model_max = 1'000;

std::string to_text(const std::optional<base::Instant>& time)
{
    return time ? base::to_rfc3339(*time) : std::string{};
}

class Builder {
public:
    Builder(const Message& message, const ModelLimits& limits, const ModelOptions& options)
        : whole_message_{options.root != nullptr ? options.root->path : std::string{}}
        , root_{options.root != nullptr ? *options.root : message.root()}
        , parts_{choose_bodies(root_)}
        , limits_{limits}
        , options_{options}
        , defects_{defects_of_model_max}
        , header_defects_{defects_, whole_message_}
    {
    }

    model::MessageModel build();

private:
    [[nodiscard]] std::string text_of(std::string_view field) const;
    [[nodiscard]] std::vector<std::string> ids_of(std::string_view field) const;
    std::vector<model::Mailbox> mailboxes_of(std::string_view field);
    std::optional<model::Mailbox> mailbox_of(std::string_view field);
    void fill_headers(model::Headers& headers);
    void fill_fields(model::Headers& headers);
    void add_hop(const HeaderField& field, model::Headers& headers);
    void add_authentication(const HeaderField& field, model::Headers& headers);
    void fill_plain(model::Body& body);
    HtmlBody read_html_body(const Part& part, std::size_t bytes_max);
    void fill_html(model::Body& body);
    void add_link(model::Body& body, model::Link link);
    model::Attachment to_attachment(const Part& part);
    LeafDigest digest_of(const Part& part);

    const std::string whole_message_; // its path
    const Part& root_;
    BodyParts parts_;
    const ModelLimits& limits_;
    const ModelOptions& options_;
    DefectList defects_;
    DefectLog header_defects_;
};

std::string Builder::text_of(std::string_view field) const
{
    const auto value = root_.field(field);
    return value ? decode_text(cut_utf8(*value, limits_.field_bytes_max)).text : std::string{};
}

std::vector<std::string> Builder::ids_of(std::string_view field) const
{
    const auto value = root_.field(field);
    return value ? parse_message_ids(*value, limits_.ids_max) : std::vector<std::string>{};
}

std::vector<model::Mailbox> Builder::mailboxes_of(std::string_view field)
{
    const auto value = root_.field(field);
    auto list = value ? parse_addresses(*value, limits_.addresses_max) : AddressList{};
    if (list.had_to_guess) {
        header_defects_.note(DefectId::address_syntax, 0, field);
    }
    if (list.was_cut) {
        header_defects_.note(DefectId::limit_addresses, 0, field);
    }
    std::vector<model::Mailbox> mailboxes;
    mailboxes.reserve(list.addresses.size());
    for (auto& address : list.addresses) {
        mailboxes.push_back(to_mailbox(std::move(address)));
    }
    return mailboxes;
}

std::optional<model::Mailbox> Builder::mailbox_of(std::string_view field)
{
    auto mailboxes = mailboxes_of(field);
    return mailboxes.empty() ? std::nullopt : std::optional{std::move(mailboxes.front())};
}

void Builder::add_hop(const HeaderField& field, model::Headers& headers)
{
    if (headers.hops.size() >= limits_.hops_max) {
        header_defects_.note(DefectId::limit_hops, 0);
        return;
    }
    const auto raw = cut_utf8(field.value, limits_.field_bytes_max);
    auto received = parse_received(raw);
    model::Hop hop;
    hop.index = static_cast<std::uint32_t>(headers.hops.size());
    hop.received_from = std::move(received.from);
    hop.received_by = std::move(received.by);
    hop.with = std::move(received.with);
    hop.id = std::move(received.id);
    hop.received_for = std::move(received.for_address);
    hop.time = to_text(received.time);
    hop.raw = headers.fields.back().value;
    headers.hops.push_back(std::move(hop));
}

void Builder::fill_fields(model::Headers& headers)
{
    for (const auto& field : root_.header) {
        if (headers.fields.size() >= limits_.fields_max) {
            header_defects_.note(DefectId::limit_fields, 0);
            return;
        }
        if (field.value.size() > limits_.field_bytes_max) {
            header_defects_.note(DefectId::limit_fields, 0, field.name);
        }
        auto decoded = decode_text(cut_utf8(field.value, limits_.field_bytes_max));
        if (decoded.had_invalid) {
            header_defects_.note(DefectId::invalid_encoded_word, 0, field.name);
        }
        headers.fields.push_back({std::string{field.name}, std::move(decoded.text)});
        if (equals_ignoring_case(field.name, "received")) {
            add_hop(field, headers);
        } else if (equals_ignoring_case(field.name, "authentication-results")) {
            add_authentication(field, headers);
        }
    }
}

void Builder::add_authentication(const HeaderField& field, model::Headers& headers)
{
    if (headers.authentication.size() >= limits_.authentication_fields_max) {
        header_defects_.note(DefectId::limit_authentication_results, 0);
        return;
    }
    auto parsed = parse_authentication_results(cut_utf8(field.value, limits_.field_bytes_max));
    if (parsed.was_cut) {
        header_defects_.note(DefectId::limit_authentication_results, 0);
    }
    headers.authentication.push_back(to_model(std::move(parsed), options_.trusted_servers));
}

void Builder::fill_headers(model::Headers& headers)
{
    auto ids = ids_of("message-id");
    headers.message_id = ids.empty() ? std::string{} : std::move(ids.front());
    const auto date = root_.field("date");
    headers.date = date ? to_text(parse_date(*date)) : std::string{};
    headers.reply_to = mailboxes_of("reply-to");
    headers.return_path = mailbox_of("return-path");
    headers.in_reply_to = ids_of("in-reply-to");
    headers.references = ids_of("references");
    headers.mailer = text_of("x-mailer");
    if (headers.mailer.empty()) {
        headers.mailer = text_of("user-agent");
    }
    headers.sender = mailboxes_of("sender");
    fill_fields(headers);
    set_delays(headers.hops);
    headers.sender_notes = sender_notes_of(root_, limits_.field_bytes_max);
}

void Builder::add_link(model::Body& body, model::Link link)
{
    if (body.links.size() < limits_.html.links_max) {
        body.links.push_back(std::move(link));
    } else {
        header_defects_.note(DefectId::limit_links, 0);
    }
}

void append_body(std::string& whole, const std::string& text)
{
    if (!whole.empty() && !text.empty() && whole.back() != '\n') {
        whole += '\n';
    }
    whole += text;
}

void Builder::fill_plain(model::Body& body)
{
    for (const Part* const part : parts_.plain) {
        DefectLog defects{defects_, part->path};
        bool was_cut = false;
        const std::size_t left = limits_.plain_bytes_max - body.plain.size();
        const auto text = read_body_text(*part, left, defects, was_cut);
        if (was_cut) {
            defects.note(DefectId::limit_body_bytes, text.size());
            body.was_cut = true;
        }
        for (const auto link : find_text_links(text, limits_.html.links_max + 1)) {
            const auto href = cut_utf8(link, limits_.html.link_bytes_max);
            model::Link found;
            found.href = href;
            found.display_text = href;
            found.source = "text";
            found.part = part->path;
            add_link(body, std::move(found));
        }
        append_body(body.plain, text);
        if (body.plain.size() >= limits_.plain_bytes_max) {
            body.plain.resize(cut_utf8(body.plain, limits_.plain_bytes_max).size());
        }
    }
}

HtmlBody Builder::read_html_body(const Part& part, std::size_t bytes_max)
{
    if (options_.html_of) {
        auto known = options_.html_of(part);
        if (known && !known->source.was_cut && known->source.text.size() <= bytes_max) {
            return std::move(*known);
        }
    }
    std::vector<Defect> of_encoding; // noted where the leaf itself is decoded
    const auto content = DecodedContent::decode(part, of_encoding);
    auto source =
        to_html_source(content.bytes(), part.content_type.parameter("charset"), bytes_max);
    auto reading = read_html(source.text, limits_.html);
    return {std::move(source), std::move(reading)};
}

void Builder::fill_html(model::Body& body)
{
    for (const Part* const part : parts_.html) {
        DefectLog defects{defects_, part->path};
        auto [source, reading] = read_html_body(*part, limits_.html_bytes_max - body.html.size());
        note_defects(source, defects);
        if (source.was_cut) {
            defects.note(DefectId::limit_body_bytes, source.text.size());
        }
        if (reading.was_cut) {
            defects.note(DefectId::limit_html, 0);
        }
        if (reading.links_were_cut) {
            defects.note(DefectId::limit_links, 0);
        }
        body.was_cut = body.was_cut || source.was_cut || reading.was_cut;
        for (auto& link : reading.links) {
            add_link(body, to_model(std::move(link), part->path));
        }
        append_body(body.html, source.text);
        if (body.html.size() >= limits_.html_bytes_max) {
            body.html.resize(cut_utf8(body.html, limits_.html_bytes_max).size());
        }
        append_body(body.html_text, reading.text);
        append_body(body.hidden_text, reading.hidden_text);
    }
}

LeafDigest Builder::digest_of(const Part& part)
{
    if (options_.digest_of) {
        if (const auto known = options_.digest_of(part)) {
            return *known;
        }
    }
    std::vector<Defect> of_encoding; // noted where the leaf itself is decoded
    const auto content = DecodedContent::decode(part, of_encoding);
    return {content.bytes().size(), crypto::sha256(content.bytes())};
}

model::Attachment Builder::to_attachment(const Part& part)
{
    model::Attachment attachment;
    attachment.part = part.path;
    attachment.filename = part.filename;
    attachment.content_type = part.content_type.media_type();
    attachment.disposition = part.disposition;
    if (const auto id = part.field("content-id")) {
        auto ids = parse_message_ids(*id, 1);
        attachment.content_id = ids.empty() ? std::string{} : std::move(ids.front());
    }
    const auto digest = digest_of(part);
    attachment.size = digest.size;
    attachment.sha256 = crypto::to_hex(digest.sha256);
    return attachment;
}

model::MessageModel Builder::build()
{
    model::MessageModel result;
    result.sender = mailbox_of("from");
    result.recipients.to = mailboxes_of("to");
    result.recipients.cc = mailboxes_of("cc");
    result.recipients.bcc = mailboxes_of("bcc");
    result.subject = text_of("subject");
    fill_headers(result.headers);
    fill_plain(result.body);
    fill_html(result.body);
    for (const Part* const part : parts_.attachments) {
        result.attachments.push_back(to_attachment(*part));
    }
    if (options_.defects != nullptr) {
        options_.defects->insert(options_.defects->end(), defects_.all().begin(),
                                 defects_.all().end());
    }
    return result;
}

} // namespace

model::MessageModel build_model(const Message& message, const ModelLimits& limits,
                                const ModelOptions& options)
{
    return Builder{message, limits, options}.build();
}

} // namespace watchpost::message
