#include "message/html_arena.h"

#include <algorithm>

namespace watchpost::message {

namespace {
constexpr std::size_t block_bytes = std::size_t{256} << 10U;
constexpr std::size_t alignment = alignof(std::max_align_t);
} // namespace

void* HtmlArena::allocate(std::size_t size)
{
    const std::size_t rounded =
        (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment;
    if (rounded < size || rounded > left_) {
        std::longjmp(on_exhausted, 1); // NOLINT(cert-err52-cpp): no frame between owns anything
    }
    left_ -= rounded;
    if (blocks_.empty() || used_ + rounded > block_size_) {
        block_size_ = std::max(block_bytes, rounded);
        blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block_size_));
        used_ = 0;
    }
    std::byte* const place = &blocks_.back()[used_];
    used_ += rounded;
    return place;
}

} // namespace watchpost::message
