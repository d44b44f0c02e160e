#include "node/collector_keys.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "os/file_system.h"
#include "os/replace_file.h"
#include "secrets/sealed_box.h"

namespace watchpost::node {
namespace {

using base::Result;

constexpr const char* key_name = "collector.key";
constexpr const char* public_name = "collector.pub";

/// A file that is there and cannot be opened is an error, never a reason for a new one.
Result<bool> is_there(os::FileSystem& keys, const char* name)
{
    const auto file = keys.open(name, os::OpenMode::read);
    if (file || file.error().code() == base::ErrorCode::not_found) {
        return file.has_value();
    }
    return base::fail(file.error());
}

/// It is no secret, and control reads it as a user of its own.
Result<void> show(const std::filesystem::path& file)
{
    struct stat status = {};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0) {
        return {};
    }
    if (::chmod(file.c_str(), 0644) != 0) {
        return base::fail(base::system_error("set the mode of " + file.string(), errno));
    }
    return {};
}

Result<secrets::KeyPair> read_key(os::FileSystem& keys, const StateFolder& folder)
{
    constexpr std::size_t bytes_max = 4096;
    return os::read_whole_file(keys, key_name, bytes_max)
        .and_then([](const std::string& text) { return secrets::KeyPair::parse_key_file(text); })
        .map_error([&](base::Error error) {
            return std::move(error).during("read " + folder.collector_key().string());
        });
}

Result<void> write_public_half(os::FileSystem& keys, const StateFolder& folder,
                               const secrets::KeyPair& pair)
{
    const std::string text = secrets::to_text(pair.public_key()) + "\n";
    return os::replace_file(keys, public_name, base::as_bytes(text)).and_then([&] {
        return show(folder.collector_public_key());
    });
}

Result<void> make_pair(os::FileSystem& keys, const StateFolder& folder)
{
    const auto pair = secrets::KeyPair::make();
    const auto text = pair.to_key_file();
    return os::replace_file(keys, key_name, base::as_bytes(text.reveal()))
        .and_then([&] { return write_public_half(keys, folder, pair); })
        .map_error([](base::Error error) {
            return std::move(error).during("make the key of the mailbox passwords");
        });
}

} // namespace

/// The private half is written first, and the public one follows from it: one without the other
/// was lost.
Result<void> ensure_collector_keys(const StateFolder& folder)
{
    auto keys = os::open_folder(folder.keys());
    if (!keys) {
        return base::fail(std::move(keys.error()).during("open the key folder"));
    }
    const auto has_key = is_there(**keys, key_name);
    const auto has_public = is_there(**keys, public_name);
    if (!has_key || !has_public) {
        return base::fail(has_key ? has_public.error() : has_key.error());
    }
    if (*has_key) {
        return *has_public ? show(folder.collector_public_key())
                           : read_key(**keys, folder).and_then([&](const secrets::KeyPair& pair) {
                                 return write_public_half(**keys, folder, pair);
                             });
    }
    if (*has_public) {
        return base::fail(base::ErrorCode::damaged, base::Retry::never,
                          folder.collector_key().string() +
                              " is missing: restore it from a backup, or remove " +
                              folder.collector_public_key().string() +
                              " and type the mailboxes' passwords again");
    }
    return make_pair(**keys, folder);
}

} // namespace watchpost::node
