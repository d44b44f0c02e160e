#include "message/address_parts.h"

#include <algorithm>
#include <array>
#include <vector>

#include "message/ascii.h"
#include "message/text_links.h"
#include "message/web_address.h"

namespace watchpost::message {

namespace {

/// An address by its components, delimiters taken off. RFC 3986 §3.
struct Components {
    std::string_view authority;
    std::string_view path;
    std::string_view query; // with its "?"
    bool has_authority = false;
};

/// `rest` is what stands behind the scheme's colon, without the fragment.
Components components_of(std::string_view rest)
{
    Components parts;
    if (rest.starts_with("//")) {
        const std::size_t end = std::min(rest.find_first_of("/?", 2), rest.size());
        parts.has_authority = true;
        parts.authority = rest.substr(2, end - 2);
        rest.remove_prefix(end);
    }
    const std::size_t mark = std::min(rest.find('?'), rest.size());
    parts.path = rest.substr(0, mark);
    parts.query = rest.substr(mark);
    return parts;
}

/// RFC 3986 §5.2.4.
std::string without_dots(std::string_view path)
{
    std::vector<std::string_view> steps;
    bool ends_in_folder = false;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at + 1), path.size());
        const std::string_view step = path.substr(at, end - at); // with its "/"
        ends_in_folder = step == "/." || step == "/..";
        if (step == "/..") {
            if (!steps.empty()) {
                steps.pop_back();
            }
        } else if (step != "/.") {
            steps.push_back(step);
        }
        at = end;
    }
    std::string result;
    for (const auto step : steps) {
        result += step;
    }
    return ends_in_folder ? result + '/' : result;
}

/// Browsers take a backslash for a slash where the scheme is one of the web's.
std::string with_slashes(std::string_view address)
{
    std::string result{address};
    const std::size_t end = std::min(result.find_first_of("?#"), result.size());
    std::replace(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(end), '\\', '/');
    return result;
}

bool is_of_web(std::string_view scheme)
{
    return scheme == "http" || scheme == "https" || scheme == "ftp";
}

bool is_below(std::string_view host, std::string_view domain)
{
    return domain.find('.') != std::string_view::npos && host.size() > domain.size() &&
           host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.';
}

std::string_view without_www(std::string_view host)
{
    return host.starts_with("www.") ? host.substr(4) : host;
}

// Ends of file names that look like hosts.
constexpr std::array<std::string_view, 22> file_ends{
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "htm", "html", "zip",
    "rar", "jpg", "jpeg", "png", "gif",  "csv", "exe",  "js",  "xml", "msg",  "eml"};

/// "bank.example" or "bank.example/path": letters, digits and hyphens with dots between, the last
/// of them letters.
bool looks_like_host(std::string_view text)
{
    const std::string_view host = text.substr(0, text.find_first_of("/?#:"));
    const std::size_t dot = host.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || host.size() > WebAddress::host_bytes_max) {
        return false;
    }
    const auto is_host_octet = [](char c) {
        return is_alnum(c) || c == '-' || c == '.' || (static_cast<unsigned char>(c) & 0x80U) != 0;
    };
    const std::string end = lower_case(host.substr(dot + 1));
    return std::all_of(host.begin(), host.end(), is_host_octet) &&
           host.find("..") == std::string_view::npos && end.size() >= 2 &&
           std::all_of(end.begin(), end.end(), is_alpha) &&
           std::find(file_ends.begin(), file_ends.end(), end) == file_ends.end();
}

} // namespace

std::string scheme_of(std::string_view address)
{
    const std::size_t colon = address.find_first_of(":/?#\\");
    if (colon == std::string_view::npos || colon == 0 || address[colon] != ':' ||
        !is_alpha(address.front())) {
        return {};
    }
    const std::string_view scheme = address.substr(0, colon);
    const bool is_scheme = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_alnum(c) || c == '+' || c == '-' || c == '.';
    });
    return is_scheme ? lower_case(scheme) : std::string{};
}

std::string resolve_address(std::string_view address, std::string_view base)
{
    const std::string base_scheme = scheme_of(base);
    if (!scheme_of(address).empty() || !is_of_web(base_scheme) || address.starts_with('#')) {
        return std::string{address};
    }
    const std::string relative = with_slashes(address);
    const std::string whole_base =
        with_slashes(base.substr(base_scheme.size() + 1, base.find('#') - base_scheme.size() - 1));
    const std::size_t fragment = std::min(relative.find('#'), relative.size());
    const auto link = components_of(std::string_view{relative}.substr(0, fragment));
    const auto around = components_of(whole_base);

    std::string path;
    std::string_view query = link.query;
    if (link.has_authority || link.path.starts_with('/')) {
        path = without_dots(link.path);
    } else if (link.path.empty()) {
        path = around.path;
        query = link.query.empty() ? around.query : link.query;
    } else {
        const std::size_t slash = around.path.rfind('/');
        const auto folder = slash == std::string_view::npos ? std::string_view{"/"}
                                                            : around.path.substr(0, slash + 1);
        path = without_dots(std::string{folder} + std::string{link.path});
    }
    return base_scheme + "://" +
           std::string{link.has_authority ? link.authority : around.authority} + path +
           std::string{query} + relative.substr(fragment);
}

std::string_view address_in(std::string_view shown)
{
    const auto links = find_text_links(shown, 1);
    if (!links.empty()) {
        return starts_ignoring_case(links.front(), "mailto:") ? std::string_view{} : links.front();
    }
    const std::string_view text = trim(shown);
    return looks_like_host(text) ? text : std::string_view{};
}

bool names_another_host(std::string_view shown, std::string_view target)
{
    if (shown.empty()) {
        return false; // most links show no address
    }
    const bool has_scheme = shown.find("://") != std::string_view::npos;
    const auto leads_to = parse_web_address(target);
    const auto named = parse_web_address((has_scheme ? "" : "//") + std::string{shown});
    if (!leads_to || !named) {
        return false;
    }
    const auto one = without_www(named->host);
    const auto other = without_www(leads_to->host);
    return one != other && !is_below(one, other) && !is_below(other, one);
}

} // namespace watchpost::message
