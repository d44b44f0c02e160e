// Part of Retrieval: messages that are refused, too large, or the mailbox's own data.
#include <utility>

#include "collector/retrieval.h"
#include "os/crash_point.h"

namespace watchpost::collector {

using base::Result;
using pop3::Event;
using spool::Completeness;

void Retrieval::on_refusal(const pop3::StatusLine& status)
{
    ++around_.report.refused;
    ++refused_in_row_;
    trouble_ = pop3::trouble_of(status);
    Refused refused{under_way_.front(), {}};
    if (refused_.size() < reasons_max) {
        refused.reason = pop3::refusal(status).message();
        around_.report.add_note("message " + std::to_string(under_way_.front()->number) +
                                " was not given out: " + refused.reason);
    }
    refused_.push_back(std::move(refused));
    leave_front();
}

Result<void> Retrieval::look_for_folder_data(const Event& event)
{
    const auto& message = *under_way_.front();
    if (message.number != 1 || event.octets > FolderDataDetector::message_octets_max ||
        !current_.folder_data.is_folder_data()) {
        return {};
    }
    os::crash_point(os::CrashPoint::collector_before_folder_data);
    if (auto noted = around_.on_folder_data(message); !noted) {
        return base::fail(
            std::move(noted).error().during("remember the server's own data of the mailbox"));
    }
    folder_data_ = &message;
    return {};
}

/// Announced as smaller than it is. What has no UID is fetched at every poll, and recorded once.
void Retrieval::keep_too_large()
{
    if (around_.too_large.take(*under_way_.front())) {
        ++around_.report.duplicates;
        ++around_.report.fetched;
        return;
    }
    keep(receipt(Completeness::too_large));
}

} // namespace watchpost::collector
