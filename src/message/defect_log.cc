#include "message/defect_log.h"

#include "diag/quote.h"

namespace watchpost::message {

namespace {
constexpr std::size_t detail_bytes_max = 120;
static_assert(static_cast<unsigned>(DefectId::limit_uu_blocks) < 64, "DefectLog keeps 64 bits");
} // namespace

void DefectList::add(DefectId id, const std::string& part, std::uint64_t offset,
                     std::string_view detail)
{
    if (defects_.size() + 1 < count_max_) {
        defects_.push_back({name_of(id), part, offset, diag::quote(detail, detail_bytes_max)});
    } else if (defects_.size() < count_max_) {
        defects_.push_back({name_of(DefectId::limit_defects), {}, 0, {}});
    }
}

void DefectLog::note(DefectId id, std::uint64_t offset, std::string_view detail)
{
    const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(id);
    if ((seen_ & bit) == 0) {
        seen_ |= bit;
        list_.add(id, part_, offset, detail);
    }
}

} // namespace watchpost::message
