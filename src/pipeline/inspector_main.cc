#include "pipeline/inspector_main.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <new>
#include <optional>
#include <utility>

#include "ipc/channel.h"
#include "os/mapping.h"
#include "os/memfd.h"
#include "os/process.h"
#include "os/sandbox.h"
#include "pipeline/home_channel.h"
#include "pipeline/inspector_protocol.h"
#include "pipeline/leaf_window.h"
#include "pipeline/unpacker_client.h"
#include "pipeline/unpacker_protocol.h"

namespace watchpost::pipeline {

namespace {

using base::Result;
using protocol::Kind;
using std::chrono::steady_clock;

constexpr int channel_fd = 3;
constexpr int unpacker_fd = 4;
constexpr std::uint64_t open_files_max = 256;

using Home = HomeChannel<Kind>;

template <typename T>
T trusted(Result<T> decoded)
{
    if (!decoded) { // of our own program's making: a broken invariant, but never a reason to go on
        ::_exit(2);
    }
    return std::move(*decoded);
}

/// Sends leaves home as sealed memory files, as many at a time as the window lets.
class Exporter final : public inspect::LeafExporter {
public:
    Exporter(Home& home, std::uint64_t leaf_bytes_max)
        : home_{home} // outlives this
        , leaf_bytes_max_{leaf_bytes_max}
    {
    }

    void begin(std::uint64_t number)
    {
        number_ = number;
        window_ = {};
    }

    void export_leaf(std::string_view path, std::string_view reading, base::ByteView bytes) override
    {
        const auto header =
            protocol::encode(protocol::Leaf{number_, std::string{path}, std::string{reading}});
        auto file = bytes.size() <= leaf_bytes_max_
                        ? os::make_sealed_memfd("leaf", bytes)
                        : base::fail(base::ErrorCode::limit_exceeded, base::Retry::never, "leaf");
        const std::uint64_t size = file ? bytes.size() : 0;
        while (!window_.has_room(size)) {
            wait_for_room();
        }
        window_.add(size);
        if (file) {
            home_.send(Kind::leaf, header, std::array{file->get()});
        } else {
            home_.send(Kind::leaf, header); // the pipeline records the gap
        }
    }

private:
    void wait_for_room()
    {
        const auto message = home_.receive();
        if (static_cast<Kind>(message.kind) != Kind::leaf_taken) {
            ::_exit(2);
        }
        const auto taken = trusted(protocol::decode_leaf_taken(message.payload));
        if (taken.number == number_ && !window_.take_oldest()) {
            ::_exit(2);
        }
    }

    Home& home_;
    std::uint64_t leaf_bytes_max_;
    std::uint64_t number_ = 0;
    LeafWindow window_;
};

/// Prepares and closes the sandbox; tells the pipeline how that went.
Inspect start(Home& home, const Prepare& prepare, const protocol::Configure& configure)
{
    auto prepared = prepare(configure.configuration);
    if (!prepared) {
        home.send(Kind::refused, protocol::encode(protocol::Refused{std::move(prepared.error())}));
        ::_exit(0);
    }
    os::SandboxSettings walls;
    walls.channel_fd = channel_fd;
    walls.data_bytes_max = configure.data_bytes_max;
    walls.file_bytes_max = configure.leaf_bytes_max;
    walls.open_files_max = open_files_max;
    walls.second_channel_fd = configure.has_unpacker ? unpacker_fd : -1;
    walls.memory_files = configure.exports_leaves || configure.has_unpacker
                             ? os::MemoryFiles::allowed
                             : os::MemoryFiles::refused;
    auto measures = os::close_sandbox(walls);
    if (!measures) {
        home.send(Kind::refused, protocol::encode(protocol::Refused{std::move(measures.error())}));
        ::_exit(0);
    }
    home.send(Kind::ready,
              protocol::encode(protocol::Ready{std::move(*measures), prepared->rule_count}));
    return std::move(prepared->inspect);
}

/// The encoded report; nullopt where memory ran out. Then what was half done is freed, so that
/// there is enough to say so.
std::optional<base::Bytes> inspect_one(const Inspect& inspect, const protocol::InspectOrder& order,
                                       int message, Exporter* exporter, unpack::Program* program)
{
    const inspect::InspectionOrder asked{steady_clock::now() +
                                             std::chrono::milliseconds{order.time_ms},
                                         order.copies, order.pieces, program};
    const auto mapping = trusted(os::Mapping::map(message));
    try {
        return protocol::encode_report(order.number, inspect(mapping.bytes(), asked, exporter));
    } catch (const std::bad_alloc&) {
        return std::nullopt;
    }
}

[[noreturn]] void serve(Home& home, const Inspect& inspect, const protocol::Configure& configure)
{
    Exporter exporter{home, configure.leaf_bytes_max};
    std::optional<UnpackerClient> unpacker;
    if (configure.has_unpacker) {
        unpacker.emplace(ipc::Channel{os::UniqueFd{unpacker_fd}, protocol::limits_of_unpacked()});
    }
    for (;;) {
        const auto message = home.receive();
        if (static_cast<Kind>(message.kind) == Kind::leaf_taken) {
            continue; // the last ones of the message before
        }
        if (static_cast<Kind>(message.kind) != Kind::inspect || message.fds.size() != 1) {
            ::_exit(2);
        }
        const auto order = trusted(protocol::decode_inspect(message.payload));
        exporter.begin(order.number);
        const auto report = inspect_one(inspect, order, message.fds.front().get(),
                                        configure.exports_leaves ? &exporter : nullptr,
                                        unpacker ? &*unpacker : nullptr);
        if (!report) {
            home.send(Kind::out_of_memory, protocol::encode(protocol::OutOfMemory{order.number}));
            ::_exit(0);
        }
        home.send(Kind::report, *report);
    }
}

bool is_channel(int fd)
{
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

} // namespace

void run_inspector(const Prepare& prepare)
{
    if (!is_channel(channel_fd) || !os::die_with_parent()) {
        std::fputs("watchpost inspector: started by `watchpost scan` and the service only\n",
                   stderr);
        ::_exit(2);
    }
    Home home{ipc::Channel{os::UniqueFd{channel_fd}, protocol::limits_of_inspector()}};
    const auto first = home.receive();
    if (static_cast<Kind>(first.kind) != Kind::configure) {
        ::_exit(2);
    }
    const auto configure = trusted(protocol::decode_configure(first.payload));
    const Inspect inspect = start(home, prepare, configure);
    serve(home, inspect, configure);
}

} // namespace watchpost::pipeline
