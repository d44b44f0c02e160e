// Private: the tokenizer of the full-text index of alerts, which makes every beginning of a word a
// term of its own.
//
// FTS5 puts a search for "inv*" together from all words that begin so, at each request; of a
// million alerts that takes longer than anybody waits. With terms for beginnings any word of a
// query is one list that is already in the index, walked in order and left where the page is full.
//
// Words are those of FTS5's unicode61 (case and diacritics folded), cut into pieces of 8 letters
// that follow each other as words of a phrase do:
//
//     Notifications  ->  n no not … notifica   +t +ti … +tions +tions$
//
// A text that begins with '#' holds tags: each is the one term "#tag". In a query the last word of
// a phrase may go on, the words before it end where they end.
#pragma once

#include "base/error.h"

struct sqlite3;

namespace watchpost::store::sqlite {

/// Makes the tokenizer "beginnings" known to a connection: before that nothing can be asked of
/// `alert_words`.
[[nodiscard]] base::Result<void> register_beginnings(sqlite3* handle);

} // namespace watchpost::store::sqlite
