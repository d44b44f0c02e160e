// Private: SQLite behind RAII and Result. A Connection and its statements belong to one thread at a
// time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace watchpost::store::sqlite {

class Connection;

/// One execution of a prepared statement: bind in order, step, read columns. Resets itself at its
/// end.
class Statement {
public:
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Binds the next parameter.
    Statement& bind(std::string_view text);
    Statement& bind(std::int64_t number);
    Statement& bind(base::Instant time) { return bind(time.time_since_epoch().count()); }
    Statement& bind_null();
    Statement& bind(const std::optional<base::Instant>& time)
    {
        return time ? bind(*time) : bind_null();
    }

    /// True: there is a row to read. False: done.
    [[nodiscard]] base::Result<bool> step();
    /// For statements without rows.
    [[nodiscard]] base::Result<void> run();

    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] bool flag(int column) const { return number(column) != 0; }
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] base::Instant instant(int column) const
    {
        return base::Instant{std::chrono::microseconds{number(column)}};
    }
    [[nodiscard]] std::optional<base::Instant> optional_instant(int column) const
    {
        return is_null(column) ? std::nullopt : std::optional{instant(column)};
    }

private:
    friend class Connection;
    Statement(sqlite3_stmt* statement, Connection& connection)
        : statement_{statement}
        , connection_{&connection}
    {
    }

    sqlite3_stmt* statement_;
    Connection* connection_; // outlives its statements
    int bound_ = 0;
};

enum class Access : std::uint8_t { read_write, read_only };

/// What a connection has done so far, without a clock: tests hold the plans of queries to it.
struct Effort {
    std::int64_t pages = 0; // looked at, in the cache or in the file: the full-text index, too
    std::int64_t steps = 0; // of SQLite's virtual machine
};

class Connection {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Connection>> open(const std::string& path,
                                                                        Access access);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// SQL of ours, prepared once and kept. Wrong SQL is a broken invariant.
    [[nodiscard]] Statement prepare(std::string_view sql);
    /// Several statements without parameters.
    [[nodiscard]] base::Result<void> execute(const std::string& sql);

    [[nodiscard]] std::int64_t changed_rows() const;
    [[nodiscard]] Effort effort() const;
    /// The error of the call that just failed, with a remedy where there is one.
    [[nodiscard]] base::Error error(std::string_view doing) const;

private:
    explicit Connection(sqlite3* handle) : handle_{handle} {}

    sqlite3* handle_;
    std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

/// Every row that is left, each made by `read(statement)`.
template <typename Read>
auto all_rows(Statement& statement, Read&& read)
    -> base::Result<std::vector<decltype(read(statement))>>
{
    std::vector<decltype(read(statement))> rows;
    while (true) {
        auto row = statement.step();
        if (!row) {
            return base::fail(std::move(row.error()));
        }
        if (!*row) {
            return rows;
        }
        rows.push_back(read(statement));
    }
}

/// BEGIN IMMEDIATE … COMMIT; rolled back where commit() was not reached.
class Transaction {
public:
    [[nodiscard]] static base::Result<Transaction> begin(Connection& connection);
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    [[nodiscard]] base::Result<void> commit();

private:
    explicit Transaction(Connection& connection) : connection_{&connection} {}
    Connection* connection_; // null once committed or moved from
};

} // namespace watchpost::store::sqlite
