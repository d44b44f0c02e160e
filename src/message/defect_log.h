// Where the reader notes what it forgave: once an id and part, and no more than a limit for the
// whole message, so that hostile input cannot turn defects into memory. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "message/defect.h"
#include "message/defect_table.h"

namespace watchpost::message {

/// The defects of a whole message.
class DefectList {
public:
    explicit DefectList(std::size_t count_max) : count_max_{count_max} {}

    void add(DefectId id, const std::string& part, std::uint64_t offset, std::string_view detail);
    [[nodiscard]] const std::vector<Defect>& all() const noexcept { return defects_; }

private:
    std::vector<Defect> defects_;
    std::size_t count_max_;
};

/// The defects of one part; the first one of each id counts. List and path outlive the log.
class DefectLog {
public:
    DefectLog(DefectList& list, const std::string& part) : list_{list}, part_{part} {}

    /// `detail` is hostile text; it is quoted here.
    void note(DefectId id, std::uint64_t offset, std::string_view detail = {});

private:
    DefectList& list_;
    const std::string& part_;
    std::uint64_t seen_ = 0; // one bit an id
};

} // namespace watchpost::message
