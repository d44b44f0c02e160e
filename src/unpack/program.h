// Containers that a program outside opens: how unpack() asks for it, and what it hears.
//
// Where the program runs is the implementation's: pipeline/unpacker_client.h. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "unpack/passwords.h"

namespace watchpost::unpack {

/// Each try runs the program, and a format's key derivation is meant to be slow.
inline constexpr std::size_t program_tries_max = 100;

struct ProgramRequest {
    enum class Wanted : std::uint8_t { all, encrypted };
    base::ByteView bytes;
    std::string_view format; // as container_format() names it
    Wanted wanted = Wanted::all;
    std::vector<std::string> passwords; // in the order in which they are to be tried
    std::uint64_t member_bytes_max = 0; // a member that has more is cut, and the last one
    std::uint64_t members_max = 0;
    base::Deadline deadline;
};

struct ProgramMember {
    std::string_view name; // UTF-8
    base::ByteView bytes;
    std::size_t password = no_password; // into ProgramRequest::passwords
    std::string_view damage = {};       // what does not hold; empty where all does

    static constexpr std::size_t no_password = SIZE_MAX;
};

class ProgramSink {
public:
    virtual ~ProgramSink() = default;
    enum class Next : std::uint8_t { go_on, stop };
    /// Views are valid during the call.
    [[nodiscard]] virtual Next on_member(const ProgramMember& member) = 0;
};

struct ProgramOutcome {
    enum class State : std::uint8_t {
        complete,    // all that it lists was given, or the sink wanted no more
        unavailable, // there is no program, or the process that runs it is gone
        encrypted,   // no password opens it
        damaged,
        unsupported, // a method or kind that the program does not know
        timed_out,
        cut,     // a member was larger than member_bytes_max: what follows it was not read
        too_many // more members than members_max
    };
    State state = State::complete;
    std::string detail;    // a sentence where it is not complete
    std::size_t tried = 0; // passwords
};

class Program {
public:
    virtual ~Program() = default;
    /// Never fails: what could not be opened is in the outcome. May be called again out of
    /// `sink`, for a container in a container.
    [[nodiscard]] virtual ProgramOutcome open(const ProgramRequest& request, ProgramSink& sink) = 0;
};

} // namespace watchpost::unpack
