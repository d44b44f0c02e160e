#include "message/defect_log.h"

#include "diag/quote.h"

namespace watchpost::message {

namespace {
constexpr std::size_t detail_bytes_max = 120;
} // namespace

void DefectList::add(DefectId id, const std::string& part, std::uint64_t offset,
                     std::string_view detail)
{
    suggested_.add(suggested_by(id));
    if (defects_.size() + 1 < count_max_) {
        defects_.push_back({name_of(id), part, offset, diag::quote(detail, detail_bytes_max)});
    } else if (defects_.size() < count_max_) {
        defects_.push_back({name_of(DefectId::limit_defects), {}, 0, {}});
    }
}

void DefectLog::note(DefectId id, std::uint64_t offset, std::string_view detail)
{
    const auto place = static_cast<std::size_t>(id);
    if (!seen_[place]) {
        seen_[place] = true;
        list_.add(id, part_, offset, detail);
    }
}

} // namespace watchpost::message
