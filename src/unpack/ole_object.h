// An OLE 1 object as RTF stores it: a header with the class, then the program's own data.
// [MS-OLEDS] §2.2.4, §2.2.5. Pure, thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::unpack {

/// Views into the object. Texts are in the maker's code page, hostile.
struct OleObject {
    std::string_view class_name; // "Package", "Equation.3", "Word.Document.8"
    std::string_view topic;      // of a linked object: the file or address
    base::ByteView native_data;  // none of a linked object
    bool is_cut = false;         // the data end before their length
};

/// nullopt where the header does not hold.
[[nodiscard]] std::optional<OleObject> read_ole_object(base::ByteView bytes);

} // namespace watchpost::unpack
