// Private: the alert list, read over one connection.
#pragma once

#include "base/error.h"
#include "store/records.h"
#include "store/sqlite/database.h"

namespace watchpost::store::sqlite {

/// A page and the capped total. Every list it walks is in the order of alerts' numbers already, is
/// entered where the page begins and left where page and total are full; what has to be walked to
/// the end is what no alert fits, and the most that costs is the lists of the words that were
/// asked.
[[nodiscard]] base::Result<AlertPage> read_alerts(Connection& connection, const Scope& scope,
                                                  const AlertQuery& query);

} // namespace watchpost::store::sqlite
