// Does a file hold a stored message (an .eml, a saved web page of MIME form)? Judged by content.
#pragma once

#include "base/bytes.h"

namespace watchpost::inspect {

/// True where the bytes begin, after a "From " line if there is one, with a header block (RFC 5322
/// §2.2) that has at least two of the fields that every message has. A name never decides: an
/// attacker chooses it.
[[nodiscard]] bool is_message_file(base::ByteView bytes);

} // namespace watchpost::inspect
