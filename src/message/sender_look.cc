#include "message/sender_look.h"

#include <algorithm>

#include "message/address.h"
#include "message/ascii.h"
#include "message/encoded_word.h"
#include "message/invisible.h"
#include "message/text_links.h"

namespace watchpost::message {

namespace {

constexpr std::size_t addresses_max = 100;
constexpr std::size_t detail_bytes_max = 1'000;

std::string to_text(const Address& address)
{
    return address.domain.empty() ? address.local_part : address.local_part + '@' + address.domain;
}

bool is_address_octet(char c)
{
    return is_alnum(c) || std::string_view{"._%+-'"}.find(c) != std::string_view::npos ||
           (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// The first "local@domain.tld" within a text; empty where none stands there.
std::string_view address_within(std::string_view text)
{
    for (std::size_t at = text.find('@'); at != std::string_view::npos;
         at = text.find('@', at + 1)) {
        std::size_t begin = at;
        while (begin > 0 && is_address_octet(text[begin - 1])) {
            --begin;
        }
        std::size_t end = at + 1;
        while (end < text.size() && is_address_octet(text[end])) {
            ++end;
        }
        while (end > at + 1 && !is_alnum(text[end - 1])) {
            --end;
        }
        const std::string_view domain = text.substr(at + 1, end - at - 1);
        if (begin < at && domain.find('.') != std::string_view::npos) {
            return text.substr(begin, end - begin);
        }
    }
    return {};
}

class Look {
public:
    Look(const Part& root, std::size_t field_bytes_max) : root_{root}, bytes_max_{field_bytes_max}
    {
    }

    std::vector<SenderNote> take();

private:
    void note(std::string_view id, std::string_view detail)
    {
        notes_.push_back({id, std::string{cut_utf8(detail, detail_bytes_max)}});
    }
    [[nodiscard]] AddressList addresses_of(std::string_view raw) const
    {
        return parse_addresses(cut_utf8(raw, bytes_max_), addresses_max);
    }
    [[nodiscard]] bool is_author(std::string_view address) const;
    void look_at_fields();
    void look_at_authors();
    void look_at_names();

    const Part& root_;
    std::size_t bytes_max_;
    AddressList authors_; // of the first From
    std::vector<SenderNote> notes_;
};

bool Look::is_author(std::string_view address) const
{
    return std::any_of(
        authors_.addresses.begin(), authors_.addresses.end(),
        [&](const Address& author) { return equals_ignoring_case(to_text(author), address); });
}

void Look::look_at_fields()
{
    const HeaderField* second = nullptr;
    std::size_t count = 0;
    for (const HeaderField& field : root_.header) {
        if (equals_ignoring_case(field.name, "from") && ++count == 2) {
            second = &field;
        }
    }
    const auto from = root_.field("from");
    authors_ = from ? addresses_of(*from) : AddressList{};
    const bool has_address =
        std::any_of(authors_.addresses.begin(), authors_.addresses.end(),
                    [](const Address& author) { return !author.domain.empty(); });
    if (!has_address) {
        note("no_from", from ? decode_text(cut_utf8(*from, bytes_max_)).text : std::string{});
    }
    if (second != nullptr) {
        note("several_from_fields", decode_text(cut_utf8(second->value, bytes_max_)).text);
    }
}

void Look::look_at_authors()
{
    const auto& authors = authors_.addresses;
    if (authors.size() > 1) {
        std::string all;
        for (const Address& author : authors) {
            all += (all.empty() ? "" : ", ") + to_text(author);
            if (all.size() > detail_bytes_max) {
                break;
            }
        }
        note("several_authors", all);
    }
    if (authors_.has_group) {
        note("group", decode_text(cut_utf8(root_.field("from").value_or(""), bytes_max_)).text);
    }
    const auto sender = root_.field("sender");
    const auto senders = sender ? addresses_of(*sender) : AddressList{};
    const auto other = std::find_if(
        senders.addresses.begin(), senders.addresses.end(), [&](const Address& address) {
            return !to_text(address).empty() && !is_author(to_text(address));
        });
    if (other != senders.addresses.end()) {
        note("sender_differs", to_text(*other));
    }
}

void Look::look_at_names()
{
    const Address* encoded = nullptr;
    std::string_view held;
    const Address* unseen = nullptr;
    for (const Address& author : authors_.addresses) {
        const std::string_view in_name = address_within(author.display_name);
        if (!in_name.empty() && author.domain.empty()) {
            encoded = encoded == nullptr ? &author : encoded;
        } else if (!in_name.empty() && held.empty() && !is_author(in_name)) {
            held = in_name;
        }
        if (unseen == nullptr && without_invisible(author.display_name).removed > 0) {
            unseen = &author;
        }
    }
    if (encoded != nullptr) {
        note("address_is_encoded", encoded->display_name);
    }
    if (!held.empty()) {
        note("name_holds_address", held);
    }
    if (unseen != nullptr) {
        note("name_has_invisible_characters", unseen->display_name);
    }
}

std::vector<SenderNote> Look::take()
{
    look_at_fields();
    look_at_authors();
    look_at_names();
    return std::move(notes_);
}

} // namespace

std::vector<SenderNote> look_at_sender(const Part& root, std::size_t field_bytes_max)
{
    return Look{root, field_bytes_max}.take();
}

} // namespace watchpost::message
