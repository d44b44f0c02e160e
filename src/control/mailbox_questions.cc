#include "control/mailbox_questions.h"

#include <utility>
#include <vector>

#include "api/api.h"
#include "control/messages.h"

namespace watchpost::control {

using base::ErrorCode;
using base::Result;
using base::Retry;

namespace {

Result<store::MailboxId> find(const store::Store& store, const std::string& name_or_id)
{
    const auto mailboxes = store.mailboxes();
    if (!mailboxes) {
        return base::fail(mailboxes.error());
    }
    std::vector<store::MailboxId> named;
    for (const auto& mailbox : *mailboxes) {
        if (mailbox.id.to_string() == name_or_id) {
            return mailbox.id;
        }
        if (mailbox.name == name_or_id) {
            named.push_back(mailbox.id);
        }
    }
    if (named.size() == 1) {
        return named.front();
    }
    return base::fail(ErrorCode::invalid_argument, Retry::never,
                      named.empty() ? "no mailbox has this name or id; `watchpost mailbox list` "
                                      "shows what there is"
                                    : "several mailboxes have this name: use the id that "
                                      "`watchpost mailbox list` shows");
}

api::FetchAgainWish wish_of(const MailboxQuestion& question)
{
    using Which = api::FetchAgainWish::Which;
    if (question.ask == "fetch-again-end") {
        return {Which::none, 0};
    }
    return {question.last == 0 ? Which::all : Which::last, question.last};
}

} // namespace

Result<std::string> answer_question(store::Writer& writer, api::Backend& backend,
                                    const std::string& json)
{
    const auto& store = writer.reader();
    const auto question = parse_question(json);
    if (!question) {
        return base::fail(question.error());
    }
    if (question->ask == "list") {
        return api::mailboxes_as_json(store, backend);
    }
    const auto mailbox = find(store, question->mailbox);
    if (!mailbox) {
        return base::fail(mailbox.error());
    }
    if (question->ask == "polls") {
        return backend.polls(*mailbox).map(collector::encode_polls);
    }
    if (question->ask == "server") {
        return backend.mail_server(*mailbox);
    }
    if (question->ask == "set-aside") {
        return backend.stuck_messages(*mailbox).map(collector::encode_stuck);
    }
    if (question->ask == "try-again") {
        return backend.try_again(*mailbox, {}).map([] { return std::string{"{}"}; });
    }
    if (question->ask == "poll-now") {
        return backend.poll_now(*mailbox).map([] { return std::string{"{}"}; });
    }
    if (question->ask == "fetch-again" || question->ask == "fetch-again-end") {
        return api::ask_to_fetch_again(writer, backend, *mailbox, wish_of(*question),
                                       {{}, "watchpost mailbox", "local"})
            .map([] { return std::string{"{}"}; });
    }
    return base::fail(ErrorCode::unsupported, Retry::never, "no such question about a mailbox");
}

} // namespace watchpost::control
