// One accepted connection of a scripted server: octets in and out, in clear or over TLS.
//
// The only code of the tests' servers that knows OpenSSL. Every wait ends when the other end goes
// or when `stop_fd` becomes readable. Belongs to one thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace watchpost::test {

class ServerConnection {
public:
    /// Owns `fd`; `stop_fd` outlives it.
    ServerConnection(int fd, int stop_fd);
    ~ServerConnection(); // breaks it off where nobody closed it before
    ServerConnection(const ServerConnection&) = delete;
    ServerConnection& operator=(const ServerConnection&) = delete;

    /// False where the other end has gone, or we are to stop.
    [[nodiscard]] bool write(std::string_view octets);
    /// What has come, at least one octet; empty: as with write.
    [[nodiscard]] std::string read();
    /// Until something can be read, or the other end has gone.
    [[nodiscard]] bool wait();
    void pause(std::chrono::milliseconds time) const;

    /// The server's half of the handshake; files are PEM.
    [[nodiscard]] bool start_tls(const std::string& certificate, const std::string& key);
    /// tls-exporter, RFC 9266; empty in clear.
    [[nodiscard]] std::string binding() const;
    void close(); // close_notify, FIN
    void cut();   // FIN alone; what was written before still arrives
    void reset(); // RST: what was written before may be lost

private:
    struct Tls;
    [[nodiscard]] bool wait_for(short events) const;

    int fd_;
    int stop_fd_;
    std::unique_ptr<Tls> tls_;
};

} // namespace watchpost::test
