// What a spool on disk holds, for tests to look at.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "spool/reader.h"

namespace watchpost::test {

struct StoredMessage {
    std::string uid;
    std::string content; // empty where none is stored; "(…)" where it cannot be read
    spool::Completeness completeness = spool::Completeness::whole;
    spool::SourceState source = spool::SourceState::kept;
};

/// Oldest first; nothing where the spool cannot be read to its end.
[[nodiscard]] inline std::vector<StoredMessage> stored_messages(const std::filesystem::path& spool)
{
    std::vector<StoredMessage> all;
    const auto reader = spool::SpoolReader::open(spool).value();
    const auto read = reader->for_each_item([&](const spool::SpoolItem& item) {
        StoredMessage message{item.receipt.uid, "", item.receipt.completeness, item.source};
        if (item.content == spool::ContentState::stored) {
            const auto done = reader->read(item, [&](base::ByteView piece) {
                message.content += base::as_text(piece);
                return base::Result<void>{};
            });
            message.content += done ? "" : "(" + done.error().describe() + ")";
        }
        all.push_back(std::move(message));
    });
    return read ? all : std::vector<StoredMessage>{};
}

} // namespace watchpost::test
