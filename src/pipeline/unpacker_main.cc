#include "pipeline/unpacker_main.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <utility>

#include "ipc/channel.h"
#include "os/memfd.h"
#include "os/pinned_program.h"
#include "os/process.h"
#include "os/sandbox.h"
#include "pipeline/home_channel.h"
#include "pipeline/unpacker_protocol.h"
#include "pipeline/unpacker_run.h"

namespace watchpost::pipeline {

namespace {

using base::Result;
using protocol::UnpackerKind;
using std::chrono::steady_clock;
using unpack::ProgramOutcome;
using unpack::ProgramRequest;

constexpr int channel_fd = 3;
constexpr std::uint64_t open_files_max = 64;

std::uint16_t id_of(UnpackerKind kind)
{
    return static_cast<std::uint16_t>(kind);
}

using Inspector = HomeChannel<UnpackerKind>;

/// The program, once the sandbox is closed around it.
Result<os::UniqueFd> prepare(const UnpackerOrder& order)
{
    auto program = os::pin_program(order.program);
    if (!program) {
        const bool is_missing = program.error().code() == base::ErrorCode::not_found;
        const std::string hint = is_missing ? " (Debian: apt install 7zip)" : "";
        return base::fail(program.error().code(), base::Retry::never,
                          program.error().message() + hint);
    }
    os::SandboxSettings walls;
    walls.channel_fd = channel_fd;
    walls.data_bytes_max = order.data_bytes_max;
    walls.file_bytes_max = order.file_bytes_max;
    walls.open_files_max = open_files_max;
    walls.memory_files = os::MemoryFiles::allowed;
    walls.program_fd = program->get();
    if (auto closed = os::close_sandbox(walls); !closed) {
        return base::fail(std::move(closed.error()));
    }
    return program;
}

/// Opens what the inspector asks for. A member may be a container again, and is asked for before
/// the one that it lies in goes on.
class Opener {
public:
    Opener(const Result<os::UniqueFd>& program, Inspector& inspector)
        : program_{program} // outlive this
        , inspector_{inspector}
    {
    }

    void answer(const ipc::Message& message)
    {
        if (message.kind != id_of(UnpackerKind::open) || message.fds.size() != 1) {
            ::_exit(1);
        }
        ++depth_;
        inspector_.send(UnpackerKind::closed, protocol::encode(open(message)));
        --depth_;
    }

    [[nodiscard]] Inspector& inspector() noexcept { return inspector_; }

private:
    [[nodiscard]] ProgramOutcome open(const ipc::Message& message);

    const Result<os::UniqueFd>& program_;
    Inspector& inspector_;
    int depth_ = 0;
};

class Sender final : public unpack::ProgramSink {
public:
    explicit Sender(Opener& opener) : opener_{opener} {} // outlives this

    Next on_member(const unpack::ProgramMember& member) override
    {
        auto file = os::make_sealed_memfd("member", member.bytes);
        if (!file) {
            ::_exit(1);
        }
        protocol::MemberFound found;
        found.name = member.name;
        found.damage = member.damage;
        if (member.password != unpack::ProgramMember::no_password) {
            found.password = static_cast<std::uint32_t>(member.password);
        }
        auto& inspector = opener_.inspector();
        inspector.send(UnpackerKind::member, protocol::encode(found), std::array{file->get()});
        file->reset();
        for (;;) {
            const auto message = inspector.receive();
            if (message.kind == id_of(UnpackerKind::next)) {
                return Next::go_on;
            }
            if (message.kind == id_of(UnpackerKind::stop)) {
                return Next::stop;
            }
            opener_.answer(message);
        }
    }

private:
    Opener& opener_;
};

ProgramOutcome Opener::open(const ipc::Message& message)
{
    const auto order = protocol::decode_open(message.payload);
    if (!order || !os::sealed_size(message.fds.front().get())) {
        ::_exit(1); // it lies
    }
    if (!program_) {
        return {ProgramOutcome::State::unavailable, program_.error().message(), 0};
    }
    if (depth_ > protocol::unpacker_depth_max) {
        return {ProgramOutcome::State::unsupported,
                "7-Zip is not asked for more than " + std::to_string(protocol::unpacker_depth_max) +
                    " containers inside one another",
                0};
    }
    if (unpack::seven_zip_type(order->format).empty()) {
        return {ProgramOutcome::State::unsupported, "7-Zip is not asked for this format", 0};
    }
    ProgramRequest request;
    request.format = order->format;
    request.wanted = order->wanted;
    request.passwords = order->passwords;
    request.member_bytes_max = order->member_bytes_max;
    request.members_max = order->members_max;
    request.deadline = steady_clock::now() + std::chrono::milliseconds{order->time_ms};
    Sender sender{*this};
    UnpackerRun run{program_->get(), message.fds.front().get(), request, sender};
    return run.run();
}

bool is_channel(int fd)
{
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

} // namespace

void run_unpacker(const UnpackerOrder& order)
{
    if (!is_channel(channel_fd) || !os::die_with_parent()) {
        std::fputs("watchpost unpacker: started with an inspector only\n", stderr);
        ::_exit(2);
    }
    std::signal(SIGPIPE, SIG_IGN); // a program that is gone does not read its password
    Inspector inspector{ipc::Channel{os::UniqueFd{channel_fd}, protocol::limits_of_unpacker()}};
    const auto program = prepare(order);
    Opener opener{program, inspector};
    for (;;) {
        opener.answer(inspector.receive());
    }
}

} // namespace watchpost::pipeline
