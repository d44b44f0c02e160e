// Collects the text of an HTML tree as it is shown: white space collapsed, a line break where a
// block begins or ends. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::message {

class HtmlText {
public:
    void add(std::string_view text, bool is_preformatted);
    void break_line();     // a block begins or ends; several make one
    void add_line_break(); // <br>
    void separate();       // cells of a table

    [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
    /// What was added since the text was `begin` long, without white space around it.
    [[nodiscard]] std::string_view since(std::size_t begin) const;
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void put_space();

    std::string text_;
    bool space_is_due_ = false;
};

} // namespace watchpost::message
