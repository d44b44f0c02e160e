// Accounts, and the rule that somebody must be able to administer.
#include <algorithm>

#include "store/sqlite/sqlite_store_impl.h"
#include "store/sqlite/words.h"

namespace watchpost::store::sqlite {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

constexpr std::string_view user_columns =
    "SELECT id, name, roles, is_enabled, must_change_password, password_hash, created_at, "
    "last_sign_in_at, failed_sign_ins, locked_until, session_epoch FROM users ";

User read_user(const Statement& row)
{
    User user;
    user.id = UserId::parse(row.text(0)).value_or(UserId{});
    user.name = row.text(1);
    for (const auto& word : split_words(row.text(2))) {
        if (const auto role = parse_role(word)) {
            user.roles.push_back(*role);
        }
    }
    user.is_enabled = row.flag(3);
    user.must_change_password = row.flag(4);
    user.password_hash = row.text(5);
    user.created_at = row.instant(6);
    user.last_sign_in_at = row.optional_instant(7);
    user.failed_sign_ins = static_cast<std::uint32_t>(row.number(8));
    user.locked_until = row.optional_instant(9);
    user.session_epoch = static_cast<std::uint64_t>(row.number(10));
    return user;
}

std::string role_words(const User& user)
{
    std::vector<std::string> words;
    for (const Role role : user.roles) {
        words.emplace_back(to_string(role));
    }
    return join_words(words);
}

Result<User> one_user(Connection& connection, std::string_view where, const std::string& value)
{
    auto read = connection.prepare(std::string{user_columns} + std::string{where});
    auto row = read.bind(value).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    if (!*row) {
        return base::fail(ErrorCode::not_found, Retry::never, "there is no such account");
    }
    return read_user(read);
}

Result<std::vector<User>> all_users(Connection& connection)
{
    auto read = connection.prepare(std::string{user_columns} + "ORDER BY name");
    return all_rows(read, read_user);
}

bool can_administer(const User& user)
{
    return user.is_enabled &&
           std::find(user.roles.begin(), user.roles.end(), Role::administrator) != user.roles.end();
}

/// Refuses where nobody could administer any more once `changed` is as given.
Result<void> require_administrator(Connection& connection, const User& changed)
{
    const auto users = all_users(connection);
    if (!users) {
        return pass_on(users.error());
    }
    for (const User& user : *users) {
        if (can_administer(user.id == changed.id ? changed : user)) {
            return {};
        }
    }
    return base::fail(
        ErrorCode::busy, Retry::never,
        "this is the last enabled Administrator: give the role to somebody else first");
}

Result<void> update_user(Connection& connection, const User& user)
{
    return connection
        .prepare("UPDATE users SET roles = ?, is_enabled = ?, must_change_password = ?, "
                 "password_hash = ?, last_sign_in_at = ?, failed_sign_ins = ?, locked_until = ?, "
                 "session_epoch = ? WHERE id = ?")
        .bind(role_words(user))
        .bind(std::int64_t{user.is_enabled})
        .bind(std::int64_t{user.must_change_password})
        .bind(user.password_hash)
        .bind(user.last_sign_in_at)
        .bind(std::int64_t{user.failed_sign_ins})
        .bind(user.locked_until)
        .bind(static_cast<std::int64_t>(user.session_epoch))
        .bind(user.id.to_string())
        .run();
}

} // namespace

Result<std::vector<User>> SqliteStore::users() const
{
    return readers_.with([](Connection& connection) { return all_users(connection); });
}

Result<User> SqliteStore::user(UserId id) const
{
    return readers_.with([&](Connection& connection) {
        return one_user(connection, "WHERE id = ?", id.to_string());
    });
}

Result<User> SqliteStore::user_by_name(const std::string& name) const
{
    return readers_.with(
        [&](Connection& connection) { return one_user(connection, "WHERE name = ?", name); });
}

Result<std::string> SqliteStore::user_name(Connection& connection, UserId id) const
{
    auto user = one_user(connection, "WHERE id = ?", id.to_string());
    return user ? Result<std::string>{user->name} : pass_on(std::move(user.error()));
}

Result<void> SqliteStore::add_user(const User& user, const Actor& actor)
{
    return write([&]() -> Result<void> {
        auto taken = one_user(*writer_, "WHERE name = ?", user.name);
        if (taken) {
            return base::fail(ErrorCode::busy, Retry::never,
                              "there is an account of that name already");
        }
        auto insert = writer_->prepare(
            "INSERT INTO users (id, tenant_id, node_id, name, roles, is_enabled, "
            "must_change_password, password_hash, created_at) VALUES (?,?,?,?,?,?,?,?,?)");
        insert.bind(user.id.to_string()).bind(tenant()).bind(node()).bind(user.name);
        insert.bind(role_words(user)).bind(std::int64_t{user.is_enabled});
        insert.bind(std::int64_t{user.must_change_password}).bind(user.password_hash);
        auto done = insert.bind(user.created_at).run();
        return done ? insert_audit(actor, "user.added", user.name, "{}") : done;
    });
}

Result<void> SqliteStore::change_user(const User& user, const Actor& actor, const std::string& what)
{
    return write([&]() -> Result<void> {
        auto known = one_user(*writer_, "WHERE id = ?", user.id.to_string());
        if (!known) {
            return pass_on(std::move(known.error()));
        }
        auto done = require_administrator(*writer_, user);
        if (done) {
            done = update_user(*writer_, user);
        }
        return done ? insert_audit(actor, "user.changed", known->name, what) : done;
    });
}

Result<void> SqliteStore::note_sign_in(const User& user)
{
    return write([&]() -> Result<void> {
        return writer_
            ->prepare(
                "UPDATE users SET last_sign_in_at = ?, failed_sign_ins = ?, locked_until = ?, "
                "password_hash = ? WHERE id = ?")
            .bind(user.last_sign_in_at)
            .bind(std::int64_t{user.failed_sign_ins})
            .bind(user.locked_until)
            .bind(user.password_hash)
            .bind(user.id.to_string())
            .run();
    });
}

} // namespace watchpost::store::sqlite
