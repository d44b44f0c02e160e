// In which form a message came into the collected mailbox, and which message it is about.
//
// Some copies are the message itself; others carry it inside (journal reports, forwards as
// attachments), and its sender and recipients are not those of the carrier. What is found here
// changes what is shown as the message, never what is inspected: the walk sees every part of both.
// Nothing in a message is proof, so only strict forms count unless the mailbox is set to one, and
// everything that does not fit is a note. docs/copies.md. No I/O; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "copies/limits.h"
#include "message/defect.h"
#include "message/message.h"
#include "model/copy_setting.h"
#include "model/message_model.h"

namespace watchpost::copies {

/// Something that an officer should know; becomes a finding.
struct Note {
    std::string_view id; // row of verdict/finding_table.h: "copies.unexpected_form"; static storage
    std::string part;
    std::string detail; // quoted
};

struct Reading {
    std::optional<model::Copy> copy;      // empty: nothing tells how it came
    const message::Part* shown = nullptr; // the message to be shown; null: the whole
    std::vector<model::Mailbox> senders;  // of the report, for a message without From
    std::vector<Note> notes;
    std::vector<message::Defect> defects; // limits that cut what is shown
    std::string protected_part; // path of content that its key server alone can open; empty: none
};

/// The reading views into `message`.
[[nodiscard]] Reading read_copy(const message::Message& message, model::CopySetting setting,
                                const Limits& limits = {});

/// Adds what the copy says to the model of the message that is shown.
void complete(model::MessageModel& model, Reading reading);

} // namespace watchpost::copies
