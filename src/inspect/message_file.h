// Does a file hold a stored message (an .eml, a saved web page of MIME form)? Judged by content.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace watchpost::inspect {

/// True where the bytes begin, after a "From " line if there is one, with a header block (RFC 5322
/// §2.2) that has at least two of the fields that every message has; one is enough for a file that
/// mail programs open by its name (.eml, .mht). A name never keeps a file closed: an attacker
/// chooses it.
[[nodiscard]] bool is_message_file(base::ByteView bytes, std::string_view filename);

} // namespace watchpost::inspect
