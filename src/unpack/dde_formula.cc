#include "unpack/dde_formula.h"

#include <algorithm>

#include "base/ascii.h"

namespace watchpost::unpack {
namespace {

constexpr std::size_t program_bytes_max = 256; // before the bar
constexpr std::size_t topic_bytes_max = 1'024; // behind it
constexpr std::string_view around = " \t\"'\r\n";

std::string_view without_quotes(std::string_view cell)
{
    cell.remove_prefix(std::min(cell.find_first_not_of(around), cell.size()));
    return cell;
}

/// How many octets from the bar on the place is; 0 where there is none.
std::size_t topic_bytes(std::string_view from_bar)
{
    const auto mark = from_bar.substr(0, topic_bytes_max).find('!');
    return mark == std::string_view::npos || from_bar.substr(0, mark).find('\n') < mark ? 0
                                                                                        : mark + 1;
}

} // namespace

bool is_dde_formula(std::string_view cell)
{
    const auto text = without_quotes(cell);
    if (text.empty() || std::string_view{"=+-@"}.find(text.front()) == std::string_view::npos) {
        return false;
    }
    const auto bar = text.substr(0, program_bytes_max).find('|');
    if (bar == std::string_view::npos || bar == 0 || topic_bytes(text.substr(bar)) == 0) {
        return false;
    }
    const auto program = text.substr(1, bar - 1);
    return std::ranges::any_of(program, base::is_alpha);
}

std::string_view find_dde_formula(std::string_view cells)
{
    for (auto bar = cells.find('|'); bar != std::string_view::npos;
         bar = cells.find('|', bar + 1)) {
        const auto begin = bar - std::min(bar, program_bytes_max);
        const auto before = cells.substr(begin, bar - begin);
        const auto cut = before.find_last_of(",;\t\r\n");
        const auto at = cut == std::string_view::npos ? begin : begin + cut + 1;
        const bool is_whole = at > begin || begin == 0;
        if (is_whole && is_dde_formula(cells.substr(at, program_bytes_max + topic_bytes_max))) {
            return cells.substr(at, bar - at + topic_bytes(cells.substr(bar)));
        }
    }
    return {};
}

} // namespace watchpost::unpack
