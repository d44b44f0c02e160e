// A POP3 integration as the console has it: the MailboxSettings of schema/openapi.yaml, checked and
// read.
//
// Control checks before it stores, the collector reads what was stored; both by the one table of
// integration.cc. The password is not in it. Plain values; functions are thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "collector/mailbox_settings.h"
#include "model/copy_setting.h"

namespace watchpost::collector {

struct Integration {
    std::string name; // for people
    bool is_enabled = false;
    std::chrono::seconds receive_every{60}; // from the end of a poll to the next
    FirstPoll first_poll = FirstPoll::all;
    model::CopySetting copies = model::CopySetting::automatic; // for the pipeline: nobody here
                                                               // reads a message
    MailboxSettings settings; // settings.mailbox is empty: the id is not part of the form
};

/// Every field that is wrong, by its name in the API, with a whole sentence for the console; the
/// cipher string and the CA are tried on OpenSSL. Empty: the integration can be used.
[[nodiscard]] std::vector<SettingFault> check_integration(const std::string& json);

/// The one setting of them that the pipeline needs; automatic where it is not there.
[[nodiscard]] model::CopySetting copies_of(const std::string& json);

/// invalid_argument, naming every fault, where check_integration finds one.
[[nodiscard]] base::Result<Integration> parse_integration(const std::string& json);

} // namespace watchpost::collector
