#include "collector/size_record.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace watchpost::collector {

namespace {

constexpr std::uint64_t messages_max = 1'000; // then the older ones count half

/// Rounded up, so that a single octet is a shortage, too.
std::uint64_t shortage_permille(std::uint64_t announced, std::uint64_t octets) noexcept
{
    const std::uint64_t missing = announced - octets;
    const std::uint64_t per = std::max<std::uint64_t>(announced / 1'000, 1);
    return std::min<std::uint64_t>((missing + per - 1) / per, 1'000);
}

} // namespace

void SizeRecord::note(std::uint64_t announced, std::uint64_t octets)
{
    if (announced == 0) {
        return;
    }
    if (octets < announced) {
        const auto permille = shortage_permille(announced, octets);
        if (permille > (are_estimates() ? permille_ : shortage_permille_max)) {
            return;
        }
        ++shorter_;
        permille_ = std::max(permille_, permille);
    } else if (octets > announced) {
        ++longer_;
    } else {
        ++exact_;
    }
    if (count() > messages_max) {
        exact_ /= 2;
        shorter_ /= 2;
        longer_ /= 2;
    }
}

bool SizeRecord::are_estimates() const noexcept
{
    return shorter_ >= messages_min && shorter_ * 2 >= count();
}

bool SizeRecord::are_too_small() const noexcept
{
    return count() >= messages_min && longer_ * 10 >= count();
}

bool SizeRecord::explains(std::uint64_t announced, std::uint64_t octets) const noexcept
{
    return octets < announced && are_estimates() &&
           shortage_permille(announced, octets) <= permille_;
}

bool SizeRecord::is_worth_storing(const SizeRecord& before) const noexcept
{
    return shorter_ != before.shorter_ || longer_ != before.longer_ ||
           (exact_ >= messages_min && exact_ >= 2 * before.exact_);
}

std::string SizeRecord::to_text() const
{
    return std::to_string(exact_) + " " + std::to_string(shorter_) + " " + std::to_string(longer_) +
           " " + std::to_string(permille_);
}

std::optional<SizeRecord> SizeRecord::parse(std::string_view text)
{
    std::array<std::uint64_t, 4> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto end = i + 1 < numbers.size() ? text.find(' ') : text.size();
        const auto number =
            end == std::string_view::npos ? std::nullopt : base::parse_decimal(text.substr(0, end));
        if (!number || *number > 2 * messages_max) {
            return std::nullopt;
        }
        numbers[i] = *number;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    SizeRecord record;
    record.exact_ = numbers[0];
    record.shorter_ = numbers[1];
    record.longer_ = numbers[2];
    record.permille_ = std::min(numbers[3], shortage_permille_max);
    return record;
}

} // namespace watchpost::collector
