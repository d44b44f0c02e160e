#include "collector/login_memory.h"

#include <array>

#include "base/bytes.h"
#include "base/ulid.h"
#include "base/words.h"
#include "crypto/sha256.h"

namespace watchpost::collector {

namespace {

constexpr std::size_t mark_digits = 4; // 16 bits

/// Text in which neither part can run into the other.
std::string counted(std::string_view text)
{
    return std::to_string(text.size()) + ":" + std::string{text};
}

std::string name_of(std::string_view mailbox)
{
    return "refused-logins/" + std::string{mailbox};
}

} // namespace

LoginMemory::LoginMemory(spool::StateStore& store, std::string_view mailbox,
                         std::string_view server, const pop3::Credentials& credentials)
    : store_{store}
    , name_{name_of(mailbox)}
    , secret_{counted(server) + counted(credentials.user()) + counted(credentials.password())}
{
}

std::string LoginMemory::mark(std::string_view salt) const
{
    const std::string text = counted(salt) + secret_;
    return crypto::to_hex(crypto::sha256(base::as_bytes(text))).substr(0, mark_digits);
}

/// The stored value: "SALT MARK TIME [TIME]". A value that cannot be read is as good as none: the
/// next refusal writes a new one.
LoginLimiter LoginMemory::load() const
{
    const auto stored = store_.get(name_);
    if (!stored) {
        return {};
    }
    std::string_view rest = *stored;
    const auto salt = base::take_word(rest);
    if (base::take_word(rest) != mark(salt)) {
        return {};
    }
    return LoginLimiter::parse(rest).value_or(LoginLimiter{});
}

base::Result<void> LoginMemory::forget(spool::StateStore& store, std::string_view mailbox)
{
    const std::string name = name_of(mailbox);
    return store.get(name) ? store.put(name, "") : base::Result<void>{};
}

base::Result<void> LoginMemory::save(const LoginLimiter& limiter)
{
    if (limiter.is_new()) {
        return store_.get(name_) ? store_.put(name_, "") : base::Result<void>{};
    }
    const std::string salt = base::Ulid::make().to_string();
    return store_.put(name_, salt + " " + mark(salt) + " " + limiter.to_text());
}

} // namespace watchpost::collector
