// Private: numbered SQL files, embedded at build time, applied in order at the start.
#pragma once

#include <span>
#include <string_view>

#include "base/error.h"
#include "store/sqlite/database.h"

namespace watchpost::store::sqlite {

struct Migration {
    int number;
    std::string_view sql;
};

/// All of schema/sql/sqlite, ascending (generated).
[[nodiscard]] std::span<const Migration> migrations() noexcept;

/// Brings the schema up to date, each file in a transaction of its own. A store that a newer
/// program wrote is refused (unsupported) with the remedy.
[[nodiscard]] base::Result<void> migrate(Connection& connection);

} // namespace watchpost::store::sqlite
