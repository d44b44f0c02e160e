// How many octets the batches of all polls together hold in memory: those that are read, that wait
// and that are being committed. A poll that gets nothing more commits what it has first, and then
// goes on with one message at a time. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

namespace watchpost::collector {

class BatchBudget {
public:
    explicit BatchBudget(std::uint64_t octets_max) : octets_max_{octets_max} {}
    ~BatchBudget() = default;
    BatchBudget(const BatchBudget&) = delete;
    BatchBudget& operator=(const BatchBudget&) = delete;

    /// A part of the budget, given back at its end; the budget outlives it.
    class Share {
    public:
        Share() = default;
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;
        Share(Share&& other) noexcept
            : budget_{std::exchange(other.budget_, nullptr)}
            , octets_{other.octets_}
        {
        }
        Share& operator=(Share&& other) noexcept
        {
            std::swap(budget_, other.budget_);
            std::swap(octets_, other.octets_);
            return *this;
        }
        ~Share()
        {
            if (budget_ != nullptr) {
                budget_->taken_ -= octets_;
            }
        }

    private:
        friend class BatchBudget;
        Share(BatchBudget& budget, std::uint64_t octets) : budget_{&budget}, octets_{octets} {}

        BatchBudget* budget_ = nullptr;
        std::uint64_t octets_ = 0;
    };

    /// nullopt where so much is not left.
    [[nodiscard]] std::optional<Share> take(std::uint64_t octets)
    {
        if (taken_.fetch_add(octets) + octets > octets_max_) {
            taken_ -= octets;
            return std::nullopt;
        }
        return Share{*this, octets};
    }

    /// For the one message that a poll may hold in any case; it counts all the same.
    [[nodiscard]] Share take_beyond(std::uint64_t octets)
    {
        taken_ += octets;
        return Share{*this, octets};
    }

    [[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }

private:
    const std::uint64_t octets_max_;
    std::atomic<std::uint64_t> taken_{0};
};

} // namespace watchpost::collector
