// A peer on a unix socket that says what the test tells it to. One thread, one connection at a
// time.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "support/temp_dir.h"

namespace watchpost::inspect::clamav::test {

/// The peer's side of one connection.
class PeerConnection {
public:
    explicit PeerConnection(int fd) noexcept : fd_{fd} {}
    ~PeerConnection();
    PeerConnection(const PeerConnection&) = delete;
    PeerConnection& operator=(const PeerConnection&) = delete;

    /// Reads until `end` was read or the client has gone; descriptors that arrive are closed.
    std::string read_through(std::string_view end) const;
    void send(std::string_view bytes) const;
    void wait_for_close() const;

private:
    int fd_;
};

class ScriptedPeer {
public:
    using Script = std::function<void(PeerConnection&)>;

    /// Runs each script for one connection, in order, then takes no more.
    explicit ScriptedPeer(std::vector<Script> scripts);
    ~ScriptedPeer();
    ScriptedPeer(const ScriptedPeer&) = delete;
    ScriptedPeer& operator=(const ScriptedPeer&) = delete;

    [[nodiscard]] const std::filesystem::path& socket() const noexcept { return socket_; }

private:
    watchpost::test::TempDir folder_;
    std::filesystem::path socket_;
    int listener_ = -1;
    std::thread thread_;
};

} // namespace watchpost::inspect::clamav::test
