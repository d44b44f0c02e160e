// The ids of what the store keeps. ULIDs, made where the thing is made, so that nodes never
// collide.
#pragma once

#include "base/ulid.h"
#include "spool/intake.h"

namespace watchpost::store {

using TenantId = base::Id<struct TenantIdTag>;
using NodeId = base::Id<struct NodeIdTag>;
using AlertId = base::Id<struct AlertIdTag>;
using UserId = base::Id<struct UserIdTag>;
using MailboxId = base::Id<struct MailboxIdTag>;
using YaraFileId = base::Id<struct YaraFileIdTag>;
using MessageId = spool::SpoolId; // of the collected message, not its Message-ID field

/// Who may see what: every read is scoped by tenants, in one place of each implementation.
struct Scope {
    TenantId tenant; // the first releases have one: "default"
};

/// Who changed something, for the audit row that every change leaves.
struct Actor {
    UserId user; // a nil id: the product itself
    std::string user_name;
    std::string peer_address;
};

} // namespace watchpost::store
