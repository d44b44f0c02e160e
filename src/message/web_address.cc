#include "message/web_address.h"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "message/ascii.h"
#include "message/charset.h"
#include "message/percent_encoding.h"

namespace watchpost::message {

namespace {

struct CloseIdna {
    void operator()(UIDNA* idna) const noexcept { uidna_close(idna); }
};

/// Non-transitional, as browsers map names today. Null where ICU has no data.
const UIDNA* shared_idna()
{
    static const std::unique_ptr<UIDNA, CloseIdna> idna = [] {
        UErrorCode error = U_ZERO_ERROR;
        std::unique_ptr<UIDNA, CloseIdna> made{
            uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_NONTRANSITIONAL_TO_ASCII, &error)};
        return U_FAILURE(error) != 0 ? nullptr : std::move(made);
    }();
    return idna.get();
}

/// Full-width letters and the dots of other scripts become those of ASCII, all else "xn--…".
std::optional<std::string> to_ascii_name(std::string_view name)
{
    const UIDNA* const idna = shared_idna();
    if (idna == nullptr || !is_valid_utf8(name)) {
        return std::nullopt;
    }
    std::array<char, 2 * WebAddress::host_bytes_max> ascii{};
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    const auto length = uidna_nameToASCII_UTF8(
        idna, name.data(), static_cast<std::int32_t>(name.size()), ascii.data(),
        static_cast<std::int32_t>(ascii.size()), &info, &error);
    if (U_FAILURE(error) != 0 || info.errors != 0) {
        return std::nullopt;
    }
    return std::string{ascii.data(), static_cast<std::size_t>(length)};
}

bool is_host_character(char c)
{
    return is_alnum(c) || c == '-' || c == '.' || c == '_';
}

std::optional<std::string> parse_host(std::string_view written)
{
    if (written.size() > WebAddress::host_bytes_max) {
        return std::nullopt;
    }
    std::optional<std::string> host = percent_decode(written);
    if (has_eight_bit(*host)) {
        host = to_ascii_name(*host);
    }
    if (!host) {
        return std::nullopt;
    }
    *host = lower_case(*host);
    if (host->ends_with('.')) {
        host->pop_back();
    }
    const bool is_name = !host->empty() && std::ranges::all_of(*host, is_host_character);
    return is_name ? host : std::nullopt;
}

/// Without user name, password and port.
std::string_view host_in(std::string_view authority)
{
    const auto at = authority.rfind('@');
    if (at != std::string_view::npos) {
        authority.remove_prefix(at + 1);
    }
    return authority.substr(0, authority.find(':'));
}

bool is_dots(std::string_view segment, std::string_view dots)
{
    return segment.size() <= 3 * dots.size() && percent_decode(segment) == dots;
}

/// RFC 3986 §5.2.4, with "%2e" for a dot as browsers have it; `path` begins with a slash.
std::string resolve_dots(std::string_view path)
{
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        const auto segment = path.substr(0, end);
        path.remove_prefix(end);
        const bool is_up = is_dots(segment, "..");
        if (is_up && !segments.empty()) {
            segments.pop_back();
        }
        const bool is_name = !is_up && !is_dots(segment, ".");
        if (is_name || path.empty()) {
            segments.push_back(is_name ? segment : std::string_view{});
        }
    }
    std::string resolved;
    for (const auto segment : segments) {
        resolved += '/';
        resolved += segment;
    }
    return resolved;
}

bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/// What stands behind "http:" or "https:", or may be read so; nullopt for any other scheme.
std::optional<std::string_view> behind_scheme(std::string_view url)
{
    for (const std::string_view scheme : {"http:", "https:"}) {
        if (starts_ignoring_case(url, scheme)) {
            return url.substr(scheme.size());
        }
    }
    const bool has_no_scheme = starts_ignoring_case(url, "www.") ||
                               (url.size() > 2 && is_slash(url[0]) && is_slash(url[1]));
    return has_no_scheme ? std::optional{url} : std::nullopt;
}

} // namespace

std::string without_ignored(std::string_view url)
{
    const auto is_outer = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    while (!url.empty() && is_outer(url.back())) {
        url.remove_suffix(1);
    }
    while (!url.empty() && is_outer(url.front())) {
        url.remove_prefix(1);
    }
    std::string kept{url};
    std::erase_if(kept, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
    return kept;
}

std::optional<WebAddress> parse_web_address(std::string_view url)
{
    const std::string kept = without_ignored(url);
    auto rest = behind_scheme(kept);
    if (!rest) {
        return std::nullopt;
    }
    while (!rest->empty() && is_slash(rest->front())) {
        rest->remove_prefix(1);
    }
    const auto without_fragment = rest->substr(0, rest->find('#'));
    const auto authority_end =
        std::min(without_fragment.find_first_of("/\\?"), without_fragment.size());
    auto host = parse_host(host_in(without_fragment.substr(0, authority_end)));
    if (!host) {
        return std::nullopt;
    }
    const auto behind = without_fragment.substr(authority_end);
    const auto question = std::min(behind.find('?'), behind.size());
    std::string path{behind.substr(0, question)};
    std::ranges::replace(path, '\\', '/');
    WebAddress address;
    address.host = std::move(*host);
    address.path = path.empty() ? "/" : resolve_dots(path);
    address.query = behind.substr(std::min(question + 1, behind.size()));
    return address;
}

} // namespace watchpost::message
