#include "collector/maildrop_registry.h"

#include <limits>
#include <optional>

#include "base/bytes.h"
#include "os/crash_point.h"

namespace watchpost::collector {

using base::ErrorCode;
using base::Retry;

namespace {

struct Entry {
    std::uint32_t generation = 0;
    std::string_view user;
};

/// "3 alice@example.org"; nullopt for what to_value() does not write.
std::optional<Entry> parse_value(std::string_view value)
{
    const std::size_t space = value.find(' ');
    if (space == std::string_view::npos) {
        return std::nullopt;
    }
    const auto generation = base::parse_decimal(value.substr(0, space));
    if (!generation || *generation == 0 ||
        *generation > std::numeric_limits<std::uint32_t>::max()) {
        return std::nullopt;
    }
    return Entry{static_cast<std::uint32_t>(*generation), value.substr(space + 1)};
}

std::string to_value(const Entry& entry)
{
    return std::to_string(entry.generation) + " " + std::string{entry.user};
}

} // namespace

base::Result<spool::MailboxKey> MaildropRegistry::resolve(std::string_view mailbox,
                                                          std::string_view user, Maildrop maildrop)
{
    if (mailbox.empty() || mailbox.size() > mailbox_bytes_max || user.size() > user_bytes_max) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "a mailbox id has 1 to 255 octets, a user name at most 1024");
    }
    const std::string name = "maildrop/" + std::string{mailbox};
    const auto stored = store_->get(name);
    const auto entry = stored ? parse_value(*stored) : std::nullopt;
    if (stored && !entry) {
        return base::fail(ErrorCode::damaged, Retry::never,
                          "the stored generation of the mailbox cannot be read");
    }
    if (entry && entry->user == user && maildrop == Maildrop::same) {
        return spool::MailboxKey{std::string{mailbox}, entry->generation};
    }
    const std::uint32_t generation = entry ? entry->generation + 1 : 1;
    if (generation == 0) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "the mailbox has had 4294967295 maildrops");
    }
    if (auto stored_now = store_->put(name, to_value({generation, user})); !stored_now) {
        return base::fail(std::move(stored_now.error()).during("note the maildrop"));
    }
    os::crash_point(os::CrashPoint::collector_after_maildrop);
    return spool::MailboxKey{std::string{mailbox}, generation};
}

} // namespace watchpost::collector
