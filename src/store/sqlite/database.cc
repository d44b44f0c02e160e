#include "store/sqlite/database.h"

#include <utility>

#include <sqlite3.h>

#include "base/assert.h"
#include "store/sqlite/beginnings.h"

namespace watchpost::store::sqlite {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

struct Meaning {
    ErrorCode code;
    Retry retry;
    std::string_view remedy;
};

Meaning meaning_of(int code) noexcept
{
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return {ErrorCode::disk_full, Retry::later, "; free some space, it goes on by itself"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {ErrorCode::damaged, Retry::never,
                "; stop Watchpost, keep a copy of the damaged file and restore the newest backup"};
    case SQLITE_CONSTRAINT:
        return {ErrorCode::busy, Retry::never, ""};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::busy, Retry::later, "; another program has the store open"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return {ErrorCode::permission_denied, Retry::never,
                "; check that the folder exists and who owns it"};
    default:
        return {ErrorCode::io_failed, Retry::later, ""};
    }
}

base::Error sqlite_error(sqlite3* handle, int code, std::string_view doing)
{
    const Meaning meaning = meaning_of(code);
    std::string message{doing};
    message += ": ";
    message += handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    message += meaning.remedy;
    return base::Error{meaning.code, meaning.retry, std::move(message)};
}

} // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_{std::exchange(other.statement_, nullptr)}
    , connection_{other.connection_}
    , bound_{other.bound_}
{
}

Statement::~Statement()
{
    if (statement_ != nullptr) {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
}

Statement& Statement::bind(std::string_view text)
{
    // A null pointer would bind NULL.
    const char* const data = text.empty() ? "" : text.data();
    ++bound_;
    WP_ASSERT(statement_ == nullptr ||
              sqlite3_bind_text64(statement_, bound_, data, text.size(), SQLITE_TRANSIENT,
                                  SQLITE_UTF8) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(std::int64_t number)
{
    ++bound_;
    WP_ASSERT(statement_ == nullptr || sqlite3_bind_int64(statement_, bound_, number) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_null()
{
    ++bound_;
    WP_ASSERT(statement_ == nullptr || sqlite3_bind_null(statement_, bound_) == SQLITE_OK);
    return *this;
}

Result<bool> Statement::step()
{
    if (statement_ == nullptr) { // the store was too damaged to prepare it
        return base::fail(connection_->error("use the store"));
    }
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    return base::fail(connection_->error("use the store"));
}

Result<void> Statement::run()
{
    auto row = step();
    if (!row) {
        return base::fail(std::move(row.error()));
    }
    return {};
}

std::string Statement::text(int column) const
{
    const auto* const data = sqlite3_column_text(statement_, column);
    const auto count = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data == nullptr ? std::string{}
                           : std::string{reinterpret_cast<const char*>(data), count};
}

std::int64_t Statement::number(int column) const
{
    return sqlite3_column_int64(statement_, column);
}

bool Statement::is_null(int column) const
{
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access)
{
    sqlite3* handle = nullptr;
    const int mode = access == Access::read_only ? SQLITE_OPEN_READONLY
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(path.c_str(), &handle, mode | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<Connection> connection{new Connection{handle}};
    if (code != SQLITE_OK) {
        return base::fail(sqlite_error(handle, code, "open " + path));
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, 5'000);
    const char* const pragmas = access == Access::read_only
                                    ? "PRAGMA query_only = 1; PRAGMA temp_store = MEMORY;"
                                    : "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                      "PRAGMA foreign_keys = 1; PRAGMA temp_store = MEMORY;";
    auto set = connection->execute(pragmas);
    if (set) {
        set = register_beginnings(handle);
    }
    if (!set) {
        return base::fail(std::move(set.error()).during("open " + path));
    }
    return connection;
}

Connection::~Connection()
{
    for (const auto& [sql, statement] : statements_) {
        sqlite3_finalize(statement);
    }
    sqlite3_close_v2(handle_);
}

Statement Connection::prepare(std::string_view sql)
{
    const auto known = statements_.find(sql);
    if (known != statements_.end()) {
        return Statement{known->second, *this};
    }
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    WP_ASSERT(code != SQLITE_ERROR && code != SQLITE_MISUSE); // SQL of ours that is wrong
    if (code != SQLITE_OK) {
        return Statement{nullptr, *this}; // its step() tells the error
    }
    statements_.emplace(sql, statement);
    return Statement{statement, *this};
}

Result<void> Connection::execute(const std::string& sql)
{
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return base::fail(sqlite_error(handle_, code, "use the store"));
    }
    return {};
}

Effort Connection::effort() const
{
    Effort effort;
    for (const int counter : {SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS}) {
        int count = 0;
        int highest = 0;
        sqlite3_db_status(handle_, counter, &count, &highest, 0);
        effort.pages += count;
    }
    for (const auto& [sql, statement] : statements_) {
        effort.steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0);
    }
    return effort;
}

std::int64_t Connection::changed_rows() const
{
    return sqlite3_changes64(handle_);
}

base::Error Connection::error(std::string_view doing) const
{
    return sqlite_error(handle_, sqlite3_extended_errcode(handle_), doing);
}

Result<Transaction> Transaction::begin(Connection& connection)
{
    auto begun = connection.execute("BEGIN IMMEDIATE");
    if (!begun) {
        return base::fail(std::move(begun.error()));
    }
    return Transaction{connection};
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_{std::exchange(other.connection_, nullptr)}
{
}

Transaction::~Transaction()
{
    if (connection_ != nullptr) {
        // Fails only where the transaction has been rolled back by SQLite already.
        static_cast<void>(connection_->execute("ROLLBACK").has_value());
    }
}

Result<void> Transaction::commit()
{
    auto committed = connection_->execute("COMMIT");
    if (committed) {
        connection_ = nullptr;
    }
    return committed;
}

} // namespace watchpost::store::sqlite
