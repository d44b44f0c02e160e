#include "pipeline/content_folder.h"

#include <fcntl.h>

#include <cerrno>
#include <utility>

namespace watchpost::pipeline {

using base::ErrorCode;
using base::Result;

namespace {

std::string shard_of(const spool::SpoolId& id)
{
    const std::string text = id.to_string();
    return text.substr(text.size() - 2);
}

std::string kept_name(const spool::SpoolId& id)
{
    return shard_of(id) + "/" + id.to_string() + ".eml";
}

std::string part_name(const spool::SpoolId& id)
{
    return shard_of(id) + "/" + id.to_string() + ".part";
}

Result<void> remove_if_there(os::FileSystem& folder, const std::string& name)
{
    auto removed = folder.remove(name);
    if (!removed && removed.error().code() != ErrorCode::not_found) {
        return removed;
    }
    return {};
}

} // namespace

Result<std::unique_ptr<ContentFolder>> ContentFolder::open(const std::filesystem::path& folder)
{
    auto opened = os::open_folder(folder, os::Missing::is_created);
    if (!opened) {
        return base::fail(std::move(opened.error()).during("open the folder of kept content"));
    }
    return std::make_unique<ContentFolder>(std::move(*opened));
}

Result<void> ContentFolder::make_shard(const std::string& shard)
{
    if (shards_.contains(shard)) {
        return {};
    }
    if (auto made = folder_->make_folder(shard); !made) {
        return made;
    }
    if (auto synced = folder_->sync_folder(""); !synced) {
        return synced;
    }
    shards_.insert(shard);
    return {};
}

Result<void> write_durably(os::FileSystem& folder, const std::string& name,
                           const ContentSource& source)
{
    if (auto removed = remove_if_there(folder, name); !removed) {
        return removed; // what a crash left there
    }
    auto file = folder.open(name, os::OpenMode::create_new);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    std::uint64_t offset = 0;
    auto written = source([&](base::ByteView piece) -> Result<void> {
        auto done = (*file)->write_at(piece, offset);
        offset += piece.size();
        return done;
    });
    return written ? (*file)->sync_data() : written;
}

Result<void> ContentFolder::keep(const spool::SpoolId& id, const ContentSource& source)
{
    const std::string part = part_name(id);
    auto done = make_shard(shard_of(id));
    if (done) {
        done = write_durably(*folder_, part, source);
    }
    if (done) {
        done = folder_->rename(part, kept_name(id));
    }
    if (done) {
        done = folder_->sync_folder(shard_of(id));
    } else {
        static_cast<void>(folder_->remove(part)); // the error that counts is told already
    }
    return done ? Result<void>{}
                : base::fail(std::move(done.error()).during("keep message " + id.to_string()));
}

Result<void> ContentFolder::remove(const spool::SpoolId& id)
{
    for (const std::string& name : {kept_name(id), part_name(id)}) {
        if (auto removed = remove_if_there(*folder_, name); !removed) {
            return removed;
        }
    }
    return {};
}

Result<os::UniqueFd> open_kept(const std::filesystem::path& folder, const spool::SpoolId& id)
{
    const auto path = folder / kept_name(id);
    os::UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file.is_open()) {
        return base::fail(
            base::system_error("open the content of message " + id.to_string(), errno));
    }
    return file;
}

} // namespace watchpost::pipeline
