// What an inspector and its unpacker say to each other over their channel (ADR 0026).
//
//   inspector → unpacker   open + descriptor of a sealed memory file, then `next` for each member,
//                          or `stop`
//   unpacker → inspector   member + descriptor (many), then closed
//
// A member may be such a container, too: `open` stands then before the `next` of that member, and
// is answered up to its own `closed`, at most unpacker_depth_max deep.
//
// Decoders are strict and bounded: both sides read hostile bytes. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "ipc/message.h"
#include "unpack/program.h"

namespace watchpost::pipeline::protocol {

enum class UnpackerKind : std::uint16_t { open = 1, next = 2, stop = 3, member = 16, closed = 17 };

constexpr int unpacker_depth_max = 4;

struct OpenOrder {
    std::string format;
    unpack::ProgramRequest::Wanted wanted = unpack::ProgramRequest::Wanted::all;
    std::uint32_t time_ms = 0;
    std::uint64_t member_bytes_max = 0;
    std::uint64_t members_max = 0;
    std::vector<std::string> passwords;
};

/// Its bytes come along in a sealed memory file.
struct MemberFound {
    std::string name;
    std::uint32_t password = no_password;
    std::string damage;

    static constexpr std::uint32_t no_password = UINT32_MAX;
};

/// What an inspector and an unpacker take in one message.
[[nodiscard]] ipc::Limits limits_of_unpacker() noexcept;
[[nodiscard]] ipc::Limits limits_of_unpacked() noexcept;

[[nodiscard]] base::Bytes encode(const OpenOrder& message);
[[nodiscard]] base::Bytes encode(const MemberFound& message);
[[nodiscard]] base::Bytes encode(const unpack::ProgramOutcome& message);

[[nodiscard]] base::Result<OpenOrder> decode_open(base::ByteView payload);
[[nodiscard]] base::Result<MemberFound> decode_member(base::ByteView payload);
[[nodiscard]] base::Result<unpack::ProgramOutcome> decode_closed(base::ByteView payload);

} // namespace watchpost::pipeline::protocol
