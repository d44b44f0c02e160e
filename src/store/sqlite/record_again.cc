// A message that is inspected once more: since an engine is back, or somebody had it fetched again.
#include <algorithm>

#include "store/sqlite/alert_rows.h"
#include "store/sqlite/sqlite_store_impl.h"
#include "store/sqlite/words.h"

namespace watchpost::store::sqlite {

using base::Result;

namespace {

/// Words of either list stand between spaces.
bool has_word_of_its_own(const std::vector<std::string>& words, const std::string& known)
{
    const std::string all = " " + known + " ";
    return std::ranges::any_of(words, [&](const std::string& word) {
        return all.find(" " + word + " ") == std::string::npos;
    });
}

std::string_view describe_change(bool is_detected, bool finds_more)
{
    return !is_detected ? "Nothing is found in it any more."
           : finds_more ? "More is found in it than before."
                        : "";
}

} // namespace

/// Does the new inspection find what the alert does not tell?
Result<bool> SqliteStore::finds_more(const Alert& alert, const MessageRecord& record)
{
    auto read = writer_->prepare("SELECT rules FROM alerts WHERE id = ?");
    auto row = read.bind(alert.id.to_string()).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    return record.is_detected && (record.importance > alert.importance ||
                                  has_word_of_its_own(record.engines, join_words(alert.engines)) ||
                                  has_word_of_its_own(record.rules, read.text(0)));
}

/// The alert stays whatever is found now. A processed one in which more is found is new again.
Result<bool> SqliteStore::note_inspected_again(AlertId id, const MessageRecord& record)
{
    auto before = alert_row(*writer_, Scope{tenant_}, id);
    if (!before) {
        return pass_on(std::move(before.error()));
    }
    const auto more = finds_more(*before, record);
    if (!more) {
        return pass_on(more.error());
    }
    const std::string what{describe_change(record.is_detected, *more)};
    const auto at = base::now();
    auto done = insert_history(id, at, {AlertAction::inspected_again, std::nullopt, what}, Actor{});
    if (done && record.is_detected) {
        done = refresh_alert(id, record);
    }
    const bool opens = *more && before->state == AlertState::processed;
    if (done && opens) {
        auto after = *before;
        after.state = AlertState::fresh;
        after.assignee.reset();
        after.updated_at = at;
        after.importance = std::max(before->importance, record.importance);
        after.engines = record.engines;
        after.is_partial = record.is_partial;
        done = update_alert(*before, after);
    }
    if (done && opens) {
        done = insert_history(id, at, {AlertAction::reopened, std::nullopt, {}}, Actor{});
    }
    return done ? Result<bool>{opens} : pass_on(std::move(done.error()));
}

/// What is kept for an alert stays, whatever is found now.
Result<MessageRecord> SqliteStore::as_first_recorded(const MessageRecord& record)
{
    auto read = writer_->prepare(
        "SELECT mailbox_id, received_at, octets, sha256, content_kept AND EXISTS (SELECT 1 FROM "
        "alerts WHERE message_id = messages.id) FROM messages WHERE id = ?");
    auto row = read.bind(record.id.to_string()).step();
    if (!row) {
        return pass_on(std::move(row.error()));
    }
    if (!*row) {
        return base::fail(base::ErrorCode::not_found, base::Retry::never,
                          "the message was never recorded");
    }
    auto whole = record;
    whole.mailbox = MailboxId::parse(read.text(0)).value_or(MailboxId{});
    whole.received_at = read.instant(1);
    whole.octets = static_cast<std::uint64_t>(read.number(2));
    whole.sha256 = read.text(3);
    whole.content_kept = record.content_kept || read.flag(4);
    return whole;
}

Result<Recorded> SqliteStore::renew(const MessageRecord& record)
{
    const auto whole = as_first_recorded(record);
    if (!whole) {
        return pass_on(whole.error());
    }
    auto known = alert_of(*writer_, record.id);
    if (!known) {
        return pass_on(std::move(known.error()));
    }
    if (auto inserted = insert_message(*whole); !inserted) {
        return pass_on(std::move(inserted.error()));
    }
    if (*known) {
        const auto is_reopened = note_inspected_again(**known, *whole);
        return is_reopened ? Result<Recorded>{Recorded{*is_reopened, *known}}
                           : pass_on(is_reopened.error());
    }
    if (!record.is_detected) {
        return Recorded{false, std::nullopt};
    }
    auto alert = insert_alert(*whole);
    return alert ? Result<Recorded>{Recorded{true, *alert}} : pass_on(std::move(alert.error()));
}

Result<Recorded> SqliteStore::record_reinspection(const MessageRecord& record)
{
    Result<Recorded> recorded;
    auto written = write([&]() -> Result<void> {
        recorded = renew(record);
        return recorded ? Result<void>{} : base::fail(recorded.error());
    });
    return written ? recorded
                   : pass_on(std::move(written.error()).during("record a repeated inspection"));
}

} // namespace watchpost::store::sqlite
