// The border at which a message becomes ours: the collector codes against Intake, never against
// files.
//
// On one node the implementation is Spool (segments and large files on disk); the cluster brings a
// second one that checks the lease's epoch inside the commit. Life of a message, steps 3 to 5, in
// ARCHITECTURE.md. Thread rule: an Intake is shared by all sessions and thread-safe; an Incoming
// belongs to one session.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "base/ulid.h"
#include "crypto/sha256.h"

namespace watchpost::spool {

using SpoolId = base::Id<struct SpoolIdTag>;

enum class Completeness : std::uint8_t {
    whole,
    short_of_announced, // fewer octets came than LIST said: kept, flagged, never deleted at the
                        // source
    too_large,          // over the size limit: recorded, content not stored, never deleted
    before_first_poll,  // there before the mailbox was watched: recorded as seen, never fetched,
                        // never deleted, settled from the start
    another_uid,        // a message that is ours already, whole, under the UID or size that the
                        // server gives it now; settled from the start
    another_uid_short   // the same where it is, or was, fewer octets than announced: never deleted
                        // at the source
};

[[nodiscard]] constexpr bool is_another_uid(Completeness completeness) noexcept
{
    return completeness == Completeness::another_uid ||
           completeness == Completeness::another_uid_short;
}

/// Fewer octets than LIST said came of it.
[[nodiscard]] constexpr bool is_short(Completeness completeness) noexcept
{
    return completeness == Completeness::short_of_announced ||
           completeness == Completeness::another_uid_short;
}

/// Is there a message to be stored with the receipt?
[[nodiscard]] constexpr bool has_content(Completeness completeness) noexcept
{
    return completeness == Completeness::whole || completeness == Completeness::short_of_announced;
}

/// Is there nothing to be inspected and recorded of it?
[[nodiscard]] constexpr bool is_settled_from_start(Completeness completeness) noexcept
{
    return completeness == Completeness::before_first_poll || is_another_uid(completeness);
}

/// One maildrop over its life. `generation` rises when the user name changes or the operator says
/// so.
struct MailboxKey {
    std::string mailbox; // the mailbox's id, at most 255 octets
    std::uint32_t generation = 1;

    friend auto operator<=>(const MailboxKey&, const MailboxKey&) = default;
};

/// The ledger record of one message, durable together with its content.
struct Receipt {
    MailboxKey key;
    std::string uid; // opaque octets (RFC 1939 §7), empty where the server gives none; at most 1024
    crypto::Sha256 sha256{};
    std::uint64_t octets = 0;           // stored: dot-unstuffed, line ends as they came
    std::uint64_t announced_octets = 0; // by LIST
    std::uint64_t epoch = 0;            // of the lease under which it was fetched
    Completeness completeness = Completeness::whole;
    base::Instant received_at{};
    std::uint32_t fetch_again = 0; // the mailbox's request to fetch again that it came under
    SpoolId copy_of = {}; // of such a one whose content was ours already: that message; else nil

    [[nodiscard]] bool is_copy() const noexcept { return copy_of != SpoolId{}; }
};

/// One message on its way in. Destroying it before it is given to commit() forgets it.
class Incoming {
public:
    virtual ~Incoming() = default;
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;

    /// Takes the next octets; hashes and counts them. Memory does not grow beyond
    /// buffered_bytes_max.
    [[nodiscard]] virtual base::Result<void> append(base::ByteView bytes) = 0;

    [[nodiscard]] virtual std::uint64_t octets() const noexcept = 0;

    /// Ends the message: append() may not be called again. Its SHA-256, for a collector that has to
    /// know the content before it commits. What a large one needs of the disk is taken by then, so
    /// that one without room costs no other of its batch; it holds no octets in memory afterwards.
    [[nodiscard]] virtual base::Result<crypto::Sha256> finish() = 0;

    static constexpr std::size_t buffered_bytes_max = std::size_t{256} * 1024;

protected:
    Incoming() = default;
};

/// A message that was read to its end, with what the ledger is to say of it. sha256 and octets of
/// the receipt are filled in by the intake. A too_large one has no content; its octets are what the
/// collector read of it before it gave up, 0 where LIST was enough. Those of another_uid, and its
/// sha256, are of the content that is kept elsewhere.
struct Arrival {
    std::unique_ptr<Incoming> content; // null only where has_content() says so
    Receipt receipt;
};

/// What happened at the source afterwards.
enum class SourceState : std::uint8_t {
    kept,           // still there as far as we know
    delete_pending, // DELE was sent, QUIT not yet confirmed
    expunged        // QUIT was answered with +OK
};

struct SourceChange {
    SpoolId id;
    SourceState state = SourceState::kept;
};

class Intake {
public:
    virtual ~Intake() = default;
    Intake(const Intake&) = delete;
    Intake& operator=(const Intake&) = delete;

    /// `announced_octets` only decides where the bytes are put, and disk_full says early where so
    /// many have no room now; a server that lies costs nothing but speed.
    [[nodiscard]] virtual base::Result<std::unique_ptr<Incoming>>
    begin(std::uint64_t announced_octets) = 0;

    /// Makes the messages and their ledger records durable together, in this order; only then are
    /// they ours, and only then may they be deleted at the source. On error none of them is ours:
    /// they must be fetched again (ErrorCode::disk_full, Retry::later: pause collecting).
    [[nodiscard]] virtual base::Result<std::vector<SpoolId>> commit(std::vector<Arrival> batch) = 0;

    /// Notes what became of messages at the source. Durable with the next commit or flush().
    [[nodiscard]] virtual base::Result<void> note(const std::vector<SourceChange>& changes) = 0;

    /// Makes all notes durable.
    [[nodiscard]] virtual base::Result<void> flush() = 0;

    /// A larger message is never taken, however much room there is.
    [[nodiscard]] virtual std::uint64_t message_bytes_max() const noexcept
    {
        return std::numeric_limits<std::uint64_t>::max();
    }

protected:
    Intake() = default;
};

} // namespace watchpost::spool
