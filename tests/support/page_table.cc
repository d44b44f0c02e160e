#include "support/page_table.h"

#include <sstream>

#include "support/temp_dir.h"

namespace watchpost::test {

namespace {

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(" `");
    const auto last = text.find_last_not_of(" `");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

PageRow parse_row(const std::string& line, std::size_t columns)
{
    PageRow cells;
    std::istringstream in{line.substr(1)};
    for (std::string cell; std::getline(in, cell, '|');) {
        cells.push_back(trimmed(cell));
    }
    cells.resize(columns);
    return cells;
}

} // namespace

std::vector<PageRow> read_page_table(std::string_view page, std::string_view marker,
                                     std::size_t columns)
{
    std::istringstream text{
        read_file(std::string{WATCHPOST_SOURCE_DIR} + "/docs/" + std::string{page})};
    const std::string edge = "<!-- " + std::string{marker} + ": ";
    std::vector<PageRow> rows;
    bool inside = false;
    bool is_body = false;
    for (std::string line; std::getline(text, line);) {
        if (line.starts_with(edge)) {
            inside = line.ends_with("begin -->");
            is_body = false;
        } else if (inside && line.starts_with("|--")) {
            is_body = true;
        } else if (inside && is_body && line.starts_with("|")) {
            rows.push_back(parse_row(line, columns));
        }
    }
    return rows;
}

} // namespace watchpost::test
