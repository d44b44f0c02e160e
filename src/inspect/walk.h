// The walk through one message: every decoded leaf, every container in it, down to the limits.
//
// Order is document order, a container before what it holds. Only one leaf and the containers
// around it are in memory. Depth of recursion is bounded by unpack::Limits::depth_max (containers)
// and by the message reader's own limit. Not thread-safe; one object a message.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "inspect/engine.h"
#include "inspect/file_type.h"
#include "inspect/inspection.h"
#include "inspect/leaf_path.h"
#include "inspect/report_builder.h"
#include "message/message.h"
#include "message/model_builder.h"
#include "unpack/unpack.h"

namespace watchpost::inspect {

/// What a walk works with; all of it outlives the walk.
struct WalkTools {
    const FileTypes& types;
    const std::vector<std::unique_ptr<Engine>>& engines;
    const InspectionSettings& settings;
    LeafExporter* exporter = nullptr;
};

class Walk {
public:
    Walk(const WalkTools& tools, base::Deadline deadline, ReportBuilder& report)
        : tools_{tools}
        , budget_{deadline}
        , report_{report}
    {
    }

    /// `prefix` is empty for the message itself, else the path of the file that holds it and "!".
    void walk_message(const message::Message& message, const std::string& prefix,
                      std::size_t depth = 0);

    /// Size and digest of a leaf of the message itself that was reached.
    [[nodiscard]] std::optional<message::LeafDigest> digest_of(const message::Part& part) const;

private:
    class Members;

    struct Found {
        std::string path;
        Origin origin = Origin::body;
        std::string_view declared_type;
        std::string_view filename;
        std::string_view other_filename;
        base::ByteView bytes;
        bool was_encrypted = false;
    };

    void walk_part(const message::Part& part, const std::string& prefix, std::size_t depth);
    void walk_uuencoded(const message::Part& part, const Found& text, const std::string& prefix,
                        std::size_t depth, MemberPaths& below);
    /// `below` gives out the paths of what the leaf holds. The digest; nullopt where the time was
    /// over.
    std::optional<crypto::Sha256> walk_leaf(const Found& found, std::size_t depth,
                                            MemberPaths& below);
    crypto::Sha256 inspect(const Found& found);
    const std::string& real_type_of(const crypto::Sha256& digest, base::ByteView bytes);
    void ask_engines(const Leaf& leaf);
    void open(const Found& found, std::size_t depth, MemberPaths& below);
    void open_container(const Found& found, std::size_t depth, MemberPaths& below);
    void open_message(const Found& found, std::size_t depth, MemberPaths& below);
    void add_defect(const message::Defect& defect, const std::string& prefix);
    void add_reference(std::string_view path, const unpack::Reference& reference);
    void add_unopened(const Unopened& container);
    [[nodiscard]] bool is_late(std::string_view path);

    WalkTools tools_;
    Budget budget_;
    ReportBuilder& report_;
    unpack::Usage usage_;
    bool was_late_ = false;
    std::map<const message::Part*, message::LeafDigest> digests_; // parts outlive the walk
    std::map<crypto::Sha256, std::string> real_types_;
    std::set<crypto::Sha256> exported_; // distinct bytes; engines in here see every leaf
};

} // namespace watchpost::inspect
