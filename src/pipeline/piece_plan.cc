#include "pipeline/piece_plan.h"

#include <algorithm>
#include <map>

namespace watchpost::pipeline {
namespace {

using Choices = std::map<std::uint64_t, std::vector<std::size_t>>; // by number, the first counts

/// Different contents of each number from 1 to `total`; of its number `newest` alone.
Choices choices_of(std::span<const NumberedPiece> pieces, std::size_t newest, std::uint64_t total)
{
    Choices choices{{pieces[newest].number, {newest}}};
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const NumberedPiece& piece = pieces[i];
        if (piece.number == 0 || piece.number > total || piece.number == pieces[newest].number) {
            continue;
        }
        auto& of_number = choices[piece.number];
        const bool is_new = std::ranges::none_of(
            of_number, [&](std::size_t known) { return pieces[known].content == piece.content; });
        if (is_new) {
            of_number.push_back(i);
        }
    }
    return choices;
}

/// Those that are named, the newest piece's own before the others.
std::vector<std::uint64_t> totals_of(std::span<const NumberedPiece> pieces, std::size_t newest)
{
    std::vector<std::uint64_t> totals;
    const auto add = [&](std::uint64_t total) {
        if (total >= pieces[newest].number && total > 0 && total <= PieceLimits::total_max &&
            std::ranges::find(totals, total) == totals.end()) {
            totals.push_back(total);
        }
    };
    add(pieces[newest].total);
    for (const NumberedPiece& piece : pieces) {
        add(piece.total);
    }
    return totals;
}

void add_join(std::vector<std::size_t> join, PiecePlan& plan)
{
    if (plan.joins.size() == PieceLimits::joins_max) {
        plan.was_cut = true;
        return;
    }
    plan.joins.push_back(std::move(join));
}

/// The first choices, then each other one by itself.
void add_joins(const Choices& choices, PiecePlan& plan)
{
    std::vector<std::size_t> join;
    for (const auto& [number, of_number] : choices) {
        join.push_back(of_number.front());
    }
    add_join(join, plan);
    std::size_t place = 0;
    for (const auto& [number, of_number] : choices) {
        for (std::size_t other = 1; other < of_number.size(); ++other) {
            auto changed = join;
            changed[place] = of_number[other];
            add_join(std::move(changed), plan);
        }
        ++place;
    }
}

} // namespace

PiecePlan plan_joins(std::span<const NumberedPiece> pieces, std::size_t newest)
{
    PiecePlan plan;
    if (pieces[newest].number == 0) {
        return plan;
    }
    for (const std::uint64_t total : totals_of(pieces, newest)) {
        const auto choices = choices_of(pieces, newest, total);
        if (plan.total == 0) {
            plan.total = total;
            plan.present = choices.size();
        }
        if (choices.size() == total) {
            add_joins(choices, plan);
        }
    }
    return plan;
}

} // namespace watchpost::pipeline
