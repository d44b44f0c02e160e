// CMS structures for tests, as mail programs write them. Made by libcrypto under a key of the
// moment.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::unpack::test {

enum class CmsForm : std::uint8_t {
    signed_der,
    signed_ber,      // of indefinite length and in pieces, as programs that stream write it
    signed_detached, // smime.p7s
    enveloped
};

[[nodiscard]] std::string make_cms(CmsForm form, std::string_view content);

} // namespace watchpost::unpack::test
