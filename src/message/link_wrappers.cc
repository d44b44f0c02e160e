#include "message/link_wrappers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "message/address_parts.h"
#include "message/ascii.h"
#include "message/percent_encoding.h"
#include "message/wrapped_forms.h"

namespace watchpost::message {

namespace {

enum class HostRule : std::uint8_t {
    exact,
    below, // the host itself and every name below it
    google // google.com and Google's names in the countries, and every name below them
};

struct Wrapper {
    std::string_view name;
    HostRule rule;
    std::string_view host;
    std::string_view path; // what the path begins with
    WrappedForm form;
    std::string_view parameter;
};

using enum HostRule;

constexpr std::string_view safe_links = "Microsoft Safe Links";
constexpr std::string_view proofpoint_v1 = "Proofpoint URL Defense v1";
constexpr std::string_view proofpoint_v2 = "Proofpoint URL Defense v2";
constexpr std::string_view proofpoint_v3 = "Proofpoint URL Defense v3";
constexpr std::string_view barracuda = "Barracuda Link Protection";
constexpr std::string_view cisco = "Cisco Secure Email";
constexpr std::string_view google_redirect = "Google redirect";
constexpr std::string_view google_ads = "Google advertisement";
constexpr std::string_view google_amp = "Google AMP";

/// A further wrapper is a row. Every row that fits is asked.
constexpr std::array wrappers{
    Wrapper{safe_links, below, "safelinks.protection.outlook.com", "/", in_query, "url"},
    Wrapper{safe_links, below, "safelinks.protection.office365.us", "/", in_query, "url"},
    Wrapper{safe_links, below, "safelinks.protection.partner.outlook.cn", "/", in_query, "url"},
    Wrapper{safe_links, exact, "statics.teams.cdn.office.net", "/evergreen-assets/safelinks/",
            in_query, "url"},
    Wrapper{safe_links, exact, "outlook.office.com", "/mail/safelink.html", in_query, "url"},
    Wrapper{proofpoint_v1, exact, "urldefense.proofpoint.com", "/v1/", in_proofpoint_v1, "u"},
    Wrapper{proofpoint_v1, exact, "urldefense.com", "/v1/", in_proofpoint_v1, "u"},
    Wrapper{proofpoint_v1, exact, "urldefense.us", "/v1/", in_proofpoint_v1, "u"},
    Wrapper{proofpoint_v2, exact, "urldefense.proofpoint.com", "/v2/", in_proofpoint_v2, "u"},
    Wrapper{proofpoint_v2, exact, "urldefense.com", "/v2/", in_proofpoint_v2, "u"},
    Wrapper{proofpoint_v2, exact, "urldefense.us", "/v2/", in_proofpoint_v2, "u"},
    Wrapper{proofpoint_v3, exact, "urldefense.proofpoint.com", "/v3/__", in_proofpoint_v3, ""},
    Wrapper{proofpoint_v3, exact, "urldefense.com", "/v3/__", in_proofpoint_v3, ""},
    Wrapper{proofpoint_v3, exact, "urldefense.us", "/v3/__", in_proofpoint_v3, ""},
    Wrapper{barracuda, below, "linkprotect.cudasvc.com", "/url", in_query, "a"},
    Wrapper{cisco, exact, "secure-web.cisco.com", "/", behind_first_segment, ""},
    Wrapper{google_redirect, google, "", "/url", in_query, "q"},
    Wrapper{google_redirect, google, "", "/url", in_query, "url"},
    Wrapper{google_redirect, google, "", "/scholar_url", in_query, "url"},
    Wrapper{google_redirect, google, "", "/translate", in_query, "u"},
    Wrapper{google_ads, google, "", "/aclk", in_query, "adurl"},
    Wrapper{google_ads, below, "googleadservices.com", "/pagead/aclk", in_query, "adurl"},
    Wrapper{google_ads, below, "doubleclick.net", "/", in_query, "adurl"},
    Wrapper{google_ads, below, "doubleclick.net", "/ddm/", whole_query, ""},
    Wrapper{google_amp, google, "", "/amp/", in_amp_path, ""},
    Wrapper{google_amp, below, "cdn.ampproject.org", "/", in_amp_path, ""},
    Wrapper{"Trend Micro", below, "trendmicro.com", "/wis/clicktime/", in_query, "url"},
    Wrapper{"Sophos Email", below, "protection.sophos.com", "/", in_base64_query, "u"},
    Wrapper{"Check Point", exact, "protect.checkpoint.com", "/v2/", between_underscores, ""},
    Wrapper{"Check Point", exact, "url.avanan.click", "/v2/", between_underscores, ""},
    Wrapper{"Symantec Click-time", exact, "clicktime.symantec.com", "/", in_query, "u"},
    Wrapper{"FireEye", exact, "protect2.fireeye.com", "/", in_query, "u"},
    Wrapper{"FireEye", exact, "protect.fireeye.com", "/", in_query, "u"},
    Wrapper{"Bing redirect", below, "bing.com", "/ck/a", in_base64_query, "u"},
    Wrapper{"DuckDuckGo redirect", exact, "duckduckgo.com", "/l/", in_query, "uddg"},
    Wrapper{"Facebook redirect", exact, "l.facebook.com", "/l.php", in_query, "u"},
    Wrapper{"Facebook redirect", exact, "lm.facebook.com", "/l.php", in_query, "u"},
    Wrapper{"Instagram redirect", exact, "l.instagram.com", "/", in_query, "u"},
    Wrapper{"LinkedIn redirect", exact, "www.linkedin.com", "/redir/", in_query, "url"},
    Wrapper{"Slack redirect", exact, "slack-redir.net", "/link", in_query, "url"},
    Wrapper{"YouTube redirect", exact, "www.youtube.com", "/redirect", in_query, "q"},
};

bool is_at_or_below(std::string_view host, std::string_view top)
{
    return host == top || (host.ends_with(top) && host[host.size() - top.size() - 1] == '.');
}

/// google.com, google.de, google.co.uk, google.com.br: a country has two letters.
bool is_google(std::string_view host)
{
    constexpr std::string_view google_label = "google.";
    auto at = host.rfind(google_label);
    if (at == std::string_view::npos || (at > 0 && host[at - 1] != '.')) {
        return false;
    }
    std::string_view top = host.substr(at + google_label.size());
    if (top == "com") {
        return true;
    }
    for (const std::string_view second : {"com.", "co."}) {
        if (top.starts_with(second)) {
            top.remove_prefix(second.size());
            break;
        }
    }
    return top.size() == 2 && is_alpha(top[0]) && is_alpha(top[1]);
}

bool is_of(const Wrapper& wrapper, const WebAddress& address)
{
    if (!address.path.starts_with(wrapper.path)) {
        return false;
    }
    switch (wrapper.rule) {
    case exact:
        return address.host == wrapper.host;
    case below:
        return is_at_or_below(address.host, wrapper.host);
    case google:
        return is_google(address.host);
    }
    return false;
}

/// With a scheme, or what mail programs take for an address without one.
bool begins_as_url(std::string_view text)
{
    return starts_ignoring_case(text, "www.") || text.starts_with("//") || !scheme_of(text).empty();
}

/// What was carried, as an address; where it was encoded more than once, decoded until it is one.
std::optional<std::string> to_target(std::string carried)
{
    constexpr int further_decodings_max = 2;
    carried = without_ignored(carried);
    for (int i = 0; i < further_decodings_max && !begins_as_url(carried); ++i) {
        carried = without_ignored(percent_decode(carried));
    }
    return begins_as_url(carried) ? std::optional{to_url_text(carried)} : std::nullopt;
}

/// All rows of the wrapper are asked: a link that names two targets leads to one or the other.
std::vector<UnwrappingStep> targets_of(std::string_view url)
{
    std::vector<UnwrappingStep> targets;
    const auto address = parse_web_address(url);
    if (!address) {
        return targets;
    }
    for (const Wrapper& wrapper : wrappers) {
        if (!is_of(wrapper, *address)) {
            continue;
        }
        for (auto& carried : wrapper.form(*address, wrapper.parameter)) {
            if (auto target = to_target(std::move(carried))) {
                targets.push_back({wrapper.name, std::move(*target)});
            }
        }
    }
    return targets;
}

} // namespace

UnwrappedLink unwrap_link(std::string_view url)
{
    UnwrappedLink link;
    auto targets = targets_of(url);
    for (std::size_t done = 0;; ++done) {
        for (UnwrappingStep& target : targets) {
            const bool is_known =
                target.url == url ||
                std::ranges::find(link.steps, target.url, &UnwrappingStep::url) != link.steps.end();
            if (is_known) {
                continue;
            }
            if (link.steps.size() >= UnwrappedLink::steps_max) {
                link.was_cut = true;
                return link;
            }
            link.steps.push_back(std::move(target));
        }
        if (done >= link.steps.size()) {
            return link;
        }
        targets = targets_of(link.steps[done].url);
    }
}

std::vector<std::string_view> wrapper_names()
{
    std::vector<std::string_view> names;
    for (const Wrapper& wrapper : wrappers) {
        if (std::ranges::find(names, wrapper.name) == names.end()) {
            names.push_back(wrapper.name);
        }
    }
    return names;
}

} // namespace watchpost::message
