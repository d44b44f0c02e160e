// One object of a message as a person is to see it: as it is, or as a preview. Made inside the
// sandbox (object_viewer.h); the codec carries it over the border.
//
// What comes back is hostile: the decoder is strict and bounded. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/sha256.h"

namespace watchpost::inspect {

enum class ViewForm : std::uint8_t {
    whole,  // its octets, for a download
    text,   // decoded to UTF-8
    octets, // the first of them
    image   // decoded, made small and encoded anew as a PNG
};

/// "whole", "text", "octets", "image".
[[nodiscard]] std::string_view to_string(ViewForm form) noexcept;
[[nodiscard]] std::optional<ViewForm> parse_view_form(std::string_view text) noexcept;

/// Which object, as the report has it, and how it is to be shown.
struct ObjectWish {
    std::string path;
    std::string reading;
    crypto::Sha256 sha256{};
    ViewForm form = ViewForm::text;

    friend bool operator==(const ObjectWish&, const ObjectWish&) = default;
};

struct ObjectView {
    ViewForm form = ViewForm::text;
    std::string real_type;   // by content
    std::string charset;     // of a text, as declared; empty where nothing is
    std::uint64_t size = 0;  // of the object
    std::string sha1;        // hexadecimal, as md5: for look-ups elsewhere; empty where this
    std::string md5;         // machine's OpenSSL does not have it
    std::uint32_t width = 0; // of an image as it is drawn in content
    std::uint32_t height = 0;
    bool was_cut = false; // content is not all of the object
    std::string fault;    // why there is no content: a sentence; empty where there is
    base::Bytes content;  // octets, UTF-8 or a PNG

    friend bool operator==(const ObjectView&, const ObjectView&) = default;
};

inline constexpr std::uint64_t object_bytes_max = std::uint64_t{64} << 20U; // of a download
inline constexpr std::size_t view_text_bytes_max = std::size_t{256} << 10U; // of input
inline constexpr std::size_t view_octets_max = std::size_t{64} << 10U;
inline constexpr std::size_t view_image_side_max = 1'024; // pixels

/// The most that an encoded one may have.
[[nodiscard]] std::uint64_t encoded_view_bytes_max() noexcept;

[[nodiscard]] base::Bytes encode_view(const ObjectView& view);
/// protocol_violation where it is none, or not of that form.
[[nodiscard]] base::Result<ObjectView> decode_view(base::ByteView bytes, ViewForm form);

[[nodiscard]] base::Bytes encode_wish(const ObjectWish& wish);
[[nodiscard]] base::Result<ObjectWish> decode_wish(base::ByteView bytes);

} // namespace watchpost::inspect
