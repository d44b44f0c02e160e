#include "pipeline/unpacker_client.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "os/mapping.h"
#include "os/memfd.h"
#include "pipeline/unpacker_protocol.h"

namespace watchpost::pipeline {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using protocol::UnpackerKind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using unpack::ProgramOutcome;
using unpack::ProgramRequest;
using unpack::ProgramSink;

// The unpacker keeps the time itself; what comes later than this is from one that hangs.
constexpr milliseconds grace{1'000};

std::uint16_t id_of(UnpackerKind kind)
{
    return static_cast<std::uint16_t>(kind);
}

std::uint32_t milliseconds_until(base::Deadline deadline)
{
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
    constexpr std::int64_t day_ms = 86'400'000;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(left.count(), 0, day_ms));
}

base::Failure violation(std::string what)
{
    return base::fail(ErrorCode::protocol_violation, Retry::never, std::move(what));
}

} // namespace

ProgramOutcome UnpackerClient::open(const ProgramRequest& request, ProgramSink& sink)
{
    if (is_broken_) {
        return {ProgramOutcome::State::unavailable, "the unpacker has ended", 0};
    }
    auto outcome = converse(request, sink);
    if (!outcome) {
        is_broken_ = true;
        channel_ = ipc::Channel{os::UniqueFd{}, protocol::limits_of_unpacked()}; // which ends it
        return {outcome.error().code() == ErrorCode::timed_out ? ProgramOutcome::State::timed_out
                                                               : ProgramOutcome::State::unavailable,
                "the unpacker did not do its work: " + outcome.error().describe(), 0};
    }
    return *outcome;
}

Result<void> UnpackerClient::send_order(const ProgramRequest& request)
{
    auto file = os::make_sealed_memfd("container", request.bytes);
    if (!file) {
        return base::fail(std::move(file.error()));
    }
    protocol::OpenOrder order;
    order.format = request.format;
    order.wanted = request.wanted;
    order.time_ms = milliseconds_until(request.deadline);
    order.member_bytes_max = request.member_bytes_max;
    order.members_max = request.members_max;
    order.passwords = request.passwords;
    return channel_.send(id_of(UnpackerKind::open), protocol::encode(order),
                         std::array{file->get()}, request.deadline + grace);
}

Result<ProgramOutcome> UnpackerClient::converse(const ProgramRequest& request, ProgramSink& sink)
{
    if (auto sent = send_order(request); !sent) {
        return base::fail(std::move(sent.error()));
    }
    bool is_stopped = false;
    for (;;) {
        const auto message = channel_.receive(request.deadline + grace);
        if (!message) {
            return base::fail(message.error());
        }
        if (message->kind == id_of(UnpackerKind::closed)) {
            auto outcome = protocol::decode_closed(message->payload);
            if (outcome && is_stopped) { // the sink has told why
                return ProgramOutcome{};
            }
            return outcome;
        }
        if (is_stopped) {
            return violation("a member after the last");
        }
        const auto next = deliver(*message, request, sink);
        if (!next) {
            return base::fail(next.error());
        }
        is_stopped = *next == ProgramSink::Next::stop;
        const auto answer = is_stopped ? UnpackerKind::stop : UnpackerKind::next;
        if (auto sent = channel_.send(id_of(answer), {}, {}, request.deadline + grace); !sent) {
            return base::fail(std::move(sent.error()));
        }
    }
}

Result<ProgramSink::Next> UnpackerClient::deliver(const ipc::Message& message,
                                                  const ProgramRequest& request, ProgramSink& sink)
{
    if (message.kind != id_of(UnpackerKind::member) || message.fds.size() != 1) {
        return violation("neither a member nor the end");
    }
    const auto found = protocol::decode_member(message.payload);
    const auto size = os::sealed_size(message.fds.front().get());
    if (!found || !size) {
        return base::fail(found ? size.error() : found.error());
    }
    if (*size > request.member_bytes_max) {
        return violation("a member above the limit");
    }
    const auto mapping = os::Mapping::map(message.fds.front().get());
    if (!mapping) {
        return base::fail(mapping.error());
    }
    unpack::ProgramMember member;
    member.name = found->name;
    member.bytes = mapping->bytes();
    if (found->password < request.passwords.size()) {
        member.password = found->password;
    }
    member.damage = found->damage;
    return sink.on_member(member);
}

} // namespace watchpost::pipeline
