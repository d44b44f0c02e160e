// What we read of a PDF's text ourselves, where qpdf does not. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace watchpost::unpack {

/// The file with a trailer at its end. Without a table and its trailer, qpdf gives up; readers do
/// not. The entries of the trailer also stand in the dictionary of a table that is a stream.
[[nodiscard]] std::string with_pdf_trailer(base::ByteView bytes);

/// The objects packed into the content of an object stream, views into it. `first` is where the
/// first one begins; before it stand pairs of a number and an offset. ISO 32000-1 §7.5.7.
[[nodiscard]] std::vector<std::string_view> pdf_object_texts(std::string_view content,
                                                             std::size_t first);

} // namespace watchpost::unpack
