// The embedded store: one SQLite file in WAL mode, full synchronous writes.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "store/store.h"

namespace watchpost::store {

/// Opens or makes the store at `path`, checks it and brings its schema up to date. A damaged one is
/// refused (ErrorCode::damaged) with what to do. Thread rule: that of Store.
[[nodiscard]] base::Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path);

} // namespace watchpost::store
