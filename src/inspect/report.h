// What an inspection brings home: plain data, filled inside the inspector, completed by the
// pipeline.
//
// Crosses the border from the sandbox as bounded frames (report_codec.h), so nothing in it is
// trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "crypto/sha256.h"
#include "model/message_model.h"
#include "verdict/finding.h"

namespace watchpost::inspect {

/// One decoded leaf, of the message or of an archive in it; also message/rfc822 and the archives
/// themselves, before their children.
struct PartInfo {
    std::string
        path; // "1.2.1", members "1.2!name" (`!`, `%` and controls percent-encoded, doubles "#2")
    std::string reading = "strict";
    std::string type;      // declared media type; the real one for archive members
    std::string real_type; // by content: libmagic, or evident text of a body
    std::string filename;
    std::uint64_t size = 0; // decoded octets: charset and line ends untouched
    crypto::Sha256 sha256{};
};

/// A reading of a message whose leaves are not those of the strict one (ADR 0016).
struct ReadingInfo {
    std::string name;               // as PartInfo::reading: a profile, or departures joined by "+"
    std::string part;               // the stored message that is read so; empty: the message itself
    std::vector<PartInfo> adds;     // leaves that the strict reading does not have
    std::vector<std::string> lacks; // paths of leaves that only the strict reading has

    static constexpr std::size_t leaves_max = 100; // of each list; more are not written down
};

struct DefectInfo {
    std::string id;
    std::string part;
    std::uint64_t offset = 0;
    std::string detail;
};

/// The message itself is a piece of a larger one, and says so (message/partial).
struct PieceInfo {
    std::string id;
    std::uint64_t number = 0; // from 1; 0 where it is missing or no number
    std::uint64_t total = 0;  // 0: it does not say
    crypto::Sha256 content{}; // of what it adds to the whole
};

struct Report {
    std::vector<PartInfo> parts;
    std::vector<verdict::Finding> findings;
    std::vector<verdict::NotInspected> not_inspected;
    std::vector<DefectInfo> defects;
    std::vector<ReadingInfo> readings; // in the order in which they were taken
    std::vector<PieceInfo> pieces;     // one, where the message is a piece
    model::MessageModel message;
};

/// What a report may hold; more is cut and recorded as not inspected: "limit_…".
struct ReportLimits {
    std::size_t parts_max = 50'000;
    std::size_t findings_max = 5'000;
    std::size_t defects_max = 5'000;
    std::size_t not_inspected_max = 5'000;
    std::size_t document_links_max = 1'000;
    std::size_t readings_max = 200;
    std::size_t html_documents_max = 500;
    std::size_t text_bytes_max = std::size_t{8} << 20U; // any one text
    std::size_t bytes_max = std::size_t{64} << 20U;     // all texts together, without `message`

    /// Lines of not_inspected beyond the maximum: one for each limit of the report that was
    /// reached.
    static constexpr std::size_t own_gaps_max = 12;
};

} // namespace watchpost::inspect
