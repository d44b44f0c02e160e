#include <utility>

#include "app/scan/scan_source.h"
#include "base/assert.h"
#include "diag/quote.h"
#include "pipeline/message_record.h"
#include "spool/reader.h"

namespace watchpost::app {
namespace {

/// Past it a message is not inspected anyway, so it need not be held in memory either.
constexpr std::size_t copied_bytes_max = std::size_t{1} << 30U;

base::Failure damaged(std::string what)
{
    return base::fail(base::ErrorCode::damaged, base::Retry::never, std::move(what));
}

base::Result<pipeline::MessageInput> content_of(const spool::SpoolReader& spool,
                                                const spool::SpoolItem& item)
{
    base::Bytes content;
    auto done = spool.read(item, [&](base::ByteView piece) -> base::Result<void> {
        if (piece.size() > copied_bytes_max - content.size()) {
            return base::fail(base::ErrorCode::limit_exceeded, base::Retry::never,
                              "larger than " + base::to_readable_bytes(copied_bytes_max));
        }
        content.insert(content.end(), piece.begin(), piece.end());
        return {};
    });
    if (!done) {
        return base::fail(std::move(done.error()));
    }
    return pipeline::MessageInput::from_bytes(content);
}

bool take_item(const spool::SpoolReader& spool, const spool::SpoolItem& item, const TakeItem& take)
{
    const std::string name = item.id.to_string();
    switch (item.content) {
    case spool::ContentState::stored:
        return take({name, content_of(spool, item), pipeline::gaps_of(item)});
    case spool::ContentState::never_stored:
        if (spool::is_settled_from_start(item.receipt.completeness)) {
            return true; // nobody wanted it inspected, or it is inspected under its first UID
        }
        return take({name, pipeline::MessageInput::from_bytes({}), pipeline::gaps_of(item)});
    case spool::ContentState::damaged:
        return take({name, damaged("the spool's copy of it does not check out"), {}});
    case spool::ContentState::removed:
        return true;
    }
    WP_UNREACHABLE("content state out of range");
}

} // namespace

base::Result<void> for_each_spooled(const std::filesystem::path& folder, const TakeItem& take)
{
    auto spool = spool::SpoolReader::open(folder);
    if (!spool) {
        return base::fail(std::move(spool.error()));
    }
    bool is_wanted = true;
    for (const spool::DamagedRange& range : (*spool)->damage()) {
        is_wanted = is_wanted && take({(folder / range.file).native(),
                                       damaged(std::to_string(range.octets) + " octets at offset " +
                                               std::to_string(range.offset) +
                                               " cannot be read: " + diag::quote(range.what)),
                                       {}});
    }
    return (*spool)->for_each_item([&](const spool::SpoolItem& item) {
        is_wanted = is_wanted && take_item(**spool, item, take);
    });
}

} // namespace watchpost::app
