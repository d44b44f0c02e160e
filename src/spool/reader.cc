#include "spool/reader.h"

#include <unistd.h>

#include <cerrno>
#include <unordered_set>

#include "spool/content.h"
#include "spool/load.h"

namespace watchpost::spool {

using base::ErrorCode;
using base::Result;
using base::Retry;

class SpoolReader::Body {
public:
    Body(std::unique_ptr<os::FileSystem> opened, Verify wanted, Loaded read)
        : folder{std::move(opened)}
        , verify{wanted}
        , loaded{std::move(read)}
    {
    }

    std::unique_ptr<os::FileSystem> folder;
    Verify verify;
    Loaded loaded;
};

namespace {

/// A collector that compacts meanwhile may take a file away between two looks.
constexpr int attempts_max = 3;

ContentState state_of(const Item& item)
{
    if (item.is_damaged) {
        return ContentState::damaged;
    }
    if (!has_content(item.completeness)) {
        return ContentState::never_stored;
    }
    return item.place.where == Where::nowhere ? ContentState::removed : ContentState::stored;
}

Result<void> write_all(int descriptor, base::ByteView bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return base::fail(base::system_error("write the content", errno));
        }
        bytes = bytes.subspan(written > 0 ? static_cast<std::size_t>(written) : 0U);
    }
    return {};
}

} // namespace

SpoolReader::SpoolReader(std::unique_ptr<Body> body) : body_{std::move(body)} {}

SpoolReader::~SpoolReader() = default;

Result<std::unique_ptr<SpoolReader>> SpoolReader::open(const std::filesystem::path& folder,
                                                       Verify verify)
{
    auto opened = os::open_folder(folder);
    if (!opened) {
        return base::fail(std::move(opened.error()).during("open the spool"));
    }
    return open(std::move(*opened), verify);
}

Result<std::unique_ptr<SpoolReader>> SpoolReader::open(std::unique_ptr<os::FileSystem> folder,
                                                       Verify verify)
{
    auto loaded = load(*folder, verify);
    for (int attempt = 1;
         attempt < attempts_max && !loaded && loaded.error().code() == ErrorCode::not_found;
         ++attempt) {
        loaded = load(*folder, verify);
    }
    if (!loaded) {
        return base::fail(std::move(loaded.error()).during("open the spool"));
    }
    if (loaded->is_new) {
        return base::fail(
            base::Error{ErrorCode::not_found, Retry::never, folder->describe() + " holds no spool"}
                .during("open the spool"));
    }
    return std::unique_ptr<SpoolReader>{
        new SpoolReader{std::make_unique<Body>(std::move(folder), verify, std::move(*loaded))}};
}

Result<void> SpoolReader::for_each_item(const std::function<void(const SpoolItem&)>& visit) const
{
    std::unordered_set<SpoolId, SpoolIdHash> visited;
    const auto visit_item = [&](const SpoolId& id, const Receipt& receipt, const Item& item) {
        if (visited.insert(id).second) {
            visit({id, receipt, item.source, state_of(item), item.is_settled});
        }
    };
    auto done = spool::for_each_item(*body_->folder, body_->loaded, no_offset, visit_item);
    for (int attempt = 1;
         attempt < attempts_max && !done && done.error().code() == ErrorCode::not_found;
         ++attempt) {
        auto loaded = load(*body_->folder, body_->verify);
        if (!loaded) {
            return base::fail(std::move(loaded.error()));
        }
        body_->loaded = std::move(*loaded);
        done = spool::for_each_item(*body_->folder, body_->loaded, no_offset, visit_item);
    }
    return done;
}

const std::vector<DamagedRange>& SpoolReader::damage() const noexcept
{
    return body_->loaded.damage;
}

Result<void> SpoolReader::read(const SpoolItem& item, const ByteSink& sink) const
{
    const Item* const known = body_->loaded.catalog.find(item.id);
    if (known == nullptr || known->place.where == Where::nowhere) {
        return base::fail(ErrorCode::not_found, Retry::never,
                          "message " + item.id.to_string() + ": no content is stored");
    }
    auto read =
        known->place.where == Where::large_file
            ? read_large(*body_->folder, item.id, item.receipt, sink)
            : read_from_segment(*body_->folder, body_->loaded.mark, item.id, known->place, sink);
    if (!read) {
        return base::fail(std::move(read.error()).during("read message " + item.id.to_string()));
    }
    return {};
}

Result<void> SpoolReader::copy_to(const SpoolItem& item, int descriptor) const
{
    return read(item, [descriptor](base::ByteView piece) { return write_all(descriptor, piece); });
}

} // namespace watchpost::spool
