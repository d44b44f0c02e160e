#include "pop3/listing.h"

#include <algorithm>

#include "base/bytes.h"
#include "diag/quote.h"
#include "pop3/limits.h"

namespace watchpost::pop3 {

namespace {

using base::ErrorCode;
using base::Retry;

/// The next run of non-blanks; several blanks between words are seen in the field.
std::string_view take_word(std::string_view& rest)
{
    const auto begin = std::min(rest.find_first_not_of(" \t"), rest.size());
    const auto end = std::min(rest.find_first_of(" \t", begin), rest.size());
    const auto word = rest.substr(begin, end - begin);
    rest.remove_prefix(end);
    return word;
}

} // namespace

std::optional<MaildropStatus> parse_stat(std::string_view text)
{
    const auto count = base::parse_decimal(take_word(text));
    if (!count || *count > std::uint64_t{UINT32_MAX}) {
        return std::nullopt;
    }
    return MaildropStatus{static_cast<std::uint32_t>(*count),
                          base::parse_decimal(take_word(text)).value_or(0)};
}

/// The message's index, or nullopt where the number is out of range; `line` keeps what follows.
base::Result<std::optional<std::size_t>> Listing::index_of(std::string_view& line)
{
    bytes_ += line.size();
    if (bytes_ > listing_bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::later,
                          "the list of messages is longer than " +
                              base::to_readable_bytes(listing_bytes_max));
    }
    const std::string_view whole = line;
    const auto number = base::parse_decimal(take_word(line));
    if (!number && garbage_.empty()) {
        garbage_ = "\"" + diag::quote(whole, 80) + "\"";
    }
    if (!number || *number < 1 || *number > messages_.size()) {
        ++ignored_lines_;
        return std::optional<std::size_t>{};
    }
    return std::optional{static_cast<std::size_t>(*number - 1)};
}

base::Result<void> Listing::add_size(std::string_view line)
{
    const auto index = index_of(line);
    if (!index) {
        return base::fail(index.error());
    }
    if (!*index) {
        return {};
    }
    if (seen_[**index].size) {
        ++ignored_lines_;
        return {};
    }
    seen_[**index].size = true;
    messages_[**index].octets = base::parse_decimal(take_word(line)).value_or(0);
    return {};
}

base::Result<void> Listing::add_uid(std::string_view line)
{
    const auto index = index_of(line);
    if (!index) {
        return base::fail(index.error());
    }
    if (!*index) {
        return {};
    }
    if (seen_[**index].uid) {
        ++ignored_lines_;
        return {};
    }
    seen_[**index].uid = true;
    const auto begin = std::min(line.find_first_not_of(" \t"), line.size());
    const auto uid = line.substr(begin);
    if (uid.size() <= uid_bytes_max) {
        messages_[**index].uid = uid;
    }
    return {};
}

void Listing::mark_doubled_uids()
{
    std::vector<ListedMessage*> by_uid;
    by_uid.reserve(messages_.size());
    for (auto& message : messages_) {
        if (!message.uid.empty()) {
            by_uid.push_back(&message);
        }
    }
    std::sort(by_uid.begin(), by_uid.end(),
              [](const auto* a, const auto* b) { return a->uid < b->uid; });
    for (std::size_t i = 1; i < by_uid.size(); ++i) {
        if (by_uid[i - 1]->uid == by_uid[i]->uid) {
            by_uid[i - 1]->uid_is_unique = false;
            by_uid[i]->uid_is_unique = false;
        }
    }
}

std::size_t Listing::without_uid_line() const noexcept
{
    return static_cast<std::size_t>(
        std::ranges::count_if(seen_, [](const Seen& seen) { return seen.size && !seen.uid; }));
}

std::vector<ListedMessage> Listing::take_messages()
{
    mark_doubled_uids(); // before the unlisted go: a UID seen twice is ambiguous wherever it stands
    for (std::size_t i = 0; i < messages_.size(); ++i) {
        messages_[i].number = seen_[i].size ? static_cast<std::uint32_t>(i + 1) : 0;
        ignored_lines_ += seen_[i].uid && !seen_[i].size ? 1 : 0;
    }
    std::erase_if(messages_, [](const auto& message) { return message.number == 0; });
    seen_ = {};
    return std::move(messages_);
}

} // namespace watchpost::pop3
