#include "http/server.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include <gtest/gtest.h>

#include "http/event_stream.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost::http {
namespace {

struct Certificate {
    Certificate()
    {
        const auto made =
            test::run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                               "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                               "/CN=localhost", "-keyout", key_file(), "-out", certificate_file()});
        EXPECT_EQ(made.exit_code, 0) << made.err;
    }
    [[nodiscard]] std::string key_file() const { return (folder / "key.pem").string(); }
    [[nodiscard]] std::string certificate_file() const { return (folder / "cert.pem").string(); }
    test::TempDir folder;
};

/// A client that is as dumb as can be: sends octets over TLS or in clear, reads to the end.
class Client {
public:
    explicit Client(std::uint16_t port) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    ~Client()
    {
        SSL_free(ssl_);
        SSL_CTX_free(context_);
        ::close(fd_);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void handshake()
    {
        SSL_set_fd(ssl_, fd_);
        ASSERT_EQ(SSL_connect(ssl_), 1);
    }
    void send(std::string_view text)
    {
        SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
    }
    std::string read_some()
    {
        std::string text(65536, '\0');
        const int count = SSL_read(ssl_, text.data(), static_cast<int>(text.size()));
        text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        return text;
    }
    std::string read_to_end()
    {
        std::string all;
        for (std::string piece = read_some(); !piece.empty(); piece = read_some()) {
            all += piece;
        }
        return all;
    }
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_;
    SSL_CTX* context_ = SSL_CTX_new(TLS_client_method());
    SSL* ssl_ = SSL_new(context_);
};

class HttpServerTest : public testing::Test {
protected:
    void start(Handler handler)
    {
        ServerSettings settings;
        settings.port = 0;
        settings.body_bytes_max = 1'000;
        settings.header_bytes_max = 2'000;
        settings.certificate_pem = test::read_file(certificate.certificate_file());
        settings.key_pem = test::read_file(certificate.key_file());
        server = std::move(Server::make(settings, std::move(handler)).value());
        loop = std::thread{[this] { server->run(); }};
    }
    void TearDown() override
    {
        if (server) {
            server->stop();
            loop.join();
        }
    }
    std::string exchange(std::string_view request)
    {
        Client client{server->port()};
        client.handshake();
        client.send(request);
        return client.read_to_end();
    }

    Certificate certificate;
    std::unique_ptr<Server> server;
    std::thread loop;
};

Response text(std::string body)
{
    return Response{200, {{"content-type", "text/plain"}}, std::move(body), nullptr};
}

TEST_F(HttpServerTest, AHandlerSeesTheRequestAndItsAnswerArrives)
{
    start([](const Request& request, Responder responder) {
        responder.send(text(request.method + " " + request.path + " " + request.body + " " +
                            std::string{request.query_value("a").value_or("")}));
    });
    const auto answer = exchange("POST /x?a=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                                 "Content-Length: 4\r\n\r\nbody");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nPOST /x body 1")) << answer;
}

TEST_F(HttpServerTest, TheAnswerMayComeFromAnotherThread)
{
    std::thread worker;
    start([&](const Request&, Responder responder) {
        worker =
            std::thread{[moved = std::move(responder)]() mutable { moved.send(text("late")); }};
    });
    EXPECT_TRUE(
        exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").ends_with("late"));
    worker.join();
}

TEST_F(HttpServerTest, AForgottenResponderAnswers500)
{
    start([](const Request&, const Responder&) {});
    EXPECT_TRUE(exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                    .starts_with("HTTP/1.1 500 "));
}

TEST_F(HttpServerTest, AConnectionServesSeveralRequests)
{
    start([](const Request& request, Responder responder) { responder.send(text(request.path)); });
    const auto answers = exchange("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
                                  "GET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_NE(answers.find("/1"), std::string::npos);
    EXPECT_TRUE(answers.ends_with("/2"));
}

TEST_F(HttpServerTest, TooLargeRequestsAreRefusedByStatus)
{
    start([](const Request&, Responder responder) { responder.send(text("ok")); });
    EXPECT_TRUE(exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n")
                    .starts_with("HTTP/1.1 413 "));
    EXPECT_TRUE(exchange("GET / HTTP/1.1\r\nA: " + std::string(3'000, 'a') + "\r\n\r\n")
                    .starts_with("HTTP/1.1 431 "));
}

TEST_F(HttpServerTest, WhatIsNoRequestIsRefused)
{
    start([](const Request&, Responder responder) { responder.send(text("ok")); });
    EXPECT_TRUE(exchange("nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
    EXPECT_TRUE(exchange("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n").starts_with("HTTP/1.1 400 "));
}

TEST_F(HttpServerTest, EventsArriveWhileTheyArePublished)
{
    const auto events = std::make_shared<EventStream>();
    start([&](const Request&, Responder responder) {
        Response response = text("");
        response.events = events;
        responder.send(std::move(response));
    });
    Client client{server->port()};
    client.handshake();
    client.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto head = client.read_some();
    EXPECT_NE(head.find("text/event-stream"), std::string::npos) << head;
    events->publish("alert", "1");
    EXPECT_EQ(client.read_some(), to_wire("alert", "1"));
    events->publish("alert", "2");
    events->close();
    EXPECT_EQ(client.read_to_end(), to_wire("alert", "2"));
}

TEST_F(HttpServerTest, ClearTextIsRedirectedToHttps)
{
    start([](const Request&, Responder responder) { responder.send(text("ok")); });
    const Client client{server->port()};
    constexpr std::string_view request = "GET /console HTTP/1.1\r\nHost: node:8443\r\n\r\n";
    ASSERT_GT(::send(client.fd(), request.data(), request.size(), 0), 0);
    std::string answer(4096, '\0');
    const auto count = ::recv(client.fd(), answer.data(), answer.size(), 0);
    answer.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    EXPECT_NE(answer.find("https://node:8443/console"), std::string::npos) << answer;
}

TEST_F(HttpServerTest, ANewCertificateIsCheckedBeforeItIsUsed)
{
    start([](const Request&, Responder responder) { responder.send(text("ok")); });
    EXPECT_FALSE(server->use_certificate("nonsense", "nonsense").has_value());
    const Certificate other;
    const auto pem = test::read_file(other.certificate_file());
    const auto mixed = server->use_certificate(pem, test::read_file(certificate.key_file()));
    ASSERT_FALSE(mixed.has_value());
    EXPECT_TRUE(server->use_certificate(pem, test::read_file(other.key_file())).has_value());
    EXPECT_TRUE(exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").ends_with("ok"));
}

TEST(HttpServer, ATakenPortOrABadAddressIsAClearError)
{
    ServerSettings settings;
    settings.address = "not-an-address";
    const auto refused = Server::make(settings, {});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), base::ErrorCode::invalid_argument);
}

} // namespace
} // namespace watchpost::http
