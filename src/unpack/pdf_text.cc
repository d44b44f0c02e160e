#include "unpack/pdf_text.h"

#include <algorithm>

namespace watchpost::unpack {
namespace {

/// The last value of this key in the text of the file, as it stands, up to `end`; empty where there
/// is none.
std::string last_entry(std::string_view pdf, std::string_view key, std::string_view end)
{
    constexpr std::size_t entry_bytes_max = 512;
    const auto at = pdf.rfind(key);
    const auto entry = at == pdf.npos ? std::string_view{} : pdf.substr(at, entry_bytes_max);
    const auto behind = entry.find(end, key.size());
    return behind == entry.npos ? std::string{} : std::string{entry.substr(0, behind + 1)} + ' ';
}

} // namespace

std::string with_pdf_trailer(base::ByteView bytes)
{
    const auto text = base::as_text(bytes);
    auto root = last_entry(text, "/Root", "R");
    return std::string{text} + "\ntrailer\n<<" + (root.size() > 7 ? root : "/Root 1 0 R ") +
           last_entry(text, "/Encrypt ", "R") + last_entry(text, "/ID", "]") +
           ">>\nstartxref\n0\n%%EOF\n";
}

std::vector<std::string_view> pdf_object_texts(std::string_view content, std::size_t first)
{
    std::vector<std::size_t> offsets;
    std::size_t numbers = 0;
    for (std::size_t at = 0; at < std::min(first, content.size());) {
        const auto end = std::min(content.find_first_not_of("0123456789", at), content.size());
        if (end > at && ++numbers % 2 == 0) {
            const auto offset = base::parse_decimal(content.substr(at, end - at));
            offsets.push_back(offset.value_or(content.size()));
        }
        at = std::max(end, at + 1);
    }
    std::vector<std::string_view> objects;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const auto left = content.size() - std::min(first, content.size());
        const auto begin = std::min(offsets[i], left);
        const auto end = i + 1 < offsets.size() ? std::min(offsets[i + 1], left) : left;
        objects.push_back(
            content.substr(content.size() - left + begin, end - std::min(begin, end)));
    }
    return objects;
}

} // namespace watchpost::unpack
