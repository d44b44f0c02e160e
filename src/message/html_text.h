// Collects the text of an HTML tree as it is shown: white space collapsed, a line break where a
// block begins or ends. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace watchpost::message {

class HtmlText {
public:
    void add(std::string_view text, bool is_preformatted);
    void break_line();     // a block begins or ends; several make one
    void add_line_break(); // <br>
    void separate();       // cells of a table
    /// The cell that began when the text was `begin` long ends. Cells of one letter each, three
    /// and more in a row, are the letters of a word.
    void end_cell(std::size_t begin);

    [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
    /// What was added since the text was `begin` long, without white space around it.
    [[nodiscard]] std::string_view since(std::size_t begin) const;
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    void put_space();

    std::string text_;
    std::size_t letters_ = 0;     // cells of one letter that follow each other
    std::size_t letters_end_ = 0; // of the last of them
    std::string word_;            // the first of those letters
    bool space_is_due_ = false;
};

} // namespace watchpost::message
