// The options that `watchpost collect` and `watchpost check pop3` share, parsed and validated.
#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "base/error.h"
#include "collector/limits.h"
#include "collector/mailbox_settings.h"
#include "collector/maildrop_registry.h"
#include "collector/poll.h"
#include "collector/token_source.h"
#include "pop3/credentials.h"
#include "spool/spool.h"

namespace watchpost::app {

struct Pop3Options {
    collector::MailboxSettings settings;
    pop3::Credentials credentials;
    collector::SessionLimits limits = {};
    collector::Maildrop maildrop = collector::Maildrop::same;
    collector::RefusedLogins refused_logins = collector::RefusedLogins::remember;
    std::filesystem::path spool = {}; // empty for `check`
    spool::SpoolOptions spool_options = {};
    bool is_json = false;
    std::optional<collector::TokenRequest> token = {}; // where the log-in takes one that is fetched
    std::string refresh_token_file = {};
};

struct HelpText {
    std::string text;
};

enum class Pop3Command : std::uint8_t { collect, check };

/// Everything that can be checked without the server: an error is invalid_argument, or tells why
/// the password file cannot be read.
[[nodiscard]] base::Result<std::variant<Pop3Options, HelpText>>
parse_pop3_options(Pop3Command command, int argument_count, char** arguments);

} // namespace watchpost::app
