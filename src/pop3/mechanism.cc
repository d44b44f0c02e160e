#include "pop3/mechanism.h"

#include <algorithm>

namespace watchpost::pop3 {

namespace {

struct Row {
    Mechanism mechanism;
    std::string_view name;
    std::string_view word;
};

constexpr std::array<Row, all_mechanisms.size()> rows{
    {{Mechanism::user_pass, "USER", "user-pass"},
     {Mechanism::apop, "APOP", "apop"},
     {Mechanism::plain, "PLAIN", "plain"},
     {Mechanism::login, "LOGIN", "login"},
     {Mechanism::cram_md5, "CRAM-MD5", "cram-md5"},
     {Mechanism::scram_sha_1, "SCRAM-SHA-1", "scram-sha-1"},
     {Mechanism::scram_sha_1_plus, "SCRAM-SHA-1-PLUS", "scram-sha-1-plus"},
     {Mechanism::scram_sha_256, "SCRAM-SHA-256", "scram-sha-256"},
     {Mechanism::scram_sha_256_plus, "SCRAM-SHA-256-PLUS", "scram-sha-256-plus"},
     {Mechanism::xoauth2, "XOAUTH2", "xoauth2"},
     {Mechanism::oauthbearer, "OAUTHBEARER", "oauthbearer"},
     {Mechanism::external, "EXTERNAL", "external"}}};

const Row& row_of(Mechanism mechanism) noexcept
{
    return *std::ranges::find(rows, mechanism, &Row::mechanism);
}

} // namespace

std::string_view name_of(Mechanism mechanism) noexcept
{
    return row_of(mechanism).name;
}

std::string_view to_string(Mechanism mechanism) noexcept
{
    return row_of(mechanism).word;
}

std::optional<Mechanism> parse_mechanism(std::string_view text) noexcept
{
    const auto* const found = std::ranges::find(rows, text, &Row::word);
    return found == rows.end() ? std::nullopt : std::optional{found->mechanism};
}

bool is_bound(Mechanism mechanism) noexcept
{
    return mechanism == Mechanism::scram_sha_1_plus || mechanism == Mechanism::scram_sha_256_plus;
}

bool is_proof(Mechanism mechanism) noexcept
{
    switch (mechanism) {
    case Mechanism::apop:
    case Mechanism::cram_md5:
    case Mechanism::scram_sha_1:
    case Mechanism::scram_sha_1_plus:
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_256_plus:
        return true;
    case Mechanism::user_pass:
    case Mechanism::plain:
    case Mechanism::login:
    case Mechanism::xoauth2:
    case Mechanism::oauthbearer:
    case Mechanism::external:
        return false;
    }
    return false;
}

bool takes_token(Mechanism mechanism) noexcept
{
    return mechanism == Mechanism::xoauth2 || mechanism == Mechanism::oauthbearer;
}

} // namespace watchpost::pop3
