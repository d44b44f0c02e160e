#include "pipeline/piece_folder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/ascii.h"
#include "crypto/sha256.h"

namespace watchpost::pipeline {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::string_view ending = ".eml";
constexpr std::size_t digest_bytes = 16; // of a digest in a name: enough to tell pieces apart

std::string short_digest(const crypto::Sha256& digest)
{
    return base::to_hex(std::as_bytes(std::span{digest}).first(digest_bytes));
}

std::string name_of(const KeptPiece& piece)
{
    return piece.set + '-' + std::to_string(piece.number) + '-' + std::to_string(piece.total) +
           '-' + piece.content + '-' + std::to_string(piece.bytes) + '-' + piece.id.to_string() +
           std::string{ending};
}

/// nullopt where it is no name of ours, as of a file that a crash left half written.
std::optional<KeptPiece> piece_named(std::string_view name)
{
    if (!name.ends_with(ending)) {
        return std::nullopt;
    }
    name.remove_suffix(ending.size());
    std::array<std::string_view, 6> words;
    for (std::string_view& word : words) {
        const std::size_t end = std::min(name.find('-'), name.size());
        word = name.substr(0, end);
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    const auto number = base::parse_decimal(words[1]);
    const auto total = base::parse_decimal(words[2]);
    const auto bytes = base::parse_decimal(words[4]);
    const auto id = spool::SpoolId::parse(words[5]);
    if (!number || !total || !bytes || !id) {
        return std::nullopt;
    }
    return KeptPiece{std::string{words[0]}, *number, *total, std::string{words[3]}, *bytes, *id};
}

} // namespace

base::Instant time_of(const spool::SpoolId& id)
{
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        milliseconds = milliseconds * 256 + id.ulid().octets().at(i);
    }
    return base::Instant{std::chrono::milliseconds{milliseconds}};
}

Result<std::unique_ptr<PieceFolder>> PieceFolder::open(const std::filesystem::path& folder,
                                                       const PieceFolderLimits& limits)
{
    auto opened = os::open_folder(folder, os::Missing::is_created);
    if (!opened) {
        return base::fail(std::move(opened.error()).during("open the folder of pieces"));
    }
    std::unique_ptr<PieceFolder> pieces{new PieceFolder{std::move(*opened), limits}};
    if (auto loaded = pieces->load(); !loaded) {
        return base::fail(std::move(loaded.error()).during("list the folder of pieces"));
    }
    return pieces;
}

Result<void> PieceFolder::load()
{
    auto names = folder_->list("");
    if (!names) {
        return base::fail(std::move(names.error()));
    }
    for (const std::string& name : *names) {
        if (auto piece = piece_named(name)) {
            bytes_ += piece->bytes;
            pieces_.push_back(std::move(*piece));
        } else {
            static_cast<void>(folder_->remove(name)); // half written; tried again when it counts
        }
    }
    std::ranges::sort(pieces_, {}, &KeptPiece::id);
    return {};
}

KeptPiece PieceFolder::describe(const std::string& mailbox, const inspect::PieceInfo& piece,
                                const spool::SpoolId& id, std::uint64_t bytes)
{
    const auto set = crypto::sha256(base::as_bytes(mailbox + '\0' + piece.id));
    return {short_digest(set), piece.number, piece.total, short_digest(piece.content), bytes, id};
}

Result<void> PieceFolder::keep(const KeptPiece& piece, const ContentSource& source)
{
    if (piece.bytes > limits_.bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "a piece of more than " + base::to_readable_bytes(limits_.bytes_max));
    }
    if (std::ranges::find(pieces_, piece.id, &KeptPiece::id) != pieces_.end()) {
        return {};
    }
    while (!pieces_.empty() &&
           (bytes_ + piece.bytes > limits_.bytes_max || pieces_.size() + 1 > limits_.pieces_max)) {
        give_up(oldest_set());
    }
    const std::string name = name_of(piece);
    const std::string part = piece.id.to_string() + ".part";
    auto done = write_durably(*folder_, part, source);
    if (done) {
        done = folder_->rename(part, name);
    }
    if (done) {
        done = folder_->sync_folder("");
    }
    if (!done) {
        static_cast<void>(folder_->remove(part)); // the error that counts is told already
        return base::fail(std::move(done.error()).during("keep a piece of a message"));
    }
    bytes_ += piece.bytes;
    pieces_.push_back(piece);
    return {};
}

std::vector<KeptPiece> PieceFolder::set_of(std::string_view set) const
{
    std::vector<KeptPiece> found;
    std::ranges::copy_if(pieces_, std::back_inserter(found),
                         [&](const KeptPiece& piece) { return piece.set == set; });
    return found;
}

Result<base::Bytes> PieceFolder::read(const KeptPiece& piece)
{
    auto file = folder_->open(name_of(piece), os::OpenMode::read);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    base::Bytes bytes(piece.bytes);
    auto read = (*file)->read_at(bytes, 0);
    if (!read) {
        return base::fail(std::move(read.error()));
    }
    bytes.resize(*read);
    return bytes;
}

base::Instant PieceFolder::newest_of(std::string_view set) const
{
    base::Instant newest{};
    for (const KeptPiece& piece : pieces_) {
        newest = piece.set == set ? std::max(newest, time_of(piece.id)) : newest;
    }
    return newest;
}

std::string PieceFolder::oldest_set() const
{
    return std::ranges::min_element(pieces_, {},
                                    [this](const KeptPiece& piece) { return newest_of(piece.set); })
        ->set;
}

void PieceFolder::give_up(const std::string& set)
{
    for (const KeptPiece& piece : set_of(set)) {
        static_cast<void>(folder_->remove(name_of(piece))); // listed again at the next start
        bytes_ -= std::min(bytes_, piece.bytes);
        given_up_.push_back(piece);
    }
    std::erase_if(pieces_, [&](const KeptPiece& piece) { return piece.set == set; });
}

void PieceFolder::expire(base::Instant now)
{
    while (!pieces_.empty()) {
        const std::string set = oldest_set();
        if (now - newest_of(set) <= limits_.age_max) {
            return;
        }
        give_up(set);
    }
}

std::vector<KeptPiece> PieceFolder::take_given_up()
{
    return std::exchange(given_up_, {});
}

} // namespace watchpost::pipeline
