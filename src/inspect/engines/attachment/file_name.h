// What a file name shows and what it hides.
//
// Names are UTF-8 as they came out of the message or the archive, which is to say hostile. Pure,
// thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "inspect/engines/attachment/extension_table.h"

namespace watchpost::inspect::attachment {

struct FileName {
    std::string extension; // lower case, as Windows would act on it; empty where there is none
    ExtensionKind kind = ExtensionKind::unknown;
    bool has_double_extension = false;     // active, behind the extension of a harmless file
    bool is_padded = false;                // active, behind a long run of blanks
    bool turns_direction = false;          // bidirectional override or embedding
    bool has_invisible_characters = false; // zero width, fillers, controls

    /// The last component of `name` after "/" and "\"; trailing dots and blanks do not count, as
    /// Windows drops them.
    [[nodiscard]] static FileName read(std::string_view name);
};

} // namespace watchpost::inspect::attachment
