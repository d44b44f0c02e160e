// The inspection of one message inside an inspector process: read, unpack, walk the leaves, ask the
// engines.
//
// prepare() does everything that needs files (magic data base, YARA rules) and runs before the
// sandbox closes; run() opens nothing. Confined to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "inspect/engine.h"
#include "inspect/report.h"
#include "message/limits.h"
#include "model/copy_setting.h"
#include "unpack/unpack.h"

namespace watchpost::inspect {

struct InspectionSettings {
    message::Limits message_limits;
    unpack::Limits unpack_limits;
    ReportLimits report_limits;
    std::vector<std::string> archive_passwords;
    std::vector<std::string> trusted_servers; // of Authentication-Results, by authserv-id
};

/// Takes decoded leaves that an engine outside the sandbox wants to see (clamav). Views last for
/// the call.
class LeafExporter {
public:
    virtual ~LeafExporter() = default;
    virtual void export_leaf(std::string_view path, std::string_view reading,
                             base::ByteView bytes) = 0;
};

/// What is asked for with one message.
struct InspectionOrder {
    base::Deadline deadline;
    model::CopySetting copies = model::CopySetting::automatic; // of the mailbox that it came from
    /// Not empty: what is inspected stands in several messages, one behind the other, of these
    /// lengths, and is the message that they make together (RFC 2046 §5.2.2).
    std::vector<std::uint64_t> pieces = {};
    unpack::Program* program = nullptr; // opens what no reader does; may be null
};

class Inspection {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Inspection>>
    prepare(InspectionSettings settings, std::vector<std::unique_ptr<Engine>> engines);
    ~Inspection();
    Inspection(const Inspection&) = delete;
    Inspection& operator=(const Inspection&) = delete;

    /// Never fails: what could not be looked at stands in not_inspected. Each distinct leaf (by
    /// SHA-256) is exported once; `exporter` may be null.
    [[nodiscard]] Report run(base::ByteView raw, const InspectionOrder& order,
                             LeafExporter* exporter);

private:
    struct State;
    explicit Inspection(std::unique_ptr<State> state);
    [[nodiscard]] Report inspect(base::ByteView raw, const InspectionOrder& order,
                                 LeafExporter* exporter);
    std::unique_ptr<State> state_;
};

} // namespace watchpost::inspect
