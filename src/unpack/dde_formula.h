// Formulas of a spreadsheet that start another program by DDE: =cmd|'/c calc'!A0. Pure.
#pragma once

#include <string_view>

namespace watchpost::unpack {

/// Whether a cell's text is such a formula: it begins with one of = + - @, names a program before a
/// bar and a place behind an exclamation mark. Quotes and blanks around it do not count.
[[nodiscard]] bool is_dde_formula(std::string_view cell);

/// The first cell of a text of cells (CSV, TSV) that is one; empty where none is. Cells end at
/// commas, semicolons, tabs and line ends that stand outside of quotes, and, since programs
/// disagree about those, at such inside of quotes too.
[[nodiscard]] std::string_view find_dde_formula(std::string_view cells);

} // namespace watchpost::unpack
