// Writes JSON text piece by piece, without a tree in between. RFC 8259. Not thread-safe.
//
// The caller keeps the order (key, value, key, value); commas are put here. Text that is not UTF-8
// is mended, so that the result is always valid.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watchpost::model {

class JsonText {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    /// Our own words: nothing in them needs escaping.
    void key(std::string_view name);

    void value(std::string_view text);
    void value(std::uint64_t number);
    void value_signed(std::int64_t number);
    void value_bool(bool truth);
    void null();

    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void open(char bracket);
    void close(char bracket);
    void separate();
    void append_escaped(std::string_view text);

    std::string text_;
    bool needs_comma_ = false;
};

} // namespace watchpost::model
