// What pipeline and inspector say to each other over their channel: one struct a kind of message.
//
//   pipeline → inspector   configure (once), then for each message: inspect + descriptor,
//                          leaf_taken for each leaf
//   inspector → pipeline   ready or refused, then for each message: leaf + descriptor (many),
//                          report; or out_of_memory and the end
//
// Decoders are strict and bounded; what comes from an inspector is hostile. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "inspect/report.h"
#include "ipc/message.h"
#include "model/copy_setting.h"
#include "os/sandbox.h"

namespace watchpost::pipeline::protocol {

enum class Kind : std::uint16_t {
    configure = 1,
    inspect = 2,
    leaf_taken = 3,
    ready = 16,
    refused = 17,
    leaf = 18,
    report = 19,
    out_of_memory = 20
};

/// The first message: the walls, and what Prepare needs.
struct Configure {
    std::uint64_t data_bytes_max = 0;
    std::uint64_t leaf_bytes_max = 0;
    bool exports_leaves = false;
    bool has_unpacker = false; // the channel to it is the next descriptor
    base::Bytes configuration;
};

/// One message, its descriptor comes along. `number` returns in every answer to it.
struct InspectOrder {
    std::uint64_t number = 0;
    std::uint32_t time_ms = 0; // the budget
    model::CopySetting copies = model::CopySetting::automatic;
    std::vector<std::uint64_t> pieces = {}; // as inspect::InspectionOrder has them
};

/// The oldest leaf that was sent is dealt with: there is room for another.
struct LeafTaken {
    std::uint64_t number = 0;
};

struct Ready {
    std::vector<os::Measure> measures = {};
    std::uint32_t rule_count = 0; // that its engines have loaded
};

/// Prepare or the sandbox failed.
struct Refused {
    base::Error error;
};

/// A decoded leaf for the engines outside; its sealed memory file comes along, unless it is too
/// large to be handed out.
struct Leaf {
    std::uint64_t number = 0;
    std::string path;
    std::string reading;
};

struct ReportHome {
    std::uint64_t number = 0;
    inspect::Report report;
};

struct OutOfMemory {
    std::uint64_t number = 0;
};

inline constexpr std::size_t pieces_max = 1'000; // of one message
inline constexpr std::size_t leaf_text_bytes_max = std::size_t{64} * 1024;
inline constexpr std::size_t configuration_bytes_max = std::size_t{16} << 20U;

/// What each side takes in one message.
[[nodiscard]] ipc::Limits limits_of_inspector() noexcept;
[[nodiscard]] ipc::Limits limits_of_pipeline(const inspect::ReportLimits& limits);

[[nodiscard]] base::Bytes encode(const Configure& message);
[[nodiscard]] base::Bytes encode(const InspectOrder& message);
[[nodiscard]] base::Bytes encode(const LeafTaken& message);
[[nodiscard]] base::Bytes encode(const Ready& message);
[[nodiscard]] base::Bytes encode(const Refused& message);
[[nodiscard]] base::Bytes encode(const Leaf& message);
[[nodiscard]] base::Bytes encode(const OutOfMemory& message);
[[nodiscard]] base::Bytes encode_report(std::uint64_t number, const inspect::Report& report);

[[nodiscard]] base::Result<Configure> decode_configure(base::ByteView payload);
[[nodiscard]] base::Result<InspectOrder> decode_inspect(base::ByteView payload);
[[nodiscard]] base::Result<LeafTaken> decode_leaf_taken(base::ByteView payload);
[[nodiscard]] base::Result<Ready> decode_ready(base::ByteView payload);
[[nodiscard]] base::Result<Refused> decode_refused(base::ByteView payload);
[[nodiscard]] base::Result<Leaf> decode_leaf(base::ByteView payload);
[[nodiscard]] base::Result<OutOfMemory> decode_out_of_memory(base::ByteView payload);
[[nodiscard]] base::Result<ReportHome> decode_report(base::ByteView payload,
                                                     const inspect::ReportLimits& limits);

} // namespace watchpost::pipeline::protocol
