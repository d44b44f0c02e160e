#include "spool/receipt_index.h"

#include <utility>

namespace watchpost::spool {

ReceiptIndex::Receipts& ReceiptIndex::of(std::string_view mailbox)
{
    const auto found = mailboxes_.find(mailbox);
    return found == mailboxes_.end() ? mailboxes_[std::string{mailbox}] : found->second;
}

void ReceiptIndex::add(std::string_view mailbox, const Place& place)
{
    auto& receipts = of(mailbox);
    receipts.in_segments.push_back(place);
    ++receipts.count;
}

void ReceiptIndex::add_in_checkpoint(std::string_view mailbox, const Range& record)
{
    auto& receipts = of(mailbox);
    if (!receipts.in_checkpoint.empty() && receipts.in_checkpoint.back().end == record.begin) {
        receipts.in_checkpoint.back().end = record.end;
    } else {
        receipts.in_checkpoint.push_back(record);
    }
    ++receipts.count;
}

void ReceiptIndex::replace_checkpoint(ReceiptIndex checkpoint, std::uint64_t covered)
{
    auto old = std::exchange(mailboxes_, std::move(checkpoint.mailboxes_));
    for (const auto& [mailbox, receipts] : old) {
        for (const Place& place : receipts.in_segments) {
            if (place.segment > covered) {
                add(mailbox, place);
            }
        }
    }
}

const ReceiptIndex::Receipts* ReceiptIndex::find(std::string_view mailbox) const
{
    const auto found = mailboxes_.find(mailbox);
    return found == mailboxes_.end() ? nullptr : &found->second;
}

} // namespace watchpost::spool
