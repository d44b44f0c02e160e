#include "message/wrapped_forms.h"

#include <algorithm>

#include "message/base64.h"
#include "message/percent_encoding.h"

namespace watchpost::message {

namespace {

std::string decode_url_base64(std::string_view text)
{
    std::string usual{text};
    std::ranges::replace(usual, '-', '+');
    std::ranges::replace(usual, '_', '/');
    const auto decoded = decode_base64(usual);
    return std::string{base::as_text(decoded.bytes)};
}

/// The few that stand in an address that was taken out of HTML.
std::string without_references(std::string_view text)
{
    struct Reference {
        std::string_view name;
        char character;
    };
    std::string plain;
    while (!text.empty()) {
        char next = text.front();
        std::size_t length = 1;
        for (const auto& [name, character] :
             {Reference{"&amp;", '&'}, Reference{"&lt;", '<'}, Reference{"&gt;", '>'},
              Reference{"&quot;", '"'}, Reference{"&#39;", '\''}, Reference{"&#x27;", '\''}}) {
            if (text.starts_with(name)) {
                next = character;
                length = name.size();
            }
        }
        plain += next;
        text.remove_prefix(length);
    }
    return plain;
}

/// The characters of UTF-8 that stand for the stars, taken one after the other.
class Replacements {
public:
    explicit Replacements(std::string octets) : octets_{std::move(octets)} {}

    /// The next `count` characters, fewer where no more are left.
    std::string_view take(std::size_t count)
    {
        const std::size_t begin = at_;
        while (count > 0 && at_ < octets_.size()) {
            ++at_;
            while (at_ < octets_.size() &&
                   (static_cast<unsigned char>(octets_[at_]) & 0xc0U) == 0x80U) {
                ++at_;
            }
            --count;
        }
        return std::string_view{octets_}.substr(begin, at_ - begin);
    }

private:
    std::string octets_;
    std::size_t at_ = 0;
};

constexpr std::string_view run_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string with_replacements(std::string_view url, Replacements replacements)
{
    std::string whole;
    for (std::size_t at = 0; at < url.size(); ++at) {
        if (url[at] != '*') {
            whole += url[at];
            continue;
        }
        const bool may_be_run = url.size() - at > 2 && url[at + 1] == '*';
        const auto letter = may_be_run ? run_letters.find(url[at + 2]) : std::string_view::npos;
        const bool is_run = letter != std::string_view::npos;
        whole += replacements.take(is_run ? letter + 2 : 1);
        at += is_run ? 2 : 0;
    }
    return whole;
}

/// "https:/host" of a program that took two slashes for one on the way.
std::string with_both_slashes(std::string url)
{
    const auto colon = url.find(":/");
    const bool has_one = colon < 8 && url.size() > colon + 2 && url[colon + 2] != '/';
    if (has_one) {
        url.insert(colon + 1, "/");
    }
    return url;
}

} // namespace

std::vector<std::string> in_query(const WebAddress& wrapper, std::string_view parameter)
{
    return query_values(wrapper.query, parameter);
}

std::vector<std::string> in_base64_query(const WebAddress& wrapper, std::string_view parameter)
{
    std::vector<std::string> urls;
    for (const auto raw : raw_query_values(wrapper.query, parameter)) {
        const std::string value = percent_decode(raw);
        urls.push_back(decode_url_base64(value));
        if (value.starts_with("a1")) {
            urls.push_back(decode_url_base64(std::string_view{value}.substr(2)));
        }
    }
    return urls;
}

std::vector<std::string> whole_query(const WebAddress& wrapper, std::string_view /*parameter*/)
{
    return {wrapper.query};
}

std::vector<std::string> behind_first_segment(const WebAddress& wrapper,
                                              std::string_view /*parameter*/)
{
    const std::string target = wrapper.target();
    const auto slash = target.find('/', 1);
    if (slash == std::string::npos) {
        return {};
    }
    return {with_both_slashes(percent_decode(std::string_view{target}.substr(slash + 1)))};
}

std::vector<std::string> in_amp_path(const WebAddress& wrapper, std::string_view /*parameter*/)
{
    const std::string target = wrapper.target();
    const auto slash = target.find('/', 1);
    if (slash == std::string::npos) {
        return {};
    }
    std::string_view rest = std::string_view{target}.substr(slash + 1);
    const bool is_https = rest.starts_with("s/");
    if (is_https) {
        rest.remove_prefix(2);
    }
    if (rest.find('.') == std::string_view::npos) {
        return {}; // no host
    }
    return {(is_https ? "https://" : "http://") + std::string{rest}};
}

std::vector<std::string> between_underscores(const WebAddress& wrapper,
                                             std::string_view /*parameter*/)
{
    constexpr std::string_view mark = "___";
    const std::string target = wrapper.target();
    const auto begin = target.find(mark);
    if (begin == std::string::npos) {
        return {};
    }
    const std::string_view rest = std::string_view{target}.substr(begin + mark.size());
    return {with_both_slashes(percent_decode(rest.substr(0, rest.rfind(mark))))};
}

std::vector<std::string> in_proofpoint_v1(const WebAddress& wrapper, std::string_view parameter)
{
    std::vector<std::string> urls;
    for (const auto raw : raw_query_values(wrapper.query, parameter)) {
        urls.push_back(without_references(percent_decode(raw)));
    }
    return urls;
}

std::vector<std::string> in_proofpoint_v2(const WebAddress& wrapper, std::string_view parameter)
{
    std::vector<std::string> urls;
    for (const auto raw : raw_query_values(wrapper.query, parameter)) {
        std::string encoded{raw};
        std::ranges::replace(encoded, '-', '%');
        std::ranges::replace(encoded, '_', '/');
        urls.push_back(without_references(percent_decode(encoded)));
    }
    return urls;
}

std::vector<std::string> in_proofpoint_v3(const WebAddress& wrapper, std::string_view /*parameter*/)
{
    constexpr std::string_view start = "/v3/__";
    constexpr std::string_view middle = "__;";
    const std::string target = wrapper.target();
    const auto end = target.find(middle, start.size());
    if (end == std::string::npos) {
        return {};
    }
    const auto url = std::string_view{target}.substr(start.size(), end - start.size());
    const auto tail = std::string_view{target}.substr(end + middle.size());
    Replacements replacements{decode_url_base64(tail.substr(0, tail.find('!')))};
    return {with_replacements(percent_decode(with_both_slashes(std::string{url})),
                              std::move(replacements))};
}

} // namespace watchpost::message
