// PDF files for tests: objects as they are given, with tables that fit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::unpack::test {

/// Object 1 is the catalog; `objects` are 1, 2, 3 …, without "obj" and "endobj".
[[nodiscard]] std::string make_pdf(const std::vector<std::string>& objects);

/// A stream object with its length; `entries` go into its dictionary.
[[nodiscard]] std::string pdf_stream(std::string_view entries, std::string_view content);

/// The same file as qpdf writes it, with its objects packed into object streams.
[[nodiscard]] std::string pack_pdf(const std::string& pdf);

enum class PdfCipher : std::uint8_t { rc4_40, rc4_128, aes_256 };

/// The same file, to be opened with this password (empty: by everybody).
[[nodiscard]] std::string encrypt_pdf(const std::string& pdf, PdfCipher cipher,
                                      const std::string& password);

/// An embedded file with two names, scripts, actions, a form in XML, a picture.
[[nodiscard]] std::string make_sample_pdf();

} // namespace watchpost::unpack::test
