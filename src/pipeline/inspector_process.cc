#include "pipeline/inspector_process.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <utility>

#include "os/memfd.h"
#include "pipeline/inspector_protocol.h"

namespace watchpost::pipeline {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using protocol::Kind;
using std::chrono::steady_clock;

constexpr std::size_t last_words_bytes = std::size_t{16} * 1024;
constexpr std::uint32_t messages_between_looks = 16; // at its memory
constexpr std::chrono::seconds end_time_max{5};      // from its last message until it is reaped

/// Nothing of our own: an environment may hold secrets. Options of sanitizers pass, for tests.
std::vector<std::string> environment()
{
    std::vector<std::string> list{"LC_ALL=C.UTF-8", "TZ=UTC", "PATH=/usr/bin:/bin"};
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (const char* const value = std::getenv(name); value != nullptr) {
            list.push_back(std::string{name} + '=' + value);
        }
    }
    return list;
}

std::uint16_t id_of(Kind kind)
{
    return static_cast<std::uint16_t>(kind);
}

struct Unpacker {
    std::optional<os::Process> process; // none where the settings want none
    os::UniqueFd channel;               // the inspector's end
};

Result<Unpacker> spawn_unpacker(const InspectorSettings& settings, int last_words)
{
    if (settings.unpacker.empty()) {
        return Unpacker{};
    }
    auto ends = ipc::make_socket_pair();
    if (!ends) {
        return base::fail(std::move(ends.error()));
    }
    auto process = os::Process::spawn({settings.program,
                                       settings.unpacker,
                                       environment(),
                                       {-1, -1, last_words, ends->second.get()}});
    if (!process) {
        return base::fail(std::move(process.error()).during("start an unpacker"));
    }
    return Unpacker{std::move(*process), std::move(ends->first)};
}

} // namespace

InspectorProcess::InspectorProcess(os::Process process, std::optional<os::Process> unpacker,
                                   ipc::Channel channel, os::UniqueFd last_words,
                                   const InspectorSettings& settings,
                                   InspectorDialogue::Leaves leaves)
    : process_{std::move(process)}
    , unpacker_{std::move(unpacker)}
    , channel_{std::move(channel)}
    , last_words_{std::move(last_words)}
    , limits_{settings.limits}
    , leaves_{leaves}
    , dialogue_{settings.limits, leaves}
{
}

Result<std::unique_ptr<InspectorProcess>> InspectorProcess::spawn(const InspectorSettings& settings,
                                                                  InspectorDialogue::Leaves leaves)
{
    auto ends = ipc::make_socket_pair();
    if (!ends) {
        return base::fail(std::move(ends.error()));
    }
    auto last_words = os::make_fixed_memfd("inspector's last words", last_words_bytes);
    if (!last_words) {
        return base::fail(std::move(last_words.error()));
    }
    auto unpacker = spawn_unpacker(settings, last_words->get());
    if (!unpacker) {
        return base::fail(std::move(unpacker.error()));
    }
    std::vector<int> fds{-1, -1, last_words->get(), ends->second.get()};
    if (unpacker->process) {
        fds.push_back(unpacker->channel.get());
    }
    auto process =
        os::Process::spawn({settings.program, settings.arguments, environment(), std::move(fds)});
    if (!process) {
        return base::fail(std::move(process.error()));
    }
    ipc::Channel channel{std::move(ends->first),
                         protocol::limits_of_pipeline(settings.limits.report)};
    return std::unique_ptr<InspectorProcess>{
        new InspectorProcess{std::move(*process), std::move(unpacker->process), std::move(channel),
                             std::move(*last_words), settings, leaves}};
}

Result<void> InspectorProcess::configure(const base::Bytes& configuration, base::Deadline deadline)
{
    if (configuration.size() > protocol::configuration_bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "settings of more than " +
                              base::to_readable_bytes(protocol::configuration_bytes_max));
    }
    const protocol::Configure order{limits_.data_bytes_max, limits_.leaf_bytes_max,
                                    leaves_ == InspectorDialogue::Leaves::exported,
                                    unpacker_.has_value(), configuration};
    return channel_.send(id_of(Kind::configure), protocol::encode(order), {}, deadline);
}

Result<InspectorDialogue::Event> InspectorProcess::receive(base::Deadline deadline)
{
    auto message = channel_.receive(deadline);
    if (!message) {
        return base::fail(std::move(message.error()));
    }
    return dialogue_.on_message(std::move(*message));
}

Result<protocol::Ready> InspectorProcess::wait_until_ready(const base::Bytes& configuration)
{
    const auto deadline = steady_clock::now() + limits_.start_time_max;
    const auto sent = configure(configuration, deadline);
    auto event = sent ? receive(deadline) : base::fail(sent.error());
    if (!event) {
        const auto end = find_end(event.error());
        return base::fail(ErrorCode::engine_failed, Retry::later,
                          "the inspector ended while it started: " + end.detail);
    }
    if (auto* const refused = std::get_if<protocol::Refused>(&*event); refused != nullptr) {
        return base::fail(std::move(refused->error));
    }
    resident_at_start_ = process_.resident_bytes();
    return std::move(std::get<protocol::Ready>(*event));
}

InspectorProcess::Inspected InspectorProcess::inspect(const ReadyMessage& message, LeafScans& scans)
{
    ++messages_;
    return converse(message, scans);
}

InspectorProcess::Inspected InspectorProcess::converse(const ReadyMessage& message,
                                                       LeafScans& scans)
{
    const auto began = steady_clock::now();
    const auto deadline = [&] { // an engine outside that is slow is not the inspector's fault
        return began + limits_.time_max + limits_.grace + scans.time_spent();
    };
    if (auto sent = send_order(message, deadline()); !sent) {
        return tl::unexpected{find_end(sent.error())};
    }
    for (;;) {
        if (scans.has_waiting() && !channel_.has_input()) {
            if (auto scanned = scan_one(scans, deadline()); !scanned) {
                return tl::unexpected{find_end(scanned.error())};
            }
            continue;
        }
        auto event = receive(deadline());
        if (!event) {
            return tl::unexpected{find_end(event.error())};
        }
        if (auto* const leaf = std::get_if<LeafArrived>(&*event); leaf != nullptr) {
            scans.add(std::move(*leaf));
        } else if (auto* const report = std::get_if<inspect::Report>(&*event); report != nullptr) {
            return std::move(*report);
        } else { // protocol::OutOfMemory: the others belong to the start
            process_.kill();
            return tl::unexpected{end_by_memory()};
        }
    }
}

Result<void> InspectorProcess::send_order(const ReadyMessage& message, base::Deadline deadline)
{
    if (auto allowed = process_.allow_cpu_time(limits_.cpu_time_max); !allowed) {
        return allowed;
    }
    number_ = dialogue_.begin();
    const protocol::InspectOrder order{number_,
                                       static_cast<std::uint32_t>(limits_.time_max.count()),
                                       message.copies, message.pieces};
    return channel_.send(id_of(Kind::inspect), protocol::encode(order), std::array{message.file},
                         deadline);
}

Result<void> InspectorProcess::scan_one(LeafScans& scans, base::Deadline deadline)
{
    if (!scans.scan_next()) {
        return {};
    }
    dialogue_.leaf_taken();
    return channel_.send(id_of(Kind::leaf_taken), protocol::encode(protocol::LeafTaken{number_}),
                         {}, deadline);
}

InspectorEnd InspectorProcess::find_end(const base::Error& error)
{
    switch (error.code()) {
    case ErrorCode::timed_out:
        process_.kill();
        return end_by_time();
    case ErrorCode::protocol_violation:
    case ErrorCode::limit_exceeded:
        process_.kill();
        return end_by_protocol(error.message());
    default: // the channel is closed, or a call on it failed
        break;
    }
    const auto status = process_.wait(steady_clock::now() + end_time_max);
    if (!status) {
        process_.kill();
        return end_by_protocol(error.message());
    }
    return end_of_process(*status, read_last_words());
}

std::string InspectorProcess::read_last_words() const
{
    std::string text(last_words_bytes, '\0');
    const ssize_t count = ::pread(last_words_.get(), text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    text.resize(std::min(text.find('\0'), text.size()));
    return text;
}

bool InspectorProcess::is_worn_out() const
{
    if (messages_ >= limits_.messages_max) {
        return true;
    }
    const bool is_time_to_look = messages_ % messages_between_looks == 0 && messages_ > 0;
    return is_time_to_look &&
           process_.resident_bytes() > resident_at_start_ + limits_.growth_bytes_max;
}

void InspectorProcess::cancel() noexcept
{
    process_.kill(); // what waits on the channel sees it closed
}

} // namespace watchpost::pipeline
