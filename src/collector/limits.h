// Every limit of a session, by name, with its default. Immutable during a session.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "net/connect.h"

namespace watchpost::collector {

struct SessionLimits {
    net::ConnectLimits connect;
    std::chrono::milliseconds tls_time_max{15'000};
    std::chrono::milliseconds reply_time_max{
        60'000}; // between two arrivals of octets that we wait for

    // A message that has all its octets and seems to end without a line end of its own has ended
    // when nothing more comes for so long.
    std::chrono::milliseconds glued_end_time_max{5'000};

    // After session_time_max no further message is asked for; what is under way, deleting and QUIT
    // have wind_down_time_max more. A server cannot hold a session for longer.
    std::chrono::milliseconds session_time_max{std::chrono::minutes{60}};
    std::chrono::milliseconds wind_down_time_max{std::chrono::minutes{5}};

    // What is asked for ahead of its arrival, where the server announces PIPELINING. Half of it is
    // asked for at a time: at 20 ms a round trip that allows 800 MB/s and 6,400 messages a second.
    // It begins with window_bytes_begin and grows while half of it comes in window_time, so that
    // what has been asked for when a turn ends is there soon, on a slow line too.
    std::uint64_t window_bytes_begin = std::uint64_t{4} << 20U;
    std::chrono::milliseconds window_time{500};
    std::uint64_t window_bytes_max = std::uint64_t{32} << 20U;
    std::size_t window_commands_max = 256; // their commands fit into a socket's buffer: no deadlock

    // A batch is made durable by one fdatasync and one for each large message in it. Memory holds
    // the batches being committed, one that waits and one that is read; batches_bytes_max bounds
    // those of all polls together.
    std::uint64_t batches_bytes_max = std::uint64_t{28} << 20U;
    std::uint64_t batch_bytes_max = std::uint64_t{4} << 20U;
    std::size_t batch_messages_max = 1'000;
    std::size_t batches_at_once = 4;
    std::chrono::milliseconds batch_time_max{1'000};

    unsigned isolations_max = 3; // of one poll: links that go on without the message that broke one
    unsigned short_retries_max = 3; // later polls at which a short message is fetched again

    // Messages that are refused one after the other before no more are asked for in this session.
    std::size_t refusals_in_row_max = 64;

    std::uint64_t drain_bytes_max = std::uint64_t{16} << 20U; // read past the size limit before the
                                                              // link is dropped
    unsigned links_max = 8; // of one poll that broke or lost step: then another one is made

    // Where messages are deleted, a session takes no more than this before it says QUIT, since only
    // that makes deletions count; another session goes on.
    std::size_t deletions_max = 2'000;
    std::chrono::milliseconds deletions_time_max{std::chrono::minutes{5}};
    std::size_t read_bytes = std::size_t{256} << 10U;
};

} // namespace watchpost::collector
