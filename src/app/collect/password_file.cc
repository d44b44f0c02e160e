#include "app/collect/password_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "diag/quote.h"
#include "pop3/limits.h"

namespace watchpost::app {
namespace {

using base::ErrorCode;
using base::Retry;

base::Failure unusable(std::string_view option, const std::string& file, std::string_view why)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never,
                      std::string{option} + " " + diag::quote(file) + " " + std::string{why});
}

} // namespace

base::Result<std::string> read_password_file(const std::string& file, std::string_view option)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in{std::fopen(file.c_str(), "rbe"),
                                                             &std::fclose};
    if (!in) {
        return base::fail(base::system_error(std::string{option} + " " + diag::quote(file), errno));
    }
    std::array<char, pop3::credential_bytes_max + 3> octets{};
    const std::size_t count = std::fread(octets.data(), 1, octets.size(), in.get());
    if (std::ferror(in.get()) != 0) {
        return base::fail(
            base::system_error("read " + std::string{option} + " " + diag::quote(file), errno));
    }
    std::string password{octets.data(), count};
    if (password.ends_with('\n')) {
        password.pop_back();
    }
    if (password.ends_with('\r')) {
        password.pop_back();
    }
    if (password.empty()) {
        return unusable(option, file, "is empty: write the password into its first line");
    }
    if (password.size() > pop3::credential_bytes_max) {
        return unusable(option, file, "is longer than any password: is it the right file?");
    }
    if (password.find('\n') != std::string::npos) {
        return unusable(option, file, "has more than one line: only the password must be in it");
    }
    return password;
}

} // namespace watchpost::app
