// Which readings of a message are to be taken, one after the other.
//
// A reading is a set of departures: a variant, which is a single departure that the message leaves
// open, or a profile, which is the set of a known program. A departure that only shows itself in a
// reading is added to that reading. Never the product of all: at most `variants_max` and
// `profiles_max` a message. Not thread-safe.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "message/departure.h"

namespace watchpost::message {

inline constexpr std::string_view strict_reading = "strict";

struct Reading {
    std::string name; // "strict", a profile's, or its departures joined by "+"
    Departures departures;
};

struct Profile {
    std::string_view name;
    std::string_view who; // reads so, with the version of which it was measured
    Departures departures;
};

/// Programs whose ways were measured; docs/readings.md says how.
[[nodiscard]] std::span<const Profile> profile_table() noexcept;

class ReadingPlan {
public:
    static constexpr std::size_t profiles_max = 8;
    static constexpr std::size_t variants_max = 16;

    /// `suggested` is all that the strict reading left open.
    explicit ReadingPlan(Departures suggested);

    /// nullopt where all are taken.
    [[nodiscard]] std::optional<Reading> next();

    /// What a reading that next() gave left open in its turn.
    void learn(const Reading& reading, Departures suggested);

    /// There were more variants than the limit.
    [[nodiscard]] bool was_cut() const noexcept { return was_cut_; }

private:
    void add_variants(const Reading& base, Departures suggested);
    std::optional<Reading> next_profile();

    Departures strict_;    // what the strict reading left open
    Departures suggested_; // what any reading so far left open
    std::size_t next_profile_ = 0;
    std::deque<Reading> waiting_;
    std::set<Departures> known_;
    std::size_t variants_ = 0;
    bool was_cut_ = false;
};

/// What programs do that read so, one sentence a departure; empty where a word of `name` is none of
/// ours. Of a message within a message the readings are parted by ">".
[[nodiscard]] std::vector<std::string> explain_reading(std::string_view name);

/// The text of docs/readings.md.
[[nodiscard]] std::string readings_page();

} // namespace watchpost::message
