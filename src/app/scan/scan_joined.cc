// What the messages of one scan make that are pieces of larger ones. RFC 2046 §5.2.2, ADR 0023.
#include <algorithm>
#include <fstream>
#include <map>
#include <optional>

#include "app/scan/scan_run.h"
#include "base/bytes.h"
#include "pipeline/piece_plan.h"
#include "verdict/finding_table.h"

namespace watchpost::app {
namespace {

using pipeline::PieceLimits;

/// Files that were read before; what is none (standard input, a spool) cannot be had again.
std::optional<std::string> read_again(const std::string& name, std::uint64_t bytes_max)
{
    std::ifstream file{name, std::ios::binary | std::ios::ate};
    const auto size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
    if (size < 0 || static_cast<std::uint64_t>(size) > bytes_max) {
        return std::nullopt;
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    file.seekg(0);
    file.read(text.data(), size);
    return file ? std::optional{std::move(text)} : std::nullopt;
}

std::optional<pipeline::MessageInput> join(const std::vector<std::string>& names)
{
    std::string all;
    std::vector<std::uint64_t> lengths;
    for (const std::string& name : names) {
        const auto text = read_again(name, PieceLimits::joined_bytes_max - all.size());
        if (!text) {
            return std::nullopt;
        }
        lengths.push_back(text->size());
        all += *text;
    }
    auto input = pipeline::MessageInput::from_bytes(base::as_bytes(all));
    if (!input) {
        return std::nullopt;
    }
    input->set_pieces(std::move(lengths));
    return std::move(*input);
}

std::string list_of(const std::vector<std::string>& names)
{
    std::string list;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + name;
    }
    return list;
}

} // namespace

void ScanRun::tell_joined()
{
    std::map<std::string, std::vector<const Piece*>> sets; // by the id that they name
    for (const Piece& piece : pieces_) {
        const auto& said = piece.said;
        if (said.number <= PieceLimits::total_max && said.total <= PieceLimits::total_max) {
            sets[said.id].push_back(&piece);
        }
    }
    for (const auto& [id, set] : sets) {
        if (!output_.is_broken()) {
            tell_joined(set);
        }
    }
}

void ScanRun::tell_joined(const std::vector<const Piece*>& set)
{
    std::vector<pipeline::NumberedPiece> numbered;
    numbered.reserve(set.size());
    for (const Piece* const piece : set) {
        numbered.push_back(
            {piece->said.number, piece->said.total,
             std::string{base::as_text(std::as_bytes(std::span{piece->said.content}))}});
    }
    const auto plan = pipeline::plan_joins(numbered, set.size() - 1);
    for (const auto& way : plan.joins) {
        std::vector<std::string> names;
        names.reserve(way.size());
        for (const std::size_t place : way) {
            names.push_back(set[place]->name);
        }
        auto input = join(names);
        if (!input) {
            output_.tell_note("pieces of one message cannot be joined: they are too large, or "
                              "cannot be read twice");
            continue;
        }
        input->set_copies(copies_);
        auto report = pool_.submit(std::move(*input)).get();
        auto finding = verdict::make_finding("structure.joined_message");
        finding.detail = "of " + std::to_string(names.size()) + " messages: " + list_of(names);
        report.findings.push_back(std::move(finding));
        output_.tell(pipeline::conclude("joined: " + list_of(names), std::move(report)));
    }
}

} // namespace watchpost::app
