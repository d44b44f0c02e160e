#include "collector/server_advice.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace watchpost::collector {

namespace {

enum class Provider : std::uint8_t { unknown, gmail, microsoft };

Provider provider_of(const LinkReport& link)
{
    if (link.greeting.find("Gpop ready") != std::string::npos) {
        return Provider::gmail;
    }
    return link.greeting.find("Microsoft Exchange") != std::string::npos ? Provider::microsoft
                                                                         : Provider::unknown;
}

} // namespace

std::vector<std::string> advice_for(const LinkReport& link, const MailboxSettings& settings)
{
    constexpr std::string_view junk =
        "what the provider files as junk cannot be seen over POP3: switch junk filing off for this "
        "mailbox";
    switch (provider_of(link)) {
    case Provider::unknown:
        return {};
    case Provider::microsoft:
        return {std::string{junk}};
    case Provider::gmail:
        break;
    }
    std::vector<std::string> advice{std::string{junk}};
    if (!settings.user.starts_with("recent:")) {
        advice.emplace_back("Gmail hides a message from later sessions once any client has fetched "
                            "it: with the user name \"recent:" +
                            settings.user + "\" those of the last 30 days stay visible");
    }
    return advice;
}

} // namespace watchpost::collector
