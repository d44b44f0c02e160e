// A name server on a free port of 127.0.0.1 with the answers that a test gives it (RFC 1035 §4).
#pragma once

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace watchpost::net::test {

struct DnsZone {
    std::map<std::string, std::vector<std::string>> a = {};    // name → IPv4 addresses, in order
    std::map<std::string, std::vector<std::string>> aaaa = {}; // name → IPv6 addresses, in order
    std::set<std::string> silent_aaaa = {}; // names whose AAAA question is dropped
    std::set<std::string> silent = {};      // names never answered at all
};

class DnsServer {
public:
    explicit DnsServer(DnsZone zone);
    ~DnsServer();
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    /// "127.0.0.1:PORT", as the resolver's settings want it.
    [[nodiscard]] std::string address() const;

private:
    void serve();
    [[nodiscard]] std::string answer(const std::string& question) const;

    DnsZone zone_;
    int fd_ = -1;
    int port_ = 0;
    std::atomic<bool> stops_{false};
    std::thread thread_;
};

} // namespace watchpost::net::test
