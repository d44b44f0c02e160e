#include "net/system_trust.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace watchpost::net {

namespace {

const char* from_environment_or(const char* variable, const char* otherwise)
{
    const char* const named = ::secure_getenv(variable);
    return named != nullptr ? named : otherwise;
}

const char* bundle_path()
{
    return from_environment_or(X509_get_default_cert_file_env(), X509_get_default_cert_file());
}

const char* folder_paths()
{
    return from_environment_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
}

/// Tells one state of a file or folder from another.
using Stamp = std::tuple<dev_t, ino_t, off_t, time_t, long>;

std::optional<Stamp> stamp_of(const char* path)
{
    struct ::stat now{};
    if (::stat(path, &now) != 0) {
        return std::nullopt;
    }
    return Stamp{now.st_dev, now.st_ino, now.st_size, now.st_mtim.tv_sec, now.st_mtim.tv_nsec};
}

/// The folder is looked into for each issuer that the bundle does not have.
TrustStore store_with_folder()
{
    TrustStore store{X509_STORE_new()};
    if (store != nullptr) {
        X509_STORE_load_path(store.get(), folder_paths());
        ERR_clear_error();
    }
    return store;
}

/// Of the bundle and of the folders, of which the store keeps what it has found once. (A file of a
/// folder that is overwritten in place is seen at the next start alone.)
using Stamps = std::vector<std::optional<Stamp>>;

Stamps present_stamps()
{
    Stamps stamps{stamp_of(bundle_path())};
    std::string_view folders = folder_paths();
    while (!folders.empty()) {
        const auto end = std::min(folders.find(':'), folders.size());
        stamps.push_back(stamp_of(std::string{folders.substr(0, end)}.c_str()));
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return stamps;
}

struct Cached {
    std::mutex lock; // of the rest
    TrustStore store;
    Stamps stamps;
};

} // namespace

TrustStore system_trust()
{
    static Cached cached;
    const std::lock_guard held{cached.lock};
    auto stamps = present_stamps();
    if (cached.store == nullptr || stamps != cached.stamps) {
        auto store = store_with_folder();
        if (store == nullptr) {
            return nullptr;
        }
        if (stamps.front() && X509_STORE_load_file(store.get(), bundle_path()) != 1) {
            stamps.clear(); // what failed is tried again
        }
        ERR_clear_error();
        cached.store = std::move(store);
        cached.stamps = std::move(stamps);
    }
    X509_STORE_up_ref(cached.store.get());
    return TrustStore{cached.store.get()};
}

TrustStore copy_of_system_trust()
{
    const auto shared = system_trust();
    auto copy = store_with_folder();
    if (shared == nullptr || copy == nullptr) {
        return nullptr;
    }
    X509_STORE_lock(shared.get()); // handshakes of others may add what the folder has
    const auto* const objects = X509_STORE_get0_objects(shared.get());
    for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
        if (auto* const anchor = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i))) {
            X509_STORE_add_cert(copy.get(), anchor);
        }
    }
    X509_STORE_unlock(shared.get());
    ERR_clear_error();
    return copy;
}

} // namespace watchpost::net
