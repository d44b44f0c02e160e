// The MailboxSettings of a request on their way to the store: taken apart, checked, its secrets
// sealed. Private to the handlers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/backend.h"
#include "api/call.h"
#include "api/json.h"
#include "store/records.h"

namespace watchpost::api {

/// Whether the path names the embedded Sensor.
[[nodiscard]] bool is_this_sensor(const Call& call);

/// MailboxSettings as they came, taken apart.
struct Proposed {
    std::string settings_json; // without what is not a setting
    std::string name;
    std::map<SecretKind, std::string> secrets; // that were typed
    std::set<SecretKind> cleared;              // null came: the stored one is let go
    std::string sealed_token;                  // of a device code
    std::optional<std::uint64_t> version;
    bool is_different_maildrop = false;
    std::vector<FieldError> faults;
};

[[nodiscard]] Proposed take_apart(const Call& call, Json json);

/// The boxes to use, as the store has them: sealed anew, or the stored ones where they may be used.
/// What is missing or may not be kept is added to the faults.
[[nodiscard]] std::string choose_secrets(const Call& call, Proposed& proposed,
                                         const store::MailboxRecord* stored);

} // namespace watchpost::api
