#include "http/https_url.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/bytes.h"
#include "net/server_name.h"

namespace watchpost::http {

namespace {

base::Failure invalid(std::string sentence)
{
    return base::fail(base::ErrorCode::invalid_argument, base::Retry::never, std::move(sentence));
}

} // namespace

base::Result<HttpsUrl> parse_https_url(std::string_view text)
{
    if (text.size() > HttpsUrl::bytes_max) {
        return invalid("An address of at most 2,000 characters is needed.");
    }
    const auto parsed = boost::urls::parse_uri(boost::core::string_view{text.data(), text.size()});
    if (!parsed || !parsed->has_authority()) {
        return invalid("An address like https://login.example.org/oauth2/token is needed.");
    }
    if (parsed->scheme_id() != boost::urls::scheme::https) {
        return invalid("The address has to begin with https:// since secrets are sent there.");
    }
    if (parsed->has_userinfo() || parsed->has_fragment()) {
        return invalid("The address holds neither a user name nor a \"#\".");
    }
    HttpsUrl url;
    url.host = parsed->host_address();
    if (const auto name = net::parse_server_name(url.host); !name) {
        return invalid("The address names no usable host: " + name.error().message() + ".");
    }
    if (parsed->has_port()) {
        const auto port = base::parse_decimal(std::string{parsed->port()}); // Boost's number wraps
        if (!port || *port == 0 || *port > 65'535) {
            return invalid("The port of the address is from 1 to 65535.");
        }
        url.port = static_cast<std::uint16_t>(*port);
    }
    const std::string path{parsed->encoded_path()};
    url.target = path.empty() ? "/" : path;
    if (parsed->has_query()) {
        url.target += "?" + std::string{parsed->encoded_query()};
    }
    return url;
}

} // namespace watchpost::http
