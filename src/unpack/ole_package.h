// A file embedded in a document by the OLE packager: the stream "\1Ole10Native" of a compound file,
// or the native data of an object of class "Package" in RTF.
//
// [MS-OLEDS] §2.3.6 gives its outer length only; what the packager puts inside is read here by its
// known shape: label, name, command, data. Pure, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::unpack {

/// Views into the stream. Names are in the maker's code page, hostile.
struct OlePackage {
    std::string_view label;
    std::string_view path; // where the file lay on the maker's machine
    base::ByteView data;
};

/// `stream` begins with its length; nullopt where it is not a package (an equation, a picture …).
[[nodiscard]] std::optional<OlePackage> read_ole_package(base::ByteView stream);

/// The same without the length at its beginning, as OLE 1 objects have it.
[[nodiscard]] std::optional<OlePackage> read_bare_ole_package(base::ByteView data);

/// UTF-8, without folders: what is shown, and what Windows goes by when the two differ.
[[nodiscard]] std::string name_of(const OlePackage& package);
[[nodiscard]] std::string other_name_of(const OlePackage& package);

} // namespace watchpost::unpack
