#include "message/address.h"

#include <optional>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/comment.h"
#include "message/encoded_word.h"

namespace watchpost::message {

namespace {

class ListReader {
public:
    ListReader(std::string_view text, std::size_t count_max) : text_{text}, count_max_{count_max} {}

    AddressList read();

private:
    void take(char c);
    void take_quoted();
    void take_angle();
    void take_comment();
    void take_group_begin();
    void take_space();
    void finish_mailbox();
    void finish_group();
    void add(Address address);
    void guess() { list_.had_to_guess = true; }
    [[nodiscard]] std::string display_name() const;
    void begin_anew();

    std::string_view text_;
    std::size_t count_max_;
    std::size_t at_ = 0;
    AddressList list_;

    // The mailbox that is being read.
    std::string phrase_;  // words before the angle bracket, or an address without brackets
    std::string bare_;    // the same, quotes kept, for the address
    std::string comment_; // raw content of the last comment
    std::optional<std::string> angle_;
    bool phrase_has_at_ = false; // outside quotes

    bool in_group_ = false;
    std::string group_name_;
    std::size_t group_begin_ = 0; // number of addresses at its start
};

AddressList ListReader::read()
{
    while (at_ < text_.size() && !list_.was_cut) {
        take(text_[at_]);
    }
    finish_mailbox();
    if (in_group_) {
        guess(); // the semicolon is missing
        finish_group();
    }
    return std::move(list_);
}

void ListReader::take(char c)
{
    switch (c) {
    case '"':
        take_quoted();
        break;
    case '<':
        take_angle();
        break;
    case '(':
        take_comment();
        break;
    case ':':
        take_group_begin();
        break;
    case ',':
        finish_mailbox();
        ++at_;
        break;
    case ';':
        finish_mailbox();
        if (in_group_) {
            finish_group();
        } else {
            guess(); // some programs separate by semicolons
        }
        ++at_;
        break;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        take_space();
        break;
    default:
        phrase_has_at_ = phrase_has_at_ || c == '@';
        phrase_ += c;
        bare_ += c;
        ++at_;
        break;
    }
}

void ListReader::take_space()
{
    if (!phrase_.empty() && phrase_.back() != ' ') {
        phrase_ += ' ';
    }
    ++at_;
}

/// RFC 5322 §3.2.4. Line ends inside are folding.
void ListReader::take_quoted()
{
    bare_ += '"';
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
            bare_ += text_[at_++];
        }
        if (text_[at_] != '\r' && text_[at_] != '\n') {
            phrase_ += text_[at_];
            bare_ += text_[at_];
        }
    }
    if (at_ >= text_.size()) {
        guess(); // the quote does not close
    }
    bare_ += '"';
    ++at_;
}

/// What stands between "<" and ">". A comma or another "<" ends it, too: without that an unclosed
/// bracket would swallow the addresses behind it.
void ListReader::take_angle()
{
    if (angle_) {
        guess(); // two addresses without a comma
        finish_mailbox();
    }
    std::string address;
    bool in_quotes = false;
    for (++at_; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '"') {
            in_quotes = !in_quotes;
        }
        if (!in_quotes && c == '(') {
            at_ = skip_comment(text_, at_) - 1;
            continue;
        }
        if (!in_quotes && (c == '>' || c == '<' || (c == ',' && !address.starts_with('@')))) {
            break;
        }
        if (in_quotes || !is_space(c)) {
            address += c;
        }
    }
    if (at_ < text_.size() && text_[at_] == '>') {
        ++at_;
    } else {
        guess();
    }
    angle_ = std::move(address);
}

void ListReader::take_comment()
{
    const std::size_t end = skip_comment(text_, at_);
    const bool is_closed = text_[end - 1] == ')';
    comment_ = text_.substr(at_ + 1, end - at_ - (is_closed ? 2 : 1));
    if (!is_closed) {
        guess();
    }
    at_ = end;
}

void ListReader::take_group_begin()
{
    if (angle_ || phrase_.empty() || phrase_has_at_ || in_group_) {
        guess();
        phrase_ += ':';
        bare_ += ':';
    } else {
        in_group_ = true;
        list_.has_group = true;
        group_name_ = display_name();
        group_begin_ = list_.addresses.size();
        begin_anew();
    }
    ++at_;
}

void ListReader::begin_anew()
{
    phrase_.clear();
    bare_.clear();
    comment_.clear();
    angle_.reset();
    phrase_has_at_ = false;
}

std::string ListReader::display_name() const
{
    auto name = decode_text(phrase_).text;
    return name.empty() ? decode_text(comment_).text : name;
}

/// RFC 5322 §4.4: "<@relay,@relay:user@host>"; the route is no part of the address.
std::string_view without_route(std::string_view address)
{
    const std::size_t colon = address.starts_with('@') ? address.find(':') : std::string_view::npos;
    return colon == std::string_view::npos ? address : address.substr(colon + 1);
}

void split_address(std::string_view text, Address& address)
{
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || text.ends_with('"')) {
        address.local_part = guess_to_utf8(text);
        return;
    }
    address.local_part = guess_to_utf8(text.substr(0, at));
    address.domain = guess_to_utf8(text.substr(at + 1));
}

void ListReader::finish_mailbox()
{
    Address address;
    if (angle_) {
        if (phrase_has_at_) {
            guess(); // "a@good.example <b@bad.example>": programs show either
        }
        address.display_name = display_name();
        split_address(without_route(*angle_), address);
        add(std::move(address));
    } else if (!bare_.empty()) {
        split_address(bare_, address);
        address.display_name = decode_text(comment_).text;
        if (address.domain.empty() && !phrase_has_at_) {
            guess(); // a name alone
            if (address.display_name.empty()) {
                address.display_name = decode_text(phrase_).text;
            }
        }
        add(std::move(address));
    }
    begin_anew();
}

void ListReader::finish_group()
{
    if (list_.addresses.size() == group_begin_) {
        add({std::move(group_name_), {}, {}});
    }
    in_group_ = false;
    group_name_.clear();
}

void ListReader::add(Address address)
{
    const bool has_two =
        address.local_part.find('@') != std::string::npos && !address.local_part.starts_with('"');
    if (has_two || address.domain.find_first_of("\"<> ") != std::string::npos) {
        guess();
    }
    if (list_.addresses.size() < count_max_) {
        list_.addresses.push_back(std::move(address));
    } else {
        list_.was_cut = true;
    }
}

} // namespace

AddressList parse_addresses(std::string_view raw, std::size_t count_max)
{
    return ListReader{raw, count_max}.read();
}

} // namespace watchpost::message
