// What pdf.cc asks of one object of a PDF. Wraps qpdf; not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "unpack/meter.h"
#include "unpack/qpdf_headers.h"

namespace watchpost::unpack {

/// A stream's octets within the limits.
struct PdfContent {
    base::Bytes bytes;
    Stop stop = Stop::none;
    bool is_whole = true; // every filter could be undone
};

enum class PdfFilters : std::uint8_t { undone, kept };

[[nodiscard]] PdfContent read_pdf_stream(QPDFObjectHandle stream, PdfFilters filters, Meter& meter);

/// The name or address that a file specification gives: a text, or a dictionary of several.
/// ISO 32000-1 §7.11.3.
[[nodiscard]] std::vector<std::string> pdf_names_of(QPDFObjectHandle specification);

} // namespace watchpost::unpack
