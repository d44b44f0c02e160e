#include "collector/size_record.h"

#include <algorithm>
#include <vector>

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

/// Of both; 0 where there is none.
std::uint64_t common_block(std::uint64_t block, std::uint64_t announced) noexcept
{
    while (block >= SizeRecord::block_min && announced % block != 0) {
        block /= 2;
    }
    return block >= SizeRecord::block_min ? block : 0;
}

std::uint64_t grown(std::uint64_t before, std::uint64_t after) noexcept
{
    return after > before ? after - before : 0;
}

} // namespace

void SizeRecord::note(std::uint64_t announced, std::uint64_t octets)
{
    if (announced == 0) {
        return;
    }
    const auto block = common_block(block_, announced);
    if (octets < announced) {
        const auto permille = shortage_permille(announced, octets);
        const bool is_rounding = announced - octets < block;
        const bool is_estimate = permille <= (are_estimates() ? permille_ : shortage_permille_max);
        if (!is_estimate && !is_rounding) {
            return;
        }
        ++shorter_;
        rounded_ += is_rounding ? 1 : 0;
        permille_ = is_estimate ? std::max(permille_, permille) : permille_;
    } else if (octets > announced) {
        ++longer_;
    } else {
        ++exact_;
    }
    block_ = block;
    keep_bounded();
}

bool SizeRecord::are_estimates() const noexcept
{
    return shorter_ >= messages_min && shorter_ * 2 >= count();
}

bool SizeRecord::are_too_small() const noexcept
{
    return count() >= messages_min && longer_ * 10 >= count();
}

std::uint64_t SizeRecord::rounded_to() const noexcept
{
    return are_estimates() && rounded_ >= messages_min ? block_ : 0;
}

bool SizeRecord::explains(std::uint64_t announced, std::uint64_t octets) const noexcept
{
    if (octets >= announced || !are_estimates()) {
        return false;
    }
    const auto block = rounded_to();
    const bool is_rounding = block != 0 && announced % block == 0 && announced - octets < block;
    return is_rounding || shortage_permille(announced, octets) <= permille_;
}

void SizeRecord::add(const SizeRecord& before, const SizeRecord& after)
{
    exact_ += grown(before.exact_, after.exact_);
    shorter_ += grown(before.shorter_, after.shorter_);
    longer_ += grown(before.longer_, after.longer_);
    rounded_ += grown(before.rounded_, after.rounded_);
    permille_ = std::max(permille_, after.permille_);
    block_ = std::min(block_, after.block_);
    keep_bounded();
}

void SizeRecord::keep_bounded() noexcept
{
    while (count() > messages_max) {
        exact_ /= 2;
        shorter_ /= 2;
        longer_ /= 2;
        rounded_ /= 2;
    }
}

bool SizeRecord::is_worth_storing(const SizeRecord& before) const noexcept
{
    return shorter_ != before.shorter_ || longer_ != before.longer_ ||
           (exact_ >= messages_min && exact_ >= 2 * before.exact_);
}

std::string SizeRecord::to_text() const
{
    return std::to_string(exact_) + " " + std::to_string(shorter_) + " " + std::to_string(longer_) +
           " " + std::to_string(permille_) + " " + std::to_string(rounded_) + " " +
           std::to_string(block_);
}

std::optional<SizeRecord> SizeRecord::parse(std::string_view text)
{
    std::vector<std::uint64_t> numbers;
    for (bool has_more = true; has_more;) {
        const auto end = std::min(text.find(' '), text.size());
        const auto number = base::parse_decimal(text.substr(0, end));
        if (!number || *number > block_max || numbers.size() == 6) {
            return std::nullopt;
        }
        numbers.push_back(*number);
        has_more = end < text.size();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (numbers.size() == 4) {
        numbers.insert(numbers.end(), {0, block_max});
    }
    const bool is_block = numbers.size() == 6 &&
                          (numbers[5] == 0 || common_block(block_max, numbers[5]) == numbers[5]);
    if (!is_block || std::ranges::any_of(numbers.begin(), numbers.end() - 1,
                                         [](auto number) { return number > 2 * messages_max; })) {
        return std::nullopt;
    }
    SizeRecord record;
    record.exact_ = numbers[0];
    record.shorter_ = numbers[1];
    record.longer_ = numbers[2];
    record.permille_ = std::min(numbers[3], shortage_permille_max);
    record.rounded_ = numbers[4];
    record.block_ = numbers[5];
    return record;
}

} // namespace watchpost::collector
