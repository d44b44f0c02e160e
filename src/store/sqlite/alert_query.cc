// The alert list: keyset paging, capped totals, one walk of the full-text index for every filter.
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

/// The WHERE clause of a query, with its values in order.
struct Filter {
    std::string sql;
    std::string match;
    std::string tenant;
    std::optional<base::Instant> from;
    std::optional<base::Instant> to;

    void bind(Statement& statement) const
    {
        if (!match.empty()) {
            statement.bind(match);
        }
        statement.bind(tenant);
        if (from) {
            statement.bind(*from);
        }
        if (to) {
            statement.bind(*to);
        }
    }
};

// The number of the first alert that was raised at a time or later; beyond all where there is none.
#define WP_FIRST_SINCE                                                                             \
    "COALESCE((SELECT number FROM alerts a WHERE a.created_at >= ? ORDER BY a.created_at, "        \
    "a.number "                                                                                    \
    "LIMIT 1), 9223372036854775807)"

/// How a query goes through the alerts: by their numbers (or by the words' index, which has the
/// same order), or by the index of importances, which begins with the tenant.
enum class Path : std::uint8_t { by_number, by_importance };

Filter make_filter(const Scope& scope, const AlertQuery& query, Path path = Path::by_number)
{
    Filter filter;
    filter.match = match_expression(query);
    filter.tenant = scope.tenant.to_string();
    filter.from = query.created_from;
    filter.to = query.created_to;
    filter.sql = filter.match.empty() ? "WHERE "
                                      : "JOIN alert_words ON alert_words.rowid = alerts.number "
                                        "WHERE alert_words MATCH ? AND ";
    // The one place where alerts are scoped by tenant. The sign keeps SQLite from choosing the
    // index that begins with the tenant, where it would have to sort all alerts by number.
    const bool by_index = path == Path::by_importance && filter.match.empty();
    filter.sql += by_index ? "alerts.tenant_id = ?" : "+alerts.tenant_id = ?";
    // Creation times rise with numbers, so a time is a bound on the number, found by index.
    if (filter.from) {
        filter.sql += " AND alerts.number >= " WP_FIRST_SINCE;
    }
    if (filter.to) {
        filter.sql += " AND alerts.number < " WP_FIRST_SINCE;
    }
    return filter;
}

} // namespace

namespace {

struct Walk {
    Filter filter;
    std::string order; // "" or " DESC"
    std::string bound; // " AND alerts.number < ?"
    std::optional<Importance> importance;
};

Result<void> read_rows(Connection& connection, const Walk& walk, std::int64_t number,
                       std::size_t limit, std::vector<AlertRow>& rows)
{
    const bool by_words = !walk.filter.match.empty();
    const std::string key = by_words ? "alert_words.rowid" : "alerts.number";
    std::string sql = WP_ALERT_COLUMNS + walk.filter.sql + " AND " + key + walk.bound;
    if (walk.importance) {
        sql += " AND alerts.importance = ?";
    }
    sql += " ORDER BY " + key + walk.order + " LIMIT ?";
    auto read = connection.prepare(sql);
    walk.filter.bind(read);
    read.bind(number);
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

Result<void> read_by_importance(Connection& connection, const Scope& scope, const AlertQuery& query,
                                Position position, std::size_t limit, std::vector<AlertRow>& rows)
{
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
        const Walk walk{make_filter(scope, one, Path::by_importance), " DESC", " < ?", importance};
        auto read = read_rows(connection, walk, position.number, limit - rows.size(), rows);
        if (!read) {
            return read;
        }
        position.number = std::numeric_limits<std::int64_t>::max();
    }
    return {};
}

Result<std::uint64_t> count_capped(Connection& connection, const Filter& filter)
{
    auto read = connection.prepare("SELECT COUNT(*) FROM (SELECT 1 FROM alerts " + filter.sql +
                                   " LIMIT ?)");
    filter.bind(read);
    read.bind(static_cast<std::int64_t>(AlertPage::total_max + 1));
    auto row = read.step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    return static_cast<std::uint64_t>(read.number(0));
}

} // namespace

Result<AlertPage> SqliteStore::alerts(const Scope& scope, const AlertQuery& query) const
{
    const auto position = parse_cursor(query);
    if (!position) {
        return pass_on(position.error());
    }
    return readers_.with([&](Connection& connection) -> Result<AlertPage> {
        const Filter filter = make_filter(scope, query);
        const std::size_t limit = query.limit + std::size_t{1}; // one more tells of a next page
        std::vector<AlertRow> rows;
        Result<void> read;
        if (query.order == AlertOrder::importance_desc) {
            read = read_by_importance(connection, scope, query, *position, limit, rows);
        } else {
            const bool ascending = query.order == AlertOrder::created_asc;
            const Walk walk{filter, ascending ? "" : " DESC", ascending ? " > ?" : " < ?", {}};
            read = read_rows(connection, walk, position->number, limit, rows);
        }
        if (!read) {
            return pass_on(std::move(read.error()));
        }
        const auto total = count_capped(connection, filter);
        if (!total) {
            return pass_on(total.error());
        }
        AlertPage page;
        page.total = std::min(*total, AlertPage::total_max);
        page.total_is_capped = *total > AlertPage::total_max;
        if (rows.size() == limit) {
            rows.pop_back();
            page.next_cursor = to_cursor(query, rows.back());
        }
        for (auto& row : rows) {
            page.items.push_back(std::move(row.alert));
        }
        return page;
    });
}

} // namespace watchpost::store::sqlite
