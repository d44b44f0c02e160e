// The alert list: keyset paging, capped totals, one walk of the full-text index for every filter.
#include "store/sqlite/alert_query.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>

#include "base/bytes.h"
#include "store/sqlite/alert_rows.h"
#include "store/sqlite/sqlite_store_impl.h"
#include "store/sqlite/words.h"

namespace watchpost::store::sqlite {

using base::Result;
using verdict::Importance;

namespace {

/// Where a page begins: strictly behind `number`, within `importance` for that order.
struct Position {
    Importance importance = Importance::high;
    std::int64_t number = std::numeric_limits<std::int64_t>::max();
};

std::string fingerprint(const AlertQuery& query)
{
    std::string text =
        match_expression(query) + '|' + std::to_string(static_cast<int>(query.order));
    for (const auto& time : {query.created_from, query.created_to}) {
        text += '|' + (time ? base::to_rfc3339(*time) : std::string{});
    }
    return std::to_string(std::hash<std::string>{}(text));
}

std::string to_cursor(const AlertQuery& query, const AlertRow& last)
{
    return std::to_string(last.number) + '.' +
           std::to_string(static_cast<int>(last.alert.importance)) + '.' + fingerprint(query);
}

Result<Position> parse_cursor(const AlertQuery& query)
{
    Position position;
    if (query.order == AlertOrder::created_asc) {
        position.number = 0;
    }
    if (query.cursor.empty()) {
        return position;
    }
    const std::string_view text = query.cursor;
    const auto first = text.find('.');
    const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
    const auto number = base::parse_decimal(text.substr(0, first));
    if (second == std::string_view::npos || !number ||
        text.substr(second + 1) != fingerprint(query)) {
        return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                          "the cursor belongs to another query: ask for the first page again");
    }
    const auto importance = base::parse_decimal(text.substr(first + 1, second - first - 1));
    position.number = static_cast<std::int64_t>(*number);
    position.importance =
        static_cast<Importance>(std::min<std::uint64_t>(importance.value_or(0), 3));
    return position;
}

/// The WHERE clause of a query but for the numbers, with its values in order.
struct Filter {
    std::string sql;
    std::string match;
    std::string tenant;

    void bind(Statement& statement) const
    {
        if (!match.empty()) {
            statement.bind(match);
        }
        statement.bind(tenant);
    }
    /// What alerts are numbered by. Bounds on the numbers of alerts would not reach the words'
    /// index: it would be walked through all alerts that lie outside.
    [[nodiscard]] std::string_view key() const
    {
        return match.empty() ? "alerts.number" : "alert_words.rowid";
    }
};

/// The alerts whose number lies between both; neither belongs to them.
struct Numbers {
    std::int64_t after = 0;
    std::int64_t before = std::numeric_limits<std::int64_t>::max();

    void bind(Statement& statement) const { statement.bind(after).bind(before); }
};

std::string within_numbers(const Filter& filter)
{
    const std::string key{filter.key()};
    return " AND " + key + " > ? AND " + key + " < ?";
}

/// The number of the first alert that was raised at a time or later; beyond all where there is
/// none.
Result<std::int64_t> first_since(Connection& connection, base::Instant time)
{
    auto read = connection.prepare(
        "SELECT number FROM alerts WHERE created_at >= ? ORDER BY created_at, number LIMIT 1");
    read.bind(time);
    auto row = read.step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    return *row ? read.number(0) : std::numeric_limits<std::int64_t>::max();
}

/// Creation times rise with numbers, so a time is a bound on the number, found by index.
Result<Numbers> numbers_of(Connection& connection, const AlertQuery& query)
{
    Numbers numbers;
    if (query.created_from) {
        const auto first = first_since(connection, *query.created_from);
        if (!first) {
            return pass_on(first.error());
        }
        numbers.after = *first - 1;
    }
    if (query.created_to) {
        const auto first = first_since(connection, *query.created_to);
        if (!first) {
            return pass_on(first.error());
        }
        numbers.before = *first;
    }
    return numbers;
}

/// How a query goes through the alerts: by their numbers (or by the words' index, which has the
/// same order), or by the index of importances, which begins with the tenant.
enum class Path : std::uint8_t { by_number, by_importance };

Filter make_filter(const Scope& scope, const AlertQuery& query, Path path = Path::by_number)
{
    Filter filter;
    filter.match = match_expression(query);
    filter.tenant = scope.tenant.to_string();
    filter.sql = filter.match.empty() ? "WHERE "
                                      : "JOIN alert_words ON alert_words.rowid = alerts.number "
                                        "WHERE alert_words MATCH ? AND ";
    // The one place where alerts are scoped by tenant. The sign keeps SQLite from choosing the
    // index that begins with the tenant, where it would have to sort all alerts by number.
    const bool by_index = path == Path::by_importance && filter.match.empty();
    filter.sql += by_index ? "alerts.tenant_id = ?" : "+alerts.tenant_id = ?";
    return filter;
}

} // namespace

namespace {

struct Walk {
    Filter filter;
    Numbers numbers;
    std::string order; // "" or " DESC"
    std::optional<Importance> importance;
};

Result<void> read_rows(Connection& connection, const Walk& walk, std::size_t limit,
                       std::vector<AlertRow>& rows)
{
    std::string sql = WP_ALERT_COLUMNS + walk.filter.sql + within_numbers(walk.filter);
    if (walk.importance) {
        sql += " AND alerts.importance = ?";
    }
    sql += " ORDER BY " + std::string{walk.filter.key()} + walk.order + " LIMIT ?";
    auto read = connection.prepare(sql);
    walk.filter.bind(read);
    walk.numbers.bind(read);
    if (walk.importance) {
        read.bind(static_cast<std::int64_t>(*walk.importance));
    }
    read.bind(static_cast<std::int64_t>(limit));
    auto read_now = all_rows(read, read_alert);
    if (!read_now) {
        return pass_on(std::move(read_now.error()));
    }
    std::move(read_now->begin(), read_now->end(), std::back_inserter(rows));
    return {};
}

Result<void> read_by_number(Connection& connection, const Filter& filter, Numbers numbers,
                            const AlertQuery& query, std::int64_t position,
                            std::vector<AlertRow>& rows)
{
    const bool ascending = query.order == AlertOrder::created_asc;
    if (ascending) {
        numbers.after = std::max(numbers.after, position);
    } else {
        numbers.before = std::min(numbers.before, position);
    }
    const Walk walk{filter, numbers, ascending ? "" : " DESC", {}};
    return read_rows(connection, walk, query.limit + std::size_t{1}, rows);
}

Result<void> read_by_importance(Connection& connection, const Scope& scope, const AlertQuery& query,
                                const Numbers& numbers, Position position,
                                std::vector<AlertRow>& rows)
{
    const std::size_t limit = query.limit + std::size_t{1};
    for (int level = static_cast<int>(position.importance); level >= 0 && rows.size() < limit;
         --level) {
        const auto importance = static_cast<Importance>(level);
        AlertQuery one = query;
        if (!match_expression(query).empty()) { // let the index choose by importance, too
            const bool wanted = query.importances.empty() ||
                                std::find(query.importances.begin(), query.importances.end(),
                                          importance) != query.importances.end();
            if (!wanted) {
                continue;
            }
            one.importances = {importance};
        }
        const Numbers left{numbers.after, std::min(numbers.before, position.number)};
        const Walk walk{make_filter(scope, one, Path::by_importance), left, " DESC", importance};
        auto read = read_rows(connection, walk, limit - rows.size(), rows);
        if (!read) {
            return read;
        }
        position.number = std::numeric_limits<std::int64_t>::max();
    }
    return {};
}

Result<std::uint64_t> count_capped(Connection& connection, const Filter& filter,
                                   const Numbers& numbers)
{
    auto read = connection.prepare("SELECT COUNT(*) FROM (SELECT 1 FROM alerts " + filter.sql +
                                   within_numbers(filter) + " LIMIT ?)");
    filter.bind(read);
    numbers.bind(read);
    read.bind(static_cast<std::int64_t>(AlertPage::total_max + 1));
    auto row = read.step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    return static_cast<std::uint64_t>(read.number(0));
}

} // namespace

Result<AlertPage> read_alerts(Connection& connection, const Scope& scope, const AlertQuery& query)
{
    const auto position = parse_cursor(query);
    if (!position) {
        return pass_on(position.error());
    }
    const Filter filter = make_filter(scope, query);
    const auto numbers = numbers_of(connection, query);
    if (!numbers) {
        return pass_on(numbers.error());
    }
    std::vector<AlertRow> rows; // one more than asked for tells of a next page
    auto read = query.order == AlertOrder::importance_desc
                    ? read_by_importance(connection, scope, query, *numbers, *position, rows)
                    : read_by_number(connection, filter, *numbers, query, position->number, rows);
    if (!read) {
        return pass_on(std::move(read.error()));
    }
    const auto total = count_capped(connection, filter, *numbers);
    if (!total) {
        return pass_on(total.error());
    }
    AlertPage page;
    page.total = std::min(*total, AlertPage::total_max);
    page.total_is_capped = *total > AlertPage::total_max;
    if (rows.size() > query.limit) {
        rows.pop_back();
        page.next_cursor = to_cursor(query, rows.back());
    }
    for (auto& row : rows) {
        page.items.push_back(std::move(row.alert));
    }
    return page;
}

Result<AlertPage> SqliteStore::alerts(const Scope& scope, const AlertQuery& query) const
{
    return readers_.with(
        [&](Connection& connection) { return read_alerts(connection, scope, query); });
}

} // namespace watchpost::store::sqlite
