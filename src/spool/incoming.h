// A message on its way into the spool: in memory while it is small, in a file of its own otherwise.
//
// Owns its file and removes it unless it was given up to the log. Not thread-safe; does not
// outlive the spool that made it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "os/file_system.h"
#include "spool/intake.h"
#include "spool/room.h"

namespace watchpost::spool {

class IncomingMessage final : public Incoming {
public:
    /// How much of a large message may be in the cache only, so that its last sync is not a long
    /// one.
    static constexpr std::uint64_t unsynced_bytes_max = std::uint64_t{64} * 1024 * 1024;

    /// Folder and room outlive the message. The octets of a large one take room as they come.
    IncomingMessage(os::FileSystem& folder, Room& room, std::uint64_t announced_octets);
    ~IncomingMessage() override;
    IncomingMessage(const IncomingMessage&) = delete;
    IncomingMessage& operator=(const IncomingMessage&) = delete;

    [[nodiscard]] base::Result<void> append(base::ByteView bytes) override;
    [[nodiscard]] std::uint64_t octets() const noexcept override { return octets_; }
    [[nodiscard]] base::Result<crypto::Sha256> finish() override;

    /// An append() or finish() failed: octets are missing, the message must not become ours.
    [[nodiscard]] const std::optional<base::Error>& failure() const noexcept { return failure_; }

    [[nodiscard]] const SpoolId& id() const noexcept { return id_; }
    [[nodiscard]] bool is_large() const noexcept { return file_ != nullptr; }

    /// All octets of a message that is not large.
    [[nodiscard]] base::ByteView buffered() const noexcept { return buffer_; }

    /// Makes the octets of a large one durable and gives the file its final name, which is not
    /// durable yet: that is one sync of the folder for the whole batch.
    [[nodiscard]] base::Result<void> store_file();

    /// From here on a record may name the file: it is no longer ours to remove.
    void give_up_file() noexcept { is_given_up_ = true; }

private:
    [[nodiscard]] base::Result<void> take(base::ByteView bytes);
    void make_room_for(std::size_t octets);
    [[nodiscard]] base::Result<void> write_buffer();
    [[nodiscard]] base::Result<void> begin_file();
    [[nodiscard]] base::Result<void> sync_file();

    os::FileSystem& folder_;
    Room& room_;
    SpoolId id_ = SpoolId::make();
    base::Bytes buffer_;
    crypto::Sha256Hasher hasher_;
    std::optional<crypto::Sha256> digest_;
    std::uint64_t octets_ = 0;
    std::unique_ptr<os::File> file_; // of a large message
    std::uint64_t written_ = 0;      // octets in it
    std::uint64_t synced_ = 0;
    std::optional<base::Error> failure_; // what was not taken can never be committed
    bool is_stored_ = false;             // has its final name
    bool is_given_up_ = false;
};

} // namespace watchpost::spool
