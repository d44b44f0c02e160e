#include "known_differences.h"

#include <filesystem>
#include <sstream>
#include <vector>

#include "support/temp_dir.h"

namespace watchpost::message::test {

namespace {

std::string strip(const std::string& cell)
{
    const auto begin = cell.find_first_not_of(" `");
    const auto end = cell.find_last_not_of(" `");
    return begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1);
}

/// The cells of "| a | b | c |".
std::vector<std::string> cells_of(const std::string& line)
{
    std::vector<std::string> cells;
    std::istringstream row{line};
    std::string cell;
    std::getline(row, cell, '|');
    while (std::getline(row, cell, '|')) {
        cells.push_back(strip(cell));
    }
    return cells;
}

/// A cell may hold several, separated by commas.
std::vector<std::string> names_of(const std::string& cell)
{
    std::vector<std::string> names;
    std::istringstream all{cell};
    for (std::string name; std::getline(all, name, ',');) {
        names.push_back(strip(name));
    }
    return names;
}

std::string row_name(std::string_view message, std::string_view part, std::string_view aspect)
{
    std::string name{message};
    name.append(" ").append(part.empty() ? "-" : part).append(" ").append(aspect);
    return name;
}

void add_row(const std::vector<std::string>& cells, std::set<std::string>& rows)
{
    for (const auto& message : names_of(cells[1])) {
        for (const auto& part : names_of(cells[2])) {
            rows.insert(row_name(message, part, cells[3]));
        }
    }
}

std::set<std::string> rows_of(const std::string& corpus)
{
    const auto page = watchpost::test::read_file(std::filesystem::path{WATCHPOST_SOURCE_DIR} /
                                                 "docs/mime-conformance.md");
    std::set<std::string> rows;
    std::istringstream lines{page};
    for (std::string line; std::getline(lines, line);) {
        const auto cells = line.starts_with('|') ? cells_of(line) : std::vector<std::string>{};
        if (cells.size() >= 5 && cells[0] == corpus && !cells[4].empty()) {
            add_row(cells, rows);
        }
    }
    return rows;
}

} // namespace

void Differences::add(std::string_view file, std::string_view part, std::string_view aspect)
{
    found_.insert(row_name(file, part, aspect));
}

std::string Differences::check_against_table() const
{
    const auto known = rows_of(corpus_);
    std::string problems;
    for (const auto& row : found_) {
        if (!known.contains(row)) {
            problems += "not in docs/mime-conformance.md: " + corpus_ + ' ' + row + '\n';
        }
    }
    for (const auto& row : known) {
        if (!found_.contains(row)) {
            problems += "no longer differs: " + corpus_ + ' ' + row + '\n';
        }
    }
    return problems;
}

} // namespace watchpost::message::test
