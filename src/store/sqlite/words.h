// Private: how tags and words of a query are written for the full-text index (see beginnings.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/records.h"

namespace watchpost::store::sqlite {

/// The tags column of an alert; see schema/sql/sqlite/0001_initial.sql.
[[nodiscard]] std::string tags_of(const Alert& alert);

[[nodiscard]] std::string tag_of(AlertState state);
[[nodiscard]] std::string tag_of(verdict::Importance importance);
[[nodiscard]] std::string tag_of_engine(std::string_view engine);
[[nodiscard]] std::string tag_of_assignee(const std::optional<UserId>& assignee);

/// An FTS5 expression for every filter of the query but times; empty where there is none. Words are
/// quoted, so that nothing a user types is an operator.
[[nodiscard]] std::string match_expression(const AlertQuery& query);

/// "a b" ⇄ {"a", "b"}; words with spaces do not occur.
[[nodiscard]] std::string join_words(const std::vector<std::string>& words);
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);

} // namespace watchpost::store::sqlite
