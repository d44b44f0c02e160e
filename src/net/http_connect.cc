#include "net/http_connect.h"

#include <utility>

#include "base/base64.h"
#include "diag/quote.h"

namespace watchpost::net {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// 200 of "HTTP/1.1 200 Connection established" (RFC 9112 §4); 0 for what is none.
unsigned status_of(std::string_view line)
{
    const bool fits = line.starts_with("HTTP/1.") && line.size() >= 12 && is_digit(line[7]) &&
                      line[8] == ' ' && is_digit(line[9]) && is_digit(line[10]) &&
                      is_digit(line[11]) && (line.size() == 12 || line[12] == ' ');
    if (!fits) {
        return 0;
    }
    const auto digit = [&](std::size_t at) { return static_cast<unsigned>(line[at] - '0'); };
    return digit(9) * 100 + digit(10) * 10 + digit(11);
}

class HttpConnect final : public ProxyDialogue {
public:
    explicit HttpConnect(std::string request, std::string target)
        : request_{std::move(request)}
        , target_{std::move(target)}
    {
    }

    std::string begin() override { return request_; }

private:
    /// One header, of an interim reply (1xx) or of the final one. A content of a 2xx there is none
    /// of: what follows is the server's (RFC 9110 §9.3.6).
    Result<bool> step(std::string& /*to_send*/) override
    {
        const std::string_view seen = unread();
        constexpr std::string_view protocol = "HTTP/1.";
        const auto begin = seen.substr(0, protocol.size());
        if (!protocol.starts_with(begin)) {
            return is_no_http(seen);
        }
        const std::size_t end = end_of_header(seen);
        const std::size_t taken = end == std::string_view::npos ? seen.size() : end;
        if (taken_ + taken > proxy_header_bytes_max) {
            return base::fail(ErrorCode::limit_exceeded, Retry::later,
                              "the proxy's answer has more than " +
                                  std::to_string(proxy_header_bytes_max) + " octets of header");
        }
        if (end == std::string_view::npos) {
            return false;
        }
        const auto line = seen.substr(0, seen.find_first_of("\r\n"));
        const unsigned status = status_of(line);
        if (status == 0) {
            return is_no_http(seen);
        }
        if (status >= 300) {
            return refused(line, status);
        }
        taken_ += end;
        unread().erase(0, end);
        if (status >= 200) {
            finish();
        }
        return true;
    }

    /// Behind the empty line; a bare LF ends a line, too (RFC 9112 §2.2). npos: it has not come.
    static std::size_t end_of_header(std::string_view text)
    {
        for (std::size_t at = text.find('\n'); at != std::string_view::npos;
             at = text.find('\n', at + 1)) {
            const auto next = text.substr(at + 1);
            if (next.starts_with("\n") || next.starts_with("\r\n")) {
                return at + 1 + next.find('\n') + 1;
            }
        }
        return std::string_view::npos;
    }

    static base::Failure is_no_http(std::string_view text)
    {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "the answer \"" + diag::quote(text, 80) +
                              "\" is not HTTP; check the proxy's port, and whether it is a SOCKS "
                              "proxy (socks5://)");
    }

    [[nodiscard]] base::Failure refused(std::string_view line, unsigned status) const
    {
        std::string remedy = "have CONNECT to " + target_ + " allowed there";
        if (status == 407 || status == 401) { // tinyproxy says 401 of a wrong password
            remedy = "set the user name and password that it demands";
        } else if (status >= 500) {
            remedy = "can it resolve and reach the mail server? See its log";
        }
        return base::fail(ErrorCode::refused_by_server, Retry::later,
                          "the proxy refuses: \"" + diag::quote(line, 160) + "\"; " + remedy);
    }

    std::string request_;
    std::string target_;
    std::size_t taken_ = 0; // by interim replies
};

} // namespace

Result<std::unique_ptr<ProxyDialogue>>
make_http_connect(const ProxySettings& proxy, const ServerName& server, std::uint16_t port)
{
    if (proxy.user.find(':') != std::string::npos) { // RFC 7617 §2
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "the user name of an HTTP proxy cannot hold a colon");
    }
    const std::string target = to_host_and_port(server.text, port);
    std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (!proxy.user.empty()) {
        request += "Proxy-Authorization: Basic " +
                   base::to_base64(proxy.user + ":" + proxy.password) + "\r\n";
    }
    return std::make_unique<HttpConnect>(request + "\r\n", target);
}

} // namespace watchpost::net
