// Finds the pieces of a journal report in a message: its text, the message that it is about, and
// what is not as Exchange writes it. Private; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "copies/copy_fields.h"
#include "copies/journal_report.h"
#include "copies/limits.h"
#include "message/defect.h"
#include "message/message.h"

namespace watchpost::copies {

struct JournalForm {
    const message::Part* report = nullptr;    // text/plain
    const message::Part* attached = nullptr;  // message/rfc822, of the message to be shown
    std::vector<const message::Part*> others; // further attached messages
    JournalReport text;
    std::vector<message::Defect> defects;
    bool was_undeliverable = false; // came inside a delivery status report. RFC 3464
    bool is_protected = false;      // the shown message can be read with its key server alone
    // Quoted clauses:
    std::string obstacle;      // why there is nothing to be shown, as a clause; empty: there is
    std::string fault;         // why it is none to the letter
    std::string contradiction; // between the report and the message that is attached to it
};

/// Looks into `root`, and where that is a delivery status report into the message it brings back.
[[nodiscard]] JournalForm find_journal(const message::Part& root, const Limits& limits);

/// Does the message, or the one that a delivery status report brings back, call itself a journal
/// report?
[[nodiscard]] bool claims_to_be_journal(const message::Part& root, const CopyFields& fields);

/// message/rfc822 parts of the multiparts of `root`, in document order, none inside another.
[[nodiscard]] std::vector<const message::Part*> attached_messages(const message::Part& root);

/// The header and content that stand inside a message/rfc822 part; null where it was not opened.
[[nodiscard]] const message::Part* opened(const message::Part& attached);

} // namespace watchpost::copies
