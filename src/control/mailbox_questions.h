// What `watchpost mailbox` asks about one mailbox, answered as the API would answer. Thread-safe.
#pragma once

#include <string>

#include "api/backend.h"
#include "base/error.h"
#include "store/writer.h"

namespace watchpost::control {

/// `json` is a MailboxQuestion; the answer is that of the API's operation. A name that several
/// mailboxes have names none of them: then the id is wanted.
[[nodiscard]] base::Result<std::string>
answer_question(store::Writer& writer, api::Backend& backend, const std::string& json);

} // namespace watchpost::control
