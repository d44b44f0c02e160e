// Part of Retrieval: what has been read is collected into batches for the writer.
#include <algorithm>
#include <utility>

#include "collector/retrieval.h"

namespace watchpost::collector {

namespace {

/// What it takes until it is committed. The buffer is as large as was announced, and where more
/// came it has grown to up to twice that. A large one is in a file, which is open: that counts as
/// much, so that no more than some 200 files are.
std::uint64_t octets_in_memory(const spool::Receipt& receipt)
{
    constexpr std::uint64_t besides = 1'024; // the receipt and the message's own
    constexpr std::uint64_t open_file = std::uint64_t{128} * 1'024;
    constexpr std::uint64_t buffered_max = spool::Incoming::buffered_bytes_max;
    if (!spool::has_content(receipt.completeness)) {
        return besides;
    }
    if (receipt.octets > buffered_max) {
        return besides + open_file;
    }
    const auto buffer =
        receipt.octets > receipt.announced_octets ? 2 * receipt.octets : receipt.announced_octets;
    return besides + std::min(buffer, buffered_max);
}

} // namespace

void Retrieval::keep(spool::Receipt receipt)
{
    ++around_.report.fetched;
    const bool has_content = spool::has_content(receipt.completeness);
    const auto buffered =
        has_content ? std::min<std::uint64_t>(receipt.octets, spool::Incoming::buffered_bytes_max)
                    : 0;
    auto share = take_share(octets_in_memory(receipt));
    auto content = has_content ? std::move(current_.content) : nullptr;
    add({{std::move(content), std::move(receipt)}, under_way_.front(), std::move(share)}, buffered);
}

void Retrieval::add(Fetched fetched, std::uint64_t buffered_octets)
{
    const auto now = std::chrono::steady_clock::now();
    if (batch_.empty()) {
        batch_began_ = now;
    }
    batch_.push_back(std::move(fetched));
    batch_octets_ += buffered_octets;
    if (batch_octets_ >= around_.limits.batch_bytes_max ||
        batch_.size() >= around_.limits.batch_messages_max) {
        submit_batch();
    } else {
        submit_when_due(now);
    }
}

/// Where others have taken all of it, with what is ours committed there is room for one message.
BatchBudget::Share Retrieval::take_share(std::uint64_t octets)
{
    if (auto share = around_.budget.take(octets)) {
        return *std::move(share);
    }
    submit_batch();
    has_write_failed_ = !around_.writer.finish() || has_write_failed_;
    return around_.budget.take_beyond(octets);
}

/// A batch does not wait for a server that is silent either.
base::Deadline Retrieval::batch_due() const noexcept
{
    return batch_.empty() ? base::Deadline::max() : batch_began_ + around_.limits.batch_time_max;
}

void Retrieval::submit_when_due(std::chrono::steady_clock::time_point now)
{
    if (now >= batch_due()) {
        submit_batch();
    }
}

void Retrieval::submit_batch()
{
    if (!batch_.empty()) {
        has_write_failed_ = !around_.writer.submit(std::exchange(batch_, {}));
        batch_octets_ = 0;
    }
}

} // namespace watchpost::collector
