#include "pipeline/unpacker_run.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

namespace watchpost::pipeline {

namespace {

using unpack::ProgramMember;
using unpack::ProgramOutcome;
using unpack::ProgramRequest;
using namespace std::string_view_literals;

constexpr std::size_t list_bytes_max = std::size_t{32} << 20U;
constexpr std::size_t held_bytes_max = std::size_t{64} << 20U;
constexpr std::string_view container_path = "/proc/self/fd/3";
constexpr int exit_not_run = 127;

ProgramOutcome outcome(ProgramOutcome::State state, std::string detail)
{
    return {state, std::move(detail), 0};
}

/// The first line that says something.
std::string first_complaint(std::string_view text)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.find(container_path) == line.npos) {
            return "7-Zip says: " + std::string{line.substr(0, 200)};
        }
    }
    return "7-Zip could not read it";
}

std::chrono::seconds seconds_until(base::Deadline deadline)
{
    const auto left =
        std::chrono::ceil<std::chrono::seconds>(deadline - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::seconds{1});
}

bool can_be_typed(std::string_view password)
{
    return password.size() < os::PipedProgram::line_bytes_max &&
           password.find_first_of("\n\r\0"sv) == password.npos;
}

} // namespace

UnpackerRun::UnpackerRun(int program_fd, int container_fd, const ProgramRequest& request,
                         unpack::ProgramSink& sink)
    : program_fd_{program_fd}
    , container_fd_{container_fd}
    , request_{request}
    , sink_{sink}
{
}

ProgramOutcome UnpackerRun::run()
{
    if (request_.wanted == ProgramRequest::Wanted::all) {
        if (auto done = try_password({}, ProgramMember::no_password); done) {
            return std::move(*done);
        }
    }
    std::size_t tried = 0;
    for (std::size_t i = 0; i < request_.passwords.size() && tried < unpack::program_tries_max;
         ++i) {
        if (std::chrono::steady_clock::now() >= request_.deadline) {
            return outcome(State::timed_out,
                           "the time was over after " + std::to_string(tried) + " passwords");
        }
        if (!can_be_typed(request_.passwords[i])) {
            continue;
        }
        ++tried;
        if (auto done = try_password(request_.passwords[i], i); done) {
            done->tried = tried;
            return std::move(*done);
        }
    }
    return {State::encrypted, "", tried};
}

UnpackerRun::Try UnpackerRun::try_password(const std::string& password, std::size_t number)
{
    held_.clear();
    held_bytes_ = 0;
    is_right_ = false;
    is_wrong_ = false;
    if (!list_) {
        if (auto failed = read_list(password); !failed || failed->state != State::complete) {
            return failed;
        }
    }
    return read_members(password, number);
}

base::Result<os::PipedProgram> UnpackerRun::start(std::vector<std::string> what,
                                                  const std::string& password) const
{
    os::PipedProgram::Order order;
    order.program_fd = program_fd_;
    order.arguments = std::move(what);
    order.arguments.insert(order.arguments.begin(), "7zz");
    // One thread, UTF-8, no progress; alternate streams of NTFS are members; of this format and no
    // other; nothing of the name is a switch.
    for (const auto* const argument : {"-mmt=1", "-sccUTF-8", "-bd", "-sns"}) {
        order.arguments.emplace_back(argument);
    }
    order.arguments.push_back("-t" + std::string{unpack::seven_zip_type(request_.format)});
    order.arguments.emplace_back(container_path);
    order.environment = {"LC_ALL=C.UTF-8", "TZ=UTC"};
    order.input_fd = container_fd_;
    const std::string line = password + '\n';
    order.line = line;
    order.cpu_time_max = seconds_until(request_.deadline);
    return os::PipedProgram::start(order);
}

/// Complete: list_ is there.
UnpackerRun::Try UnpackerRun::read_list(const std::string& password)
{
    auto program = start({"l", "-slt"}, password);
    if (!program) {
        return outcome(State::unavailable, program.error().describe());
    }
    std::string text;
    for (;;) {
        const auto bytes = program->read(request_.deadline);
        if (!bytes) {
            return outcome(State::timed_out, bytes.error().message());
        }
        if (bytes->empty()) {
            break;
        }
        if (text.size() + bytes->size() > list_bytes_max) {
            return outcome(State::too_many, "its list of members is longer than 32 MiB");
        }
        text += base::as_text(*bytes);
    }
    auto end = end_of(*program);
    if (!end || end->state != State::complete) {
        return end;
    }
    list_ = unpack::parse_seven_zip_list(text, request_.members_max);
    return end;
}

UnpackerRun::Try UnpackerRun::read_members(const std::string& password, std::size_t number)
{
    auto program = start({"x", "-so"}, password);
    if (!program) {
        return outcome(State::unavailable, program.error().describe());
    }
    unpack::MemberSplitter splitter{*list_, request_.member_bytes_max};
    bool goes_on = true;
    while (goes_on && !splitter.is_over()) {
        const auto bytes = program->read(request_.deadline);
        if (!bytes) {
            return outcome(State::timed_out, bytes.error().message());
        }
        if (bytes->empty()) {
            break;
        }
        splitter.feed(*bytes);
        goes_on = pass_on(splitter, number);
    }
    if (is_wrong_) {
        return std::nullopt;
    }
    if (is_enough_) {
        return ProgramOutcome{};
    }
    if (was_cut_) {
        return outcome(State::cut, "what follows the member that is too large was not read");
    }
    auto end = end_of(*program);
    if (!end && !is_right_) {
        return std::nullopt;
    }
    const bool is_complete = end && end->state == State::complete;
    splitter.finish();
    if (!pass_on(splitter, number) || is_enough_) {
        return is_wrong_ ? std::nullopt : Try{ProgramOutcome{}};
    }
    if (!is_right_ && !is_complete && !held_.empty()) {
        return std::nullopt;
    }
    for (const auto& piece : std::exchange(held_, {})) {
        if (!deliver(piece, number, "it has no checksum: the password may be wrong")) {
            return ProgramOutcome{};
        }
    }
    has_open_ones_ = true;
    if (is_complete && list_->is_cut) {
        return outcome(State::too_many, "it lists more members than the limit");
    }
    return end ? end : outcome(State::damaged, "a part of it needs another password");
}

bool UnpackerRun::pass_on(unpack::MemberSplitter& splitter, std::size_t number)
{
    while (auto piece = splitter.take()) {
        if (!pass_on(std::move(*piece), number)) {
            return false;
        }
    }
    return true;
}

bool UnpackerRun::pass_on(Piece piece, std::size_t number)
{
    was_cut_ = was_cut_ || piece.is_cut;
    const bool is_encrypted = piece.listed == nullptr
                                  ? request_.wanted == ProgramRequest::Wanted::encrypted
                                  : piece.listed->is_encrypted;
    if (!is_encrypted) {
        const bool is_wanted = request_.wanted == ProgramRequest::Wanted::all && !has_open_ones_;
        return !is_wanted || deliver(piece, ProgramMember::no_password,
                                     piece.is_short        ? "it is shorter than its size says"sv
                                     : piece.has_wrong_crc ? "its checksum does not hold"sv
                                                           : ""sv);
    }
    const bool has_crc = piece.listed != nullptr && piece.listed->crc && !piece.is_cut;
    if (!is_right_ && (piece.is_short || (has_crc && piece.has_wrong_crc))) {
        is_wrong_ = true;
        return false;
    }
    if (!is_right_ && !has_crc && held_bytes_ + piece.content.size() <= held_bytes_max) {
        held_bytes_ += piece.content.size();
        held_.push_back(std::move(piece));
        return true;
    }
    is_right_ = true;
    return deliver(piece, number,
                   piece.is_short        ? "it is shorter than its size says"sv
                   : piece.has_wrong_crc ? "its checksum does not hold"sv
                                         : ""sv);
}

bool UnpackerRun::deliver(const Piece& piece, std::size_t number, std::string_view damage)
{
    ProgramMember member;
    member.name =
        piece.listed != nullptr ? std::string_view{piece.listed->name} : "behind the last member"sv;
    member.bytes = piece.content;
    member.password = number;
    member.damage = piece.listed != nullptr ? damage : "the list of members does not name it"sv;
    is_enough_ = sink_.on_member(member) == Next::stop;
    return !is_enough_;
}

UnpackerRun::Try UnpackerRun::end_of(os::PipedProgram& program) const
{
    const auto status = program.wait(request_.deadline);
    if (!status) {
        return outcome(State::timed_out, status.error().message());
    }
    if (status->by_signal) {
        const bool is_time = status->value == SIGXCPU || status->value == SIGKILL;
        return outcome(is_time ? State::timed_out : State::damaged,
                       "7-Zip ended: " + status->describe());
    }
    if (status->value == 0) {
        return ProgramOutcome{};
    }
    const auto complaints = program.complaints();
    if (status->value == exit_not_run) {
        return outcome(State::unavailable, "the program cannot be run in the sandbox");
    }
    if (complaints.find("Wrong password") != complaints.npos) {
        return std::nullopt;
    }
    const bool is_unknown = complaints.find("Unsupported Method") != complaints.npos;
    return outcome(is_unknown ? State::unsupported : State::damaged, first_complaint(complaints));
}

} // namespace watchpost::pipeline
