// The text of a journal report: who sent the journaled message and whom it went to. [MS-XJRNL]
// §2.1, and the older list of Exchange 2003.
//
// Reads anything and says what it had to pass over. No I/O; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "copies/limits.h"
#include "model/message_model.h"

namespace watchpost::copies {

struct JournalReport {
    model::Journal fields;
    std::vector<model::CopyRecipient> recipients;
    bool was_cut = false; // more recipients than the limit
    bool is_disordered =
        false;         // a field stands twice or where none does: lines may be the sender's
    std::string fault; // the first thing that no report has, as a quoted clause; empty: it is one
                       // to the letter
};

/// `text` is UTF-8. The sender chose the subject, and it may have been broken into lines: no
/// recipient is believed that stands before the Message-ID, right behind the subject, or before a
/// field from the Message-ID on that stands a second time.
[[nodiscard]] JournalReport parse_journal_report(std::string_view text, const Limits& limits = {});

} // namespace watchpost::copies
