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
#include <unordered_set>
#include <utility>
#include <vector>

#include "barcodes/scanner.h"
#include "base/bytes.h"
#include "base/time.h"
#include "inspect/engine.h"
#include "inspect/file_type.h"
#include "inspect/inspection.h"
#include "inspect/leaf_path.h"
#include "inspect/message_passwords.h"
#include "inspect/report_builder.h"
#include "message/message.h"
#include "message/model_builder.h"
#include "message/reading_plan.h"
#include "message/text_charsets.h"
#include "unpack/unpack.h"

namespace watchpost::inspect {

/// What a walk works with; all of it outlives the walk.
struct WalkTools {
    const FileTypes& types;
    const std::vector<std::unique_ptr<Engine>>& engines;
    const InspectionSettings& settings;
    LeafExporter* exporter = nullptr;
    std::vector<const message::Part*> html_bodies; // of the message that is shown
    unpack::Program* program = nullptr;            // opens what no reader does; may be null
};

class Walk {
public:
    Walk(const WalkTools& tools, base::Deadline deadline, ReportBuilder& report)
        : tools_{tools}
        , budget_{deadline}
        , report_{report}
        , passwords_{tools.settings.archive_passwords}
    {
    }

    /// Every reading of the message itself: the strict one, then those that it leaves open. `raw`
    /// are the octets that `strict` was read from.
    void walk_message(base::ByteView raw, const message::Message& strict);

    /// Size and digest of a leaf of the message itself that was reached.
    [[nodiscard]] std::optional<message::LeafDigest> digest_of(const message::Part& part) const;

    /// One of WalkTools::html_bodies as it was read; once each.
    [[nodiscard]] std::optional<message::HtmlBody> take_html_of(const message::Part& part);

private:
    class Members;

    /// One message in one reading, while its leaves are walked.
    class Tree;

    struct Found {
        std::string path;
        std::string reading{message::strict_reading};
        Origin origin = Origin::body;
        std::string_view declared_type;
        std::string_view charset; // declared, of a text
        std::string_view filename;
        std::string_view other_filename;
        base::ByteView bytes;
        const unpack::Password* password = nullptr; // that opened it
        const message::Part* part = nullptr;        // where it is a part of a message
        bool is_version = false;    // of a text, decoded: it has no versions of its own
        bool is_shown_html = false; // … which its holder was read as already
    };

    struct RealType {
        std::string name = {};
        bool is_of_library = false; // else it was evident
    };

    /// A file that stands in the leaf `holder`.
    [[nodiscard]] static Found find_in(const Found& holder, std::string path,
                                       std::string_view filename, base::ByteView bytes);
    void walk_found(const Found& found, std::size_t depth);

    /// `reading` is that in which the message itself was found.
    void walk_readings(base::ByteView raw, const message::Message& strict,
                       const std::string& prefix, std::size_t depth, const std::string& reading);
    bool has_room_for_reading(const std::string& path);
    void tell(const Tree& strict, const Tree& other);
    void walk_tree(const message::Message& message, Tree& tree);
    void walk_part(const message::Part& part, Tree& tree);
    Found find_part(const message::Part& part, const Tree& tree, std::string_view declared_type);
    /// A further reading brings most leaves again: each is inspected once under its name and type.
    [[nodiscard]] static std::string key_of(const Found& found, const crypto::Sha256& digest);
    /// `below` gives out the paths of what the leaf holds. The digest; nullopt where the time was
    /// over.
    std::optional<crypto::Sha256> walk_leaf(const Found& found, std::size_t depth,
                                            MemberPaths& below);
    void inspect(const Found& found, const crypto::Sha256& digest);
    const std::string& real_type_of(const Found& found, const crypto::Sha256& digest);
    void ask_engines(const Leaf& leaf);
    void open(const Found& found, std::size_t depth, MemberPaths& below);
    void open_container(const Found& found, std::size_t depth, MemberPaths& below);
    void open_message(const Found& found, std::size_t depth, MemberPaths& below);
    [[nodiscard]] bool is_html_body(const Found& found) const;
    /// In each charset that counts: what it shows, and its versions as leaves below it.
    void read_text(const Found& found, const crypto::Sha256& digest, std::size_t depth,
                   MemberPaths& below);
    void note_charsets(const Found& found, const message::TextVersions& texts);
    bool walk_version(const Found& found, const message::TextVersion& version,
                      message::TextMarkup markup, std::size_t depth, MemberPaths& below);
    void walk_embedded(const Found& text, std::size_t depth, MemberPaths& below);
    void read_html(const Found& found, const crypto::Sha256& digest, std::size_t depth,
                   MemberPaths& below);
    void tell_html(const Found& found, const message::HtmlBody& html, std::size_t objects);
    void walk_objects(const Found& document, const std::vector<message::HtmlObject>& objects,
                      std::size_t depth, MemberPaths& below);
    /// Counts a file that stands in a leaf; false, and said so, where the limits of unpacking have
    /// no room for it.
    bool take_room_for_file(const Found& holder, std::size_t bytes, std::string_view files);
    void keep_html(const message::Part& part, message::HtmlBody html);
    /// QR codes that the leaf shows: each is a leaf below it, and among codes and links. `html` is
    /// its text, where it is a document.
    void look_for_codes(const Found& found, const crypto::Sha256& digest,
                        std::optional<std::string_view> html, std::size_t depth,
                        MemberPaths& below);
    [[nodiscard]] barcodes::Scan scan(const Found& found, const std::string& real_type,
                                      std::optional<std::string_view> html);
    void walk_code(const Found& found, const barcodes::Code& code, std::size_t depth,
                   MemberPaths& below);
    void add_reference(const Referrer& document, const unpack::Reference& reference);
    void add_defect(const message::Defect& defect, std::string path, std::string_view reading);
    void add_unopened(const Unopened& container);
    [[nodiscard]] bool is_late(std::string_view path);

    WalkTools tools_;
    Budget budget_;
    ReportBuilder& report_;
    MessagePasswords passwords_;
    unpack::Usage usage_;
    bool was_late_ = false;
    std::size_t readings_ = 0; // beyond the strict ones, of this message and those stored in it
    std::unordered_set<std::string> seen_;                // keys of what was inspected
    std::vector<std::string> told_;                       // findings about readings
    std::set<std::pair<std::string, std::string>> gaps_;  // of the message reader: path and reason
    std::set<std::pair<std::string, std::string>> noted_; // defects of charsets: path and id
    std::map<const message::Part*, message::LeafDigest> digests_; // parts outlive the walk
    std::map<const message::Part*, message::HtmlBody> html_bodies_;
    std::size_t html_bytes_ = 0; // of these
    std::map<crypto::Sha256, RealType> real_types_;
    barcodes::Scanner scanner_;
    std::set<crypto::Sha256> scanned_;  // looked at for codes
    std::set<crypto::Sha256> exported_; // distinct bytes; engines in here see every leaf
};

} // namespace watchpost::inspect
