#include "unpack/link_moniker.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "unpack/little_endian.h"
#include "unpack/names.h"
#include "unpack/remote_target.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr auto url_class = "\xE0\xC9\xEA\x79\xF9\xBA\xCE\x11\x8C\x82\x00\xAA\x00\x4B\xA9\x0B"sv;
constexpr auto file_class = "\x03\x03\0\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"sv;
constexpr std::size_t target_characters_max = 4'096;
constexpr std::size_t targets_max = 1'000; // of one stream

/// [MS-OSHARED] §2.3.7.6: length, then UTF-16 up to a zero.
std::string url_at(ByteView moniker)
{
    return wide_name_until_nul(base::slice(
        moniker, 4, std::min<std::size_t>(u32_at(moniker, 0), 2 * target_characters_max)));
}

/// §2.3.7.8: two octets, the length, then octets up to a zero.
std::string path_at(ByteView moniker)
{
    const auto path = name_until_nul(
        base::slice(moniker, 6, std::min<std::size_t>(u32_at(moniker, 2), target_characters_max)));
    return remote_target(path) == Remote::no ? std::string{} : path;
}

} // namespace

void refer_link_monikers(ByteView stream, Reference::Kind kind, Meter& meter)
{
    const auto text = base::as_text(stream);
    std::set<std::string> targets;
    const auto collect = [&](std::string_view id, std::string (*target_at)(ByteView)) {
        for (auto at = text.find(id); at != text.npos && targets.size() < targets_max;
             at = text.find(id, at + 1)) {
            auto target = target_at(base::slice(stream, at + id.size(), stream.size()));
            if (!target.empty() && targets.insert(target).second) {
                meter.refer({target, kind});
            }
        }
    };
    collect(url_class, url_at);
    collect(file_class, path_at);
}

} // namespace watchpost::unpack
