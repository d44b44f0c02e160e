// One HTTPS request a connection, for tests: sends it, reads to the end.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace watchpost::control {

struct HttpsReply {
    int status = 0; // 0: the connection ended without an answer
    std::string head;
    nlohmann::json json;
};

class HttpsClient {
public:
    explicit HttpsClient(std::uint16_t port) : port_{port} {}

    HttpsReply ask(const std::string& method, const std::string& path,
                   const std::string& body = {}) const
    {
        return parse(exchange(method + " /api/v1" + path +
                              " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: " +
                              cookie_ + "\r\nX-CSRF-Token: " + csrf_ +
                              "\r\nContent-Type: application/json\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body));
    }

    [[nodiscard]] bool sign_in(const std::string& user, const std::string& password)
    {
        const nlohmann::json body{{"user", user}, {"password", password}};
        const auto reply = ask("POST", "/session", body.dump());
        if (reply.status != 200) {
            return false;
        }
        csrf_ = reply.json["csrf_token"];
        const auto begin = reply.head.find("watchpost_session=");
        cookie_ = reply.head.substr(begin, reply.head.find(';', begin) - begin);
        return true;
    }

private:
    static HttpsReply parse(const std::string& text)
    {
        HttpsReply reply;
        const auto end = text.find("\r\n\r\n");
        if (end == std::string::npos) {
            return reply;
        }
        reply.status = std::stoi(text.substr(text.find(' ') + 1));
        reply.head = text.substr(0, end);
        reply.json = nlohmann::json::parse(text.substr(end + 4), nullptr, false);
        return reply;
    }

    std::string exchange(const std::string& request) const
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
        SSL* const tls = SSL_new(context);
        std::string answer;
        if (fd >= 0 &&
            ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
            SSL_set_fd(tls, fd) == 1 && SSL_connect(tls) == 1 &&
            SSL_write(tls, request.data(), static_cast<int>(request.size())) > 0) {
            std::array<char, 16'384> piece{};
            for (int got = 1; got > 0; answer.append(piece.data(), static_cast<std::size_t>(got))) {
                got = SSL_read(tls, piece.data(), static_cast<int>(piece.size()));
                got = got < 0 ? 0 : got;
            }
        }
        SSL_free(tls);
        SSL_CTX_free(context);
        if (fd >= 0) {
            ::close(fd);
        }
        return answer;
    }

    std::uint16_t port_;
    std::string cookie_;
    std::string csrf_;
};

} // namespace watchpost::control
