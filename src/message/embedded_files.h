// Files that stand encoded inside a text, beside what people read: uuencode, yEnc, BinHex.
//
// Mail programs show and open them as they do attachments. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "message/defect.h"
#include "message/limits.h"

namespace watchpost::message {

struct EmbeddedFile {
    std::string name;      // UTF-8; hostile
    std::size_t begin = 0; // in the text
    base::Bytes bytes;     // decoded
};

/// By what is declared or by the name: a text in which programs look for files.
[[nodiscard]] bool may_hold_files(std::string_view declared_type, std::string_view filename);

/// In the order of the text, at most limits.uu_blocks_max. `path` is that of the text in `defects`,
/// which take what is wrong with the files, and the limits that were reached.
[[nodiscard]] std::vector<EmbeddedFile>
find_embedded_files(base::ByteView text, std::string_view declared_type, const std::string& path,
                    const Limits& limits, std::vector<Defect>& defects);

} // namespace watchpost::message
