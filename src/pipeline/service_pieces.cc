// Messages that are pieces of larger ones: kept until all are there, then inspected as what they
// make together. RFC 2046 §5.2.2, ADR 0023.
#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "pipeline/joined_report.h"
#include "pipeline/piece_plan.h"
#include "pipeline/service.h"

namespace watchpost::pipeline {
namespace {

std::string numbers_of(const PiecePlan& plan)
{
    return plan.total == 0 ? "none of the pieces that are there names the total"
                           : std::to_string(plan.present) + " of " + std::to_string(plan.total) +
                                 " pieces are there";
}

void add_gap(inspect::Report& report, std::string detail)
{
    report.not_inspected.push_back({"", "", "limit_pieces", std::move(detail)});
}

bool is_too_many(const inspect::PieceInfo& piece)
{
    return piece.number > PieceLimits::total_max || piece.total > PieceLimits::total_max;
}

} // namespace

bool Service::goes_on(Job& job, inspect::Report& report)
{
    if (job.own) {
        std::vector<std::string> messages;
        messages.reserve(job.joining.size());
        for (const KeptPiece& piece : job.joining) {
            messages.push_back(piece.id.to_string());
        }
        attach_joined(*job.own, std::move(report), messages, job.joined);
    } else if (!report.pieces.empty() && pieces_) {
        job.own = std::move(report);
        plan_joins_of(job);
    } else {
        return false;
    }
    if (begin_join(job)) {
        return true;
    }
    report = std::move(*job.own);
    job.own.reset();
    return false;
}

void Service::plan_joins_of(Job& job)
{
    const inspect::PieceInfo& said = job.own->pieces.front();
    if (is_too_many(said)) {
        return add_gap(*job.own, "a message of more than " +
                                     std::to_string(PieceLimits::total_max) + " pieces");
    }
    const auto piece = PieceFolder::describe(job.item.receipt.key.mailbox, said, job.item.id,
                                             job.item.receipt.octets);
    if (!keep_piece(job, piece)) {
        return add_gap(*job.own, "the piece could not be kept; see the log");
    }
    const auto kept = pieces_->set_of(piece.set);
    std::vector<NumberedPiece> numbered;
    numbered.reserve(kept.size());
    for (const KeptPiece& one : kept) {
        numbered.push_back({one.number, one.total, one.content});
    }
    const auto own = std::ranges::find(kept, piece.id, &KeptPiece::id);
    if (own == kept.end()) {
        return tell_pieces(*job.own, "it is kept no longer");
    }
    const auto plan = plan_joins(numbered, static_cast<std::size_t>(own - kept.begin()));
    tell_pieces(*job.own, numbers_of(plan));
    for (const auto& join : plan.joins) {
        auto& pieces = job.joins.emplace_back();
        std::ranges::transform(join, std::back_inserter(pieces),
                               [&](std::size_t place) { return kept[place]; });
    }
    if (plan.was_cut) {
        add_gap(*job.own,
                "more than " + std::to_string(PieceLimits::joins_max) + " ways to join the pieces");
    }
}

/// One that is inspected again was kept when it came.
bool Service::keep_piece(const Job& job, const KeptPiece& piece)
{
    pieces_->expire(base::now());
    base::Result<void> kept;
    if (job.inspection == Inspection::first) {
        kept = pieces_->keep(
            piece, [&](const spool::ByteSink& sink) { return follower_.read(job.item, sink); });
    }
    tell_given_up();
    if (!kept) {
        log_.write("pipeline.piece_not_kept",
                   {{"message", piece.id.to_string()}, {"error", kept.error().describe()}});
    }
    return kept.has_value();
}

bool Service::begin_join(Job& job)
{
    while (!job.joins.empty()) {
        job.joining = std::move(job.joins.front());
        job.joins.pop_front();
        ++job.joined;
        auto input = input_of(job.joining);
        if (input) {
            input->set_copies(copies_in(job.item.receipt.key.mailbox));
            give(job.item.id, std::move(*input));
            return true;
        }
        add_gap(*job.own, input.error().describe());
    }
    return false;
}

base::Result<MessageInput> Service::input_of(const std::vector<KeptPiece>& pieces)
{
    base::Bytes bytes;
    std::vector<std::uint64_t> lengths;
    for (const KeptPiece& piece : pieces) {
        if (piece.bytes > PieceLimits::joined_bytes_max - bytes.size()) {
            return base::fail(base::ErrorCode::limit_exceeded, base::Retry::never,
                              "the pieces together are larger than " +
                                  base::to_readable_bytes(PieceLimits::joined_bytes_max));
        }
        auto content = pieces_->read(piece);
        if (!content) {
            return base::fail(std::move(content.error()).during("read a piece"));
        }
        lengths.push_back(content->size());
        bytes.insert(bytes.end(), content->begin(), content->end());
    }
    auto input = MessageInput::from_bytes(bytes);
    if (input) {
        input->set_pieces(std::move(lengths));
    }
    return input;
}

void Service::tell_given_up()
{
    std::map<std::string, std::string> messages; // by set
    for (const KeptPiece& piece : pieces_->take_given_up()) {
        std::string& list = messages[piece.set];
        list += (list.empty() ? "" : ", ") + piece.id.to_string();
    }
    for (const auto& [set, list] : messages) {
        log_.write("pipeline.pieces_given_up", {{"messages", list}});
    }
}

} // namespace watchpost::pipeline
