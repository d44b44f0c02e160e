#include "store/sqlite/beginnings.h"

#include <memory>
#include <new>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace watchpost::store::sqlite {

namespace {

constexpr std::size_t piece_letters_max = 8; // the index has as many terms for a piece

using OnToken = int (*)(void* context, int flags, const char* token, int length, int begin,
                        int end);

/// unicode61 of FTS5, one a table.
struct Words {
    fts5_tokenizer functions{};
    Fts5Tokenizer* tokenizer = nullptr;
};

/// Where FTS5 takes the terms; `code` is its last answer.
class Sink {
public:
    Sink(void* context, OnToken on_token) : context_{context}, on_token_{on_token} {}

    /// False: FTS5 wants no more.
    bool put(const std::string& term, int begin, int end, int flags = 0)
    {
        code_ = on_token_(context_, flags, term.data(), static_cast<int>(term.size()), begin, end);
        return code_ == SQLITE_OK;
    }
    [[nodiscard]] int code() const { return code_; }

private:
    void* context_;
    OnToken on_token_;
    int code_ = SQLITE_OK;
};

struct Word {
    std::string text;
    int begin = 0;
    int end = 0;
};

bool begins_letter(char octet)
{
    return (static_cast<unsigned char>(octet) & 0xC0U) != 0x80U;
}

/// The octets of the first `letters_max` letters.
std::size_t length_of_letters(std::string_view text, std::size_t letters_max)
{
    std::size_t letters = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        letters += begins_letter(text[at]) ? 1 : 0;
        if (letters > letters_max) {
            return at;
        }
    }
    return text.size();
}

/// Every beginning of a piece, at one position.
bool put_beginnings(Sink& sink, const std::string& mark, std::string_view piece, const Word& word)
{
    int flags = 0;
    for (std::size_t letters = 1; letters <= piece_letters_max; ++letters) {
        const std::size_t length = length_of_letters(piece, letters);
        const bool all = length == piece.size();
        if (!sink.put(mark + std::string{piece.substr(0, length)}, word.begin, word.end, flags)) {
            return false;
        }
        flags = FTS5_TOKEN_COLOCATED;
        if (all) {
            return true;
        }
    }
    return true;
}

enum class Ending : std::uint8_t { open, closed };

/// Calls `on_piece(mark, piece, is_last)` for the pieces of a word until it returns false.
template <typename OnPiece>
bool for_pieces(std::string_view text, OnPiece&& on_piece)
{
    std::string mark;
    do {
        const auto piece = text.substr(0, length_of_letters(text, piece_letters_max));
        text.remove_prefix(piece.size());
        if (!on_piece(mark, piece, text.empty())) {
            return false;
        }
        mark = "+";
    } while (!text.empty());
    return true;
}

bool index_word(Sink& sink, const Word& word)
{
    return for_pieces(word.text, [&](const std::string& mark, std::string_view piece, bool last) {
        return put_beginnings(sink, mark, piece, word) &&
               (!last || sink.put(mark + std::string{piece} + '$', word.begin, word.end,
                                  FTS5_TOKEN_COLOCATED));
    });
}

bool ask_word(Sink& sink, const Word& word, Ending ending)
{
    return for_pieces(word.text, [&](const std::string& mark, std::string_view piece, bool last) {
        const char* const end = last && ending == Ending::closed ? "$" : "";
        return sink.put(mark + std::string{piece} + end, word.begin, word.end);
    });
}

/// What becomes of the words of one text.
struct Pass {
    enum class Kind : std::uint8_t { tags, indexed, asked } kind;
    Sink sink;
    Word waiting{}; // of a query: only the word behind tells how it ends

    bool on_word(Word word)
    {
        switch (kind) {
        case Kind::tags:
            return sink.put('#' + word.text, word.begin, word.end);
        case Kind::indexed:
            return index_word(sink, word);
        case Kind::asked:
            std::swap(waiting, word);
            return word.text.empty() || ask_word(sink, word, Ending::closed);
        }
        return false;
    }
    bool on_end() { return waiting.text.empty() || ask_word(sink, waiting, Ending::open); }
};

Pass::Kind kind_of(std::string_view text, int flags)
{
    if (text.starts_with('#')) {
        return Pass::Kind::tags;
    }
    return (flags & FTS5_TOKENIZE_QUERY) != 0 ? Pass::Kind::asked : Pass::Kind::indexed;
}

int on_word(void* context, int /*flags*/, const char* token, int length, int begin, int end)
try {
    auto& pass = *static_cast<Pass*>(context);
    const bool goes_on =
        pass.on_word(Word{std::string(token, static_cast<std::size_t>(length)), begin, end});
    return goes_on ? SQLITE_OK : pass.sink.code();
} catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
}

int tokenize(Fts5Tokenizer* self, void* context, int flags, const char* text, int length,
             OnToken on_token)
try {
    const auto& words = *reinterpret_cast<const Words*>(self);
    const std::string_view view{text == nullptr ? "" : text, static_cast<std::size_t>(length)};
    Pass pass{kind_of(view, flags), Sink{context, on_token}};
    const int code =
        words.functions.xTokenize(words.tokenizer, &pass, flags, text, length, on_word);
    if (code != SQLITE_OK) {
        return code;
    }
    return pass.on_end() ? SQLITE_OK : pass.sink.code();
} catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
}

void remove(Fts5Tokenizer* self)
{
    const std::unique_ptr<Words> words{reinterpret_cast<Words*>(self)};
    if (words->tokenizer != nullptr) {
        words->functions.xDelete(words->tokenizer);
    }
}

int create(void* context, const char** /*arguments*/, int /*count*/, Fts5Tokenizer** made)
{
    auto* const api = static_cast<fts5_api*>(context);
    std::unique_ptr<Words> words{new (std::nothrow) Words};
    if (!words) {
        return SQLITE_NOMEM;
    }
    void* unicode61 = nullptr;
    int code = api->xFindTokenizer(api, "unicode61", &unicode61, &words->functions);
    if (code == SQLITE_OK) {
        const char* options[] = {"remove_diacritics", "2"};
        code = words->functions.xCreate(unicode61, options, 2, &words->tokenizer);
    }
    if (code == SQLITE_OK) {
        *made = reinterpret_cast<Fts5Tokenizer*>(words.release());
    }
    return code;
}

/// FTS5 hands its interface over through a pointer that is bound to a query.
fts5_api* api_of(sqlite3* handle)
{
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

} // namespace

base::Result<void> register_beginnings(sqlite3* handle)
{
    auto* const api = api_of(handle);
    fts5_tokenizer tokenizer{create, remove, tokenize};
    if (api == nullptr ||
        api->xCreateTokenizer(api, "beginnings", api, &tokenizer, nullptr) != SQLITE_OK) {
        return base::fail(
            base::ErrorCode::internal, base::Retry::never,
            "the SQLite library has no full-text search (FTS5): install one that has");
    }
    return {};
}

} // namespace watchpost::store::sqlite
