#include "collector/folder_data.h"

#include <algorithm>

#include "collector/message_mark.h"

namespace watchpost::collector {

namespace {

bool has_header(std::string_view head, std::string_view name)
{
    return head.starts_with(name.substr(2)) || head.find(name) != std::string_view::npos;
}

} // namespace

void FolderDataDetector::take(base::ByteView content)
{
    const auto wanted = std::min(content.size(), head_octets_max - head_.size());
    head_ += base::as_text(content.first(wanted));
}

bool FolderDataDetector::is_folder_data() const
{
    const std::string_view head = std::string_view{head_}.substr(0, head_.find("\r\n\r\n"));
    return has_header(head, "\r\nSubject: DON'T DELETE THIS MESSAGE") &&
           (has_header(head, "\r\nX-IMAP: ") || has_header(head, "\r\nX-IMAPbase: "));
}

FolderDataMemory::FolderDataMemory(spool::StateStore& store, std::string_view mailbox)
    : store_{store}
    , name_{"folder-data/" + std::string{mailbox}}
{
}

base::Result<void> FolderDataMemory::note(const pop3::ListedMessage& message)
{
    return store_.put(name_, mark_of(message));
}

std::optional<std::uint32_t>
FolderDataMemory::find(const std::vector<pop3::ListedMessage>& listed) const
{
    const auto mark = store_.get(name_);
    // It is always the first: nothing else is looked at.
    return mark && !listed.empty() && mark_of(listed.front()) == *mark
               ? std::optional{listed.front().number}
               : std::nullopt;
}

} // namespace watchpost::collector
