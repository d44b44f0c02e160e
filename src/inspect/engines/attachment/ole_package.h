// A file embedded in a document by the OLE packager: the stream "\1Ole10Native".
//
// [MS-OLEDS] §2.3.6 gives its outer length only; what the packager puts inside is read here by its
// known shape: label, name, command, data. Pure, thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::inspect::attachment {

/// Views into the stream. Names are in the maker's code page, hostile.
struct OlePackage {
    std::string_view label;
    std::string_view path; // where the file lay on the maker's machine
    base::ByteView data;
};

/// nullopt where the stream is not a package (an equation, a picture …).
[[nodiscard]] std::optional<OlePackage> read_ole_package(base::ByteView stream);

} // namespace watchpost::inspect::attachment
