#include "collector/first_poll.h"

#include <utility>
#include <vector>

#include "os/crash_point.h"

namespace watchpost::collector {

using base::Result;

namespace {

constexpr std::size_t batch_messages_max = 1'000;

spool::Receipt receipt_of(const pop3::ListedMessage& message, const SeenAs& as)
{
    spool::Receipt receipt;
    receipt.key = as.key;
    receipt.uid = message.uid;
    receipt.announced_octets = message.octets;
    receipt.epoch = as.epoch;
    receipt.completeness = spool::Completeness::before_first_poll;
    receipt.received_at = as.at;
    return receipt;
}

Result<void> commit(std::vector<spool::Receipt>& receipts, spool::Intake& intake, Ledger& ledger)
{
    std::vector<spool::Arrival> batch;
    batch.reserve(receipts.size());
    for (const auto& receipt : receipts) {
        batch.push_back({nullptr, receipt});
    }
    const auto ids = intake.commit(std::move(batch));
    if (!ids) {
        return base::fail(ids.error());
    }
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        ledger.add(ids->at(i), receipts[i]);
    }
    receipts.clear();
    os::crash_point(os::CrashPoint::collector_in_first_poll);
    return {};
}

} // namespace

FirstPollRecord::FirstPollRecord(spool::StateStore& store, const spool::MailboxKey& key)
    : store_{store}
    , name_{"first-poll/" + key.mailbox}
    , generation_{std::to_string(key.generation)}
{
}

bool FirstPollRecord::is_to_come() const
{
    return store_.get(name_) != generation_;
}

/// The stored value is "GENERATION tried TIME" before it is "GENERATION".
std::optional<base::Instant> FirstPollRecord::tried_at() const
{
    const std::string stored = store_.get(name_).value_or("");
    const std::string begin = generation_ + " tried ";
    return stored.starts_with(begin)
               ? base::parse_rfc3339(std::string_view{stored}.substr(begin.size()))
               : std::nullopt;
}

Result<void> FirstPollRecord::note_try(base::Instant now)
{
    return tried_at() ? Result<void>{}
                      : store_.put(name_, generation_ + " tried " + base::to_rfc3339(now));
}

Result<void> FirstPollRecord::note_done()
{
    return store_.put(name_, generation_);
}

Result<SeenBefore> record_as_seen(const Survey& survey, const SeenAs& as, spool::Intake& intake,
                                  Ledger& ledger)
{
    if (!survey.has_uids && survey.count > 0) {
        return base::fail(base::ErrorCode::unsupported, base::Retry::never,
                          "the server has no UIDL, so that messages of before cannot be told from "
                          "new ones; choose \"All mail\" as first poll");
    }
    if (survey.without_uid_line * 2 > survey.messages.size()) {
        return base::fail(base::ErrorCode::protocol_violation, base::Retry::later,
                          "UIDL names only " +
                              std::to_string(survey.messages.size() - survey.without_uid_line) +
                              " of " + std::to_string(survey.messages.size()) +
                              " messages, so that those of before could not be told from new ones; "
                              "it is tried again by itself. If it stays so, choose \"All mail\" as "
                              "first poll, or UIDs have to be mended at the server");
    }
    SeenBefore seen;
    std::vector<spool::Receipt> receipts;
    for (const auto& message : survey.messages) {
        if (message.uid.empty() || !message.uid_is_unique) {
            ++seen.without_uid;
        } else if (!ledger.find(as.key, message.uid, message.octets)) {
            receipts.push_back(receipt_of(message, as));
            ++seen.recorded;
        }
        if (receipts.size() == batch_messages_max) {
            if (auto committed = commit(receipts, intake, ledger); !committed) {
                return base::fail(std::move(committed).error());
            }
        }
    }
    if (!receipts.empty()) {
        if (auto committed = commit(receipts, intake, ledger); !committed) {
            return base::fail(std::move(committed).error());
        }
    }
    return seen;
}

} // namespace watchpost::collector
