#include "app/spool/spool_list.h"

#include <cstdio>
#include <functional>

#include "base/assert.h"
#include "base/time.h"
#include "crypto/sha256.h"
#include "diag/quote.h"
#include "model/json_text.h"

namespace watchpost::app {
namespace {

using spool::Completeness;
using spool::ContentState;
using spool::SourceState;
using spool::SpoolItem;

constexpr std::size_t shown_bytes_max = 40; // of a mailbox and of a UID in the table

std::string_view to_words(ContentState state) noexcept
{
    switch (state) {
    case ContentState::stored:
        return "stored";
    case ContentState::never_stored:
        return "none";
    case ContentState::removed:
        return "removed";
    case ContentState::damaged:
        return "damaged";
    }
    WP_UNREACHABLE("content state out of range");
}

std::string_view to_words(SourceState state) noexcept
{
    switch (state) {
    case SourceState::kept:
        return "kept";
    case SourceState::delete_pending:
        return "delete_pending";
    case SourceState::expunged:
        return "expunged";
    }
    WP_UNREACHABLE("source state out of range");
}

std::string_view to_words(Completeness completeness) noexcept
{
    switch (completeness) {
    case Completeness::whole:
        return "whole";
    case Completeness::short_of_announced:
        return "short_of_announced";
    case Completeness::too_large:
        return "too_large";
    case Completeness::before_first_poll:
        return "before_first_poll";
    case Completeness::another_uid:
        return "another_uid";
    case Completeness::another_uid_short:
        return "another_uid_short";
    }
    WP_UNREACHABLE("completeness out of range");
}

void print_row(const SpoolItem& item)
{
    const spool::Receipt& receipt = item.receipt;
    const std::string key = receipt.key.mailbox + "/" + std::to_string(receipt.key.generation);
    std::printf("%-26s  %-27s  %10llu  %10llu  %-18s  %-7s  %-14s  %-16.16s  %s  %s\n",
                item.id.to_string().c_str(), base::to_rfc3339(receipt.received_at).c_str(),
                static_cast<unsigned long long>(receipt.octets),
                static_cast<unsigned long long>(receipt.announced_octets),
                std::string{to_words(receipt.completeness)}.c_str(),
                std::string{to_words(item.content)}.c_str(),
                std::string{to_words(item.source)}.c_str(), crypto::to_hex(receipt.sha256).c_str(),
                diag::quote(key, shown_bytes_max).c_str(),
                diag::quote(receipt.uid, shown_bytes_max).c_str());
}

void print_head()
{
    std::printf("%-26s  %-27s  %10s  %10s  %-18s  %-7s  %-14s  %-16s  %s  %s\n", "ID", "RECEIVED",
                "OCTETS", "ANNOUNCED", "COMPLETENESS", "CONTENT", "AT SOURCE", "SHA-256 BEGINS",
                "MAILBOX/GENERATION", "UID");
}

void add(model::JsonText& json, std::string_view key, std::string_view value)
{
    json.key(key);
    json.value(value);
}

void add(model::JsonText& json, std::string_view key, std::uint64_t value)
{
    json.key(key);
    json.value(value);
}

void print_json(const SpoolItem& item)
{
    const spool::Receipt& receipt = item.receipt;
    model::JsonText json;
    json.begin_object();
    add(json, "id", item.id.to_string());
    add(json, "mailbox", receipt.key.mailbox);
    add(json, "generation", receipt.key.generation);
    add(json, "uid", receipt.uid);
    add(json, "uid_hex", base::to_hex(base::as_bytes(receipt.uid))); // exact, whatever its octets
    add(json, "octets", receipt.octets);
    add(json, "announced_octets", receipt.announced_octets);
    add(json, "sha256", crypto::to_hex(receipt.sha256));
    add(json, "completeness", to_words(receipt.completeness));
    add(json, "received_at", base::to_rfc3339(receipt.received_at));
    add(json, "epoch", receipt.epoch);
    add(json, "source", to_words(item.source));
    add(json, "content", to_words(item.content));
    json.key("settled");
    json.value_bool(item.is_settled);
    json.end_object();
    std::printf("%s\n", json.take().c_str());
}

base::Result<SpoolSummary> summarise(const spool::SpoolReader& reader,
                                     const std::function<void(const SpoolItem&)>& show)
{
    std::uint64_t messages = 0;
    std::uint64_t octets = 0;
    const auto visited = reader.for_each_item([&](const SpoolItem& item) {
        ++messages;
        octets += item.content == ContentState::stored ? item.receipt.octets : 0;
        show(item);
    });
    if (!visited) {
        return base::fail(base::Error{visited.error()});
    }
    return SpoolSummary{std::to_string(messages) + (messages == 1 ? " message, " : " messages, ") +
                            base::to_readable_bytes(octets) + " stored",
                        damage_lines(reader)};
}

} // namespace

std::vector<std::string> damage_lines(const spool::SpoolReader& reader)
{
    std::vector<std::string> lines;
    for (const spool::DamagedRange& range : reader.damage()) {
        lines.push_back("damaged: " + diag::quote(range.file) + ", offset " +
                        std::to_string(range.offset) + ", " + std::to_string(range.octets) +
                        " octets: " + diag::quote(range.what));
    }
    return lines;
}

base::Result<SpoolSummary> list_messages(const spool::SpoolReader& reader, Form form)
{
    if (form == Form::table) {
        print_head();
    }
    return summarise(reader, form == Form::table ? print_row : print_json);
}

base::Result<SpoolSummary> count_messages(const spool::SpoolReader& reader)
{
    return summarise(reader, [](const SpoolItem&) {});
}

} // namespace watchpost::app
