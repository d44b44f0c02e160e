#include "spool/catalog.h"

#include <utility>

namespace watchpost::spool {

namespace {

/// Does the item keep its segment from being removed?
bool holds_its_segment(const Item& item) noexcept
{
    return !item.is_settled && item.place.segment != 0;
}

} // namespace

void Catalog::add(const SpoolId& id, const Item& item, std::string_view mailbox)
{
    const auto [row, is_new] = items_.emplace(id, item);
    if (is_new) {
        receipts_.add(mailbox, {item.place.segment, item.place.offset});
        unsettled_[item.place.segment] += holds_its_segment(item) ? 1 : 0;
    }
}

void Catalog::add_from_checkpoint(const SpoolId& id, const Item& item, std::string_view mailbox,
                                  const ReceiptIndex::Range& record)
{
    receipts_.add_in_checkpoint(mailbox, record);
    if (is_at_rest(item)) {
        return;
    }
    const auto [row, is_new] = items_.emplace(id, item);
    if (is_new && holds_its_segment(item)) {
        ++unsettled_[item.place.segment];
    }
}

void Catalog::change(const SourceChange& change, Day today)
{
    const SourceNote now_there{change.state,
                               change.state == SourceState::expunged ? today : Day{0}};
    const auto found = items_.find(change.id);
    if (found != items_.end()) {
        found->second.note(now_there);
    } else {
        changed_[change.id] = now_there;
    }
}

void Catalog::settle(const SpoolId& id)
{
    const auto found = items_.find(id);
    if (found == items_.end() || found->second.is_settled) {
        return;
    }
    if (holds_its_segment(found->second)) {
        --unsettled_[found->second.place.segment];
    }
    found->second.is_settled = true;
}

void Catalog::set_state(const StateRecord& state)
{
    if (state.value.empty()) {
        states_.erase(state.name);
    } else {
        states_[state.name] = state.value;
    }
}

void Catalog::mark_damaged(const SpoolId& id)
{
    const auto found = items_.find(id);
    if (found != items_.end()) {
        found->second.is_damaged = true;
    }
}

void Catalog::mark_damaged(std::uint64_t segment, std::uint64_t offset, std::uint64_t octets)
{
    for (auto& [id, item] : items_) {
        const Placement& place = item.place;
        if (place.where == Where::segment && place.segment == segment && place.offset >= offset &&
            place.offset - offset < octets) {
            item.is_damaged = true;
        }
    }
}

void Catalog::forget_place(const SpoolId& id)
{
    const auto found = items_.find(id);
    if (found != items_.end()) {
        found->second.place = {};
    }
}

void Catalog::erase(const SpoolId& id)
{
    settle(id);
    items_.erase(id);
}

std::uint64_t Catalog::unsettled(std::uint64_t segment) const
{
    const auto found = unsettled_.find(segment);
    return found == unsettled_.end() ? 0 : found->second;
}

const Item* Catalog::find(const SpoolId& id) const
{
    const auto found = items_.find(id);
    return found == items_.end() ? nullptr : &found->second;
}

std::optional<SourceNote> Catalog::changed_source(const SpoolId& id) const
{
    const auto found = changed_.find(id);
    return found == changed_.end() ? std::nullopt : std::optional{found->second};
}

void Catalog::move_to_checkpoint(std::uint64_t covered, ReceiptIndex checkpoint)
{
    for (auto& [id, item] : items_) {
        item.in_checkpoint = item.in_checkpoint || item.place.segment <= covered;
        item.keeps_row = false;
    }
    std::erase_if(items_, [](const auto& row) { return is_at_rest(row.second); });
    changed_.clear(); // the checkpoint says it
    receipts_.replace_checkpoint(std::move(checkpoint), covered);
}

} // namespace watchpost::spool
