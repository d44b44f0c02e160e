// Messages that were sent in pieces: what a piece says of itself, and the message that all make.
// RFC 2046 §5.2.2. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "crypto/sha256.h"
#include "message/limits.h"
#include "message/message.h"

namespace watchpost::message {

/// As the message/partial at a message's root says; nothing of it is checked.
struct Piece {
    std::string id;
    std::uint64_t number = 0; // from 1; 0 where it is missing or no number
    std::uint64_t total = 0;  // 0: this piece does not say
    crypto::Sha256 content{}; // of what it adds to the whole
};

/// nullopt where the message is no piece.
[[nodiscard]] std::optional<Piece> piece_of(const Message& message);

/// Puts raw messages, in the order of their numbers, together as §5.2.2.1 says: the fields of the
/// first piece but Content-*, Subject, Message-ID, Encrypted and MIME-Version, which are those of
/// the enclosed message, then what each piece holds.
[[nodiscard]] base::Bytes join_pieces(std::span<const base::ByteView> pieces,
                                      const Limits& limits = {});

} // namespace watchpost::message
