// How many leaves, and how many octets of them, may be on their way from an inspector. Both sides
// keep the same count: the inspector waits for room, the pipeline ends one that does not. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace watchpost::pipeline {

class LeafWindow {
public:
    static constexpr std::size_t leaves_max = 32;
    static constexpr std::uint64_t bytes_max = std::uint64_t{64} << 20U;

    /// A single leaf may be of any size; together they keep to bytes_max.
    [[nodiscard]] bool has_room(std::uint64_t bytes) const noexcept
    {
        return sizes_.empty() ||
               (sizes_.size() < leaves_max && bytes_ <= bytes_max && bytes <= bytes_max - bytes_);
    }

    void add(std::uint64_t bytes)
    {
        sizes_.push_back(bytes);
        bytes_ += bytes;
    }

    /// The oldest is dealt with. False where there is none.
    [[nodiscard]] bool take_oldest() noexcept
    {
        if (sizes_.empty()) {
            return false;
        }
        bytes_ -= sizes_.front();
        sizes_.pop_front();
        return true;
    }

private:
    std::deque<std::uint64_t> sizes_;
    std::uint64_t bytes_ = 0;
};

} // namespace watchpost::pipeline
