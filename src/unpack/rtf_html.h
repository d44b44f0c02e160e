// The HTML that an RTF text was made from and still holds: the body that Outlook shows of a message
// whose HTML travels as RTF. [MS-OXRTFEX]. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace watchpost::unpack {

/// Octets of the code page that the RTF names, other characters as references ("&#8364;"). At most
/// three times as long as the RTF. nullopt where the RTF does not say that it holds HTML.
[[nodiscard]] std::optional<std::string> read_rtf_html(base::ByteView rtf);

} // namespace watchpost::unpack
