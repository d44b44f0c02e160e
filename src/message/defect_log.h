// Where the reader notes what it forgave: once an id and part, and no more than a limit for the
// whole message, so that hostile input cannot turn defects into memory. Not thread-safe.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "message/defect.h"
#include "message/defect_table.h"
#include "message/departure.h"

namespace watchpost::message {

/// The defects of a whole message.
class DefectList {
public:
    explicit DefectList(std::size_t count_max) : count_max_{count_max} {}

    void add(DefectId id, const std::string& part, std::uint64_t offset, std::string_view detail);
    [[nodiscard]] const std::vector<Defect>& all() const noexcept { return defects_; }

    /// What the defects leave open, also those that did not fit, and what suggest() added.
    [[nodiscard]] Departures suggested() const noexcept { return suggested_; }
    void suggest(Departures departures) noexcept { suggested_.add(departures); }

private:
    std::vector<Defect> defects_;
    Departures suggested_;
    std::size_t count_max_;
};

/// The defects of one part; the first one of each id counts. List and path outlive the log.
class DefectLog {
public:
    DefectLog(DefectList& list, const std::string& part) : list_{list}, part_{part} {}

    /// `detail` is hostile text; it is quoted here.
    void note(DefectId id, std::uint64_t offset, std::string_view detail = {});

    /// A further reading is worth taking, whatever the defects say.
    void suggest(Departure departure) noexcept { list_.suggest({departure}); }

private:
    DefectList& list_;
    const std::string& part_;
    std::bitset<defect_count> seen_;
};

} // namespace watchpost::message
