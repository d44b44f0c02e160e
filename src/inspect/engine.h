// What an inspection engine is to the rest of the product.
//
// An engine gets a read-only view of the message and of one leaf at a time, a budget and a sink; it
// sees no other engine's results. Only verdict/ combines. Engines that run inside an inspector
// implement Engine; clamav runs in the pipeline process and implements inspect::LeafScanner
// (leaf_scanner.h). Thread rule: one engine object belongs to one inspector process and one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "model/message_model.h"
#include "unpack/unpack.h"
#include "verdict/finding.h"

namespace watchpost::inspect {

/// Where a leaf came from.
enum class Origin : std::uint8_t {
    body,          // a part without a file name that is not an attachment
    attachment,    // a part of the message with a file name or disposition "attachment"
    message,       // message/rfc822, as decoded
    archive_member // a file inside an archive or document container
};

/// One decoded part or archive member. Views are valid during the call only.
struct Leaf {
    std::string_view path; // "1.2.1", "2!invoice.zip!a.exe"
    std::string_view reading = "strict";
    Origin origin = Origin::body;
    std::string_view declared_type; // lower-case "application/pdf"; empty for archive members
    std::string_view filename;      // UTF-8; as the recipient's program would show it
    base::ByteView bytes;           // decoded
    std::string_view real_type;     // of the bytes, as PartInfo::real_type
    const unpack::Password* password = nullptr; // that opened it; null where none was needed
    std::string_view other_filename; // what another program would show; empty where both agree
    std::string_view charset = {};   // declared, of a text
};

/// A container that could not be opened, wholly or in part; attachment/ makes findings of some.
struct Unopened {
    std::string_view path;
    std::string_view filename;
    std::string_view
        reason; // ids of unpack/: "encrypted_archive", "limit_ratio", "damaged_archive" …
    std::string_view detail;
};

/// The document that a reference stands in.
struct Referrer {
    std::string_view path;
    std::string_view reading = "strict";
};

/// Takes findings; bounded by itself (findings_max), so an engine need not count.
class FindingSink {
public:
    virtual ~FindingSink() = default;
    virtual void add(verdict::Finding finding) = 0;
    virtual void add(verdict::NotInspected gap) = 0;
};

/// How long an engine may go on with what it was given.
struct Budget {
    base::Deadline deadline;
};

class Engine {
public:
    virtual ~Engine() = default;
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    /// Rules that it has loaded; 0 where it has none.
    [[nodiscard]] virtual std::uint32_t rule_count() const noexcept { return 0; }

    /// The raw message, before its leaves. Called once a message.
    virtual void on_message(base::ByteView raw, const Budget& budget, FindingSink& sink) = 0;

    /// Each leaf in document order, a container before its children. Equal leaves may be shown
    /// once.
    virtual void on_leaf(const Leaf& leaf, const Budget& budget, FindingSink& sink) = 0;

    /// Where a document leads or what it starts; behind the document, before or between its
    /// members.
    virtual void on_reference(const Referrer& /*document*/, const unpack::Reference& /*reference*/,
                              FindingSink& /*sink*/)
    {
    }

    /// The links of the message, once, behind all leaves: those of its bodies and of its documents,
    /// with what stands in their wrappers. The wrapped forms stand in the leaves, too.
    virtual void on_links(const std::vector<model::Link>& /*links*/, const Budget& /*budget*/,
                          FindingSink& /*sink*/)
    {
    }

    /// A container that could not be opened.
    virtual void on_unopened(const Unopened& container, FindingSink& sink) = 0;
};

} // namespace watchpost::inspect
