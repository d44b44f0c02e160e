// How well a server's announced sizes agree with what it sends: learned, so that a size that is
// only an estimate, or rounded up to whole blocks, raises no alarm, and one that is exact goes on
// raising it.
//
// Counts messages that were fetched to an end in step. Plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::collector {

class SizeRecord {
public:
    static constexpr std::uint64_t messages_min = 5;            // before anything is concluded
    static constexpr std::uint64_t shortage_permille_max = 250; // more is never an estimate
    static constexpr std::uint64_t block_max = 4'096;           // sizes are rounded up to at most
    static constexpr std::uint64_t block_min = 512;

    /// `announced` 0: unknown, and not counted. Nor is, once the sizes are estimates, a shortage
    /// beyond what was seen until then: it must not explain itself.
    void note(std::uint64_t announced, std::uint64_t octets);

    /// Most messages were shorter than announced, each by little.
    [[nodiscard]] bool are_estimates() const noexcept;

    /// Many were longer: the sizes raise no alarm there, and messages are asked for one by one.
    [[nodiscard]] bool are_too_small() const noexcept;

    /// The block to which sizes are rounded up, so that any shortage of less is none; 0 where they
    /// are not.
    [[nodiscard]] std::uint64_t rounded_to() const noexcept;

    /// Is this shortage one that the server's estimates have shown before?
    [[nodiscard]] bool explains(std::uint64_t announced, std::uint64_t octets) const noexcept;

    /// Does this one say more than that one, of before? Agreement alone is worth it once it has
    /// doubled.
    [[nodiscard]] bool is_worth_storing(const SizeRecord& before) const noexcept;

    /// What was counted between those two states, added to this one: others have counted meanwhile.
    void add(const SizeRecord& before, const SizeRecord& after);

    /// "exact shorter longer permille rounded block"; nullopt for what to_text does not write, but
    /// for four numbers, which was the form before blocks.
    [[nodiscard]] std::string to_text() const;
    [[nodiscard]] static std::optional<SizeRecord> parse(std::string_view text);

    [[nodiscard]] std::uint64_t permille() const noexcept { return permille_; } // largest shortage

    friend bool operator==(const SizeRecord&, const SizeRecord&) = default;

private:
    [[nodiscard]] std::uint64_t count() const noexcept { return exact_ + shorter_ + longer_; }
    void keep_bounded() noexcept; // older ones count less

    std::uint64_t exact_ = 0;
    std::uint64_t shorter_ = 0;
    std::uint64_t longer_ = 0;
    std::uint64_t permille_ = 0;
    std::uint64_t rounded_ = 0;       // of the shorter: by less than a block
    std::uint64_t block_ = block_max; // the largest that all announced sizes are multiples of, or 0
};

} // namespace watchpost::collector
