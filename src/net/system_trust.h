// The trust anchors of the machine, read once: its bundle of some 140 certificates takes tens of
// milliseconds and some MiB, and every poll of every mailbox needs it. Thread-safe.
#pragma once

#include "net/openssl.h"

namespace watchpost::net {

using TrustStore = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;

/// What OpenSSL's default paths name, as bundle and folders are now: changed ones are read anew.
/// Others have the same store: it must not be added to. Empty where the machine has none.
[[nodiscard]] TrustStore system_trust();

/// A store of one's own with the same anchors, to be added to. Null where there is no memory.
[[nodiscard]] TrustStore copy_of_system_trust();

} // namespace watchpost::net
