// QR codes in the images and texts of a message.
#include <string_view>

#include "inspect/walk.h"
#include "message/charset.h"
#include "message/text_links.h"

namespace watchpost::inspect {

namespace {

constexpr std::size_t text_bytes_max = std::size_t{2} << 20U; // of what people read; more is data
constexpr std::size_t links_max = 20;                         // of one code

} // namespace

barcodes::Scan Walk::scan(const Found& found, const std::string& real_type,
                          std::optional<std::string_view> html)
{
    const bool is_image = real_type.starts_with("image/");
    const bool is_short = found.bytes.size() <= text_bytes_max;
    if (html && is_short && !is_image) {
        return scanner_.scan_html(*html, budget_.deadline);
    }
    if (real_type.starts_with("text/") && is_short) {
        const auto text = message::to_utf8(base::as_text(found.bytes), found.charset).text;
        return scanner_.scan_text(text, budget_.deadline);
    }
    return scanner_.scan_image(found.bytes, budget_.deadline);
}

void Walk::look_for_codes(const Found& found, const crypto::Sha256& digest,
                          std::optional<std::string_view> html, std::size_t depth,
                          MemberPaths& below)
{
    if (is_late(found.path) || !scanned_.insert(digest).second) {
        return;
    }
    const auto result = scan(found, real_type_of(found, digest), html);
    for (const barcodes::Code& code : result.codes) {
        walk_code(found, code, depth, below);
    }
    if (!result.gap.empty()) {
        report_.add(verdict::NotInspected{found.path, "", std::string{result.gap}, result.detail});
    }
}

void Walk::walk_code(const Found& found, const barcodes::Code& code, std::size_t depth,
                     MemberPaths& below)
{
    report_.add(model::QrCode{found.path, std::string{to_string(code.drawing)}, code.text});
    for (const auto link : message::find_text_links(code.text, links_max)) {
        report_.add(model::Link{std::string{link}, "", "qr", found.path});
    }
    constexpr std::string_view name = "qr-code.txt";
    Found payload = find_in(found, below.claim(name), name, base::as_bytes(code.text));
    payload.declared_type = "text/plain";
    walk_found(payload, depth + 1);
}

} // namespace watchpost::inspect
