#include "unpack/by_program.h"

#include <algorithm>
#include <utility>

#include "diag/quote.h"
#include "unpack/seven_zip.h"

namespace watchpost::unpack {
namespace {

using State = ProgramOutcome::State;

class Deliverer final : public ProgramSink {
public:
    Deliverer(const std::vector<Password>& passwords, Meter& meter)
        : passwords_{passwords} // outlive the delivery, as the meter does
        , meter_{meter}
    {
    }

    Next on_member(const ProgramMember& member) override
    {
        const auto* const password =
            member.password < passwords_.size() ? &passwords_[member.password] : nullptr;
        meter_.deliver_whole({member.name, member.bytes, password});
        if (!member.damage.empty()) {
            meter_.tell(std::string{member.name}, "damaged_archive", std::string{member.damage});
        }
        return meter_.is_over() || !meter_.has_time() ? Next::stop : Next::go_on;
    }

private:
    const std::vector<Password>& passwords_;
    Meter& meter_;
};

ProgramOutcome ask(const Format& format, base::ByteView bytes, ProgramRequest::Wanted wanted,
                   const std::vector<Password>& passwords, Program& program, Meter& meter)
{
    ProgramRequest request;
    request.bytes = bytes;
    request.format = format.name;
    request.wanted = wanted;
    request.member_bytes_max = meter.limits().member_bytes_max + 1; // so that the meter cuts it
    request.members_max = meter.entries_left() + 1;                 // … and counts them
    request.deadline = meter.deadline();
    for (const auto& password : passwords) {
        request.passwords.push_back(password.text);
    }
    Deliverer deliverer{passwords, meter};
    return program.open(request, deliverer);
}

std::string_view reason_of(State state)
{
    switch (state) {
    case State::complete:
        return {};
    case State::encrypted:
        return "encrypted_archive";
    case State::damaged:
        return "damaged_archive";
    case State::unavailable:
    case State::unsupported:
        return "unsupported_archive";
    case State::timed_out:
        return "timed_out";
    case State::cut:
        return "limit_member_bytes";
    case State::too_many:
        return "limit_members";
    }
    return {};
}

std::string detail_of(const ProgramOutcome& outcome, std::size_t known)
{
    return outcome.state == State::encrypted ? describe_failed_passwords(known, outcome.tried)
                                             : diag::quote(outcome.detail);
}

/// A copy: what is delivered meanwhile may change what is known.
std::vector<Password> copy_of(Passwords& passwords)
{
    return passwords.known();
}

} // namespace

void unpack_by_program(const Format& format, base::ByteView bytes, Passwords& passwords,
                       Program* program, Meter& meter)
{
    const std::string no_reader = "no reader for the format " + std::string{format.name};
    if (program == nullptr || seven_zip_type(format.name).empty()) {
        return meter.tell("", "unsupported_archive", no_reader);
    }
    const auto known = copy_of(passwords);
    const auto outcome = ask(format, bytes, ProgramRequest::Wanted::all, known, *program, meter);
    if (outcome.state == State::unavailable) {
        meter.tell("", "unsupported_archive", no_reader + ": " + diag::quote(outcome.detail));
    } else if (outcome.state != State::complete) {
        meter.tell("", std::string{reason_of(outcome.state)}, detail_of(outcome, known.size()));
    }
}

void open_encrypted_by_program(const Format& format, base::ByteView bytes,
                               const std::vector<std::string>& members, Passwords& passwords,
                               Program& program, Meter& meter)
{
    const auto known = copy_of(passwords);
    const auto wanted = members.empty() ? ProgramRequest::Wanted::all // nothing was given of it
                                        : ProgramRequest::Wanted::encrypted;
    const auto outcome = ask(format, bytes, wanted, known, program, meter);
    if (outcome.state == State::complete) {
        return;
    }
    const bool is_closed =
        outcome.state == State::unavailable || outcome.state == State::unsupported;
    const auto reason =
        is_closed ? std::string{"encrypted_archive"} : std::string{reason_of(outcome.state)};
    const auto detail = (is_closed ? "it is encrypted: " : "") + detail_of(outcome, known.size());
    if (members.empty()) {
        meter.tell("", reason, detail);
    }
    for (const auto& member : members) {
        meter.tell(member, reason, detail);
    }
}

} // namespace watchpost::unpack
