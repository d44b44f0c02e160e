// What happened to a mailbox, and what can be done about it: polls, the server, what is set aside,
// fetch again.
#include "api/api.h"
#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"

namespace watchpost::api {

namespace {

/// nullopt where it is not of the contract's shape. No list: all.
std::optional<std::vector<std::string>> read_marks(const Json& body)
{
    std::vector<std::string> marks;
    if (body.is_object() && body.empty()) {
        return marks;
    }
    const auto* const list = body.is_object() && body.size() == 1 && body.contains("marks")
                                 ? &body.at("marks")
                                 : nullptr;
    if (list == nullptr || !list->is_array() || list->empty() ||
        list->size() > collector::StuckMessages::remembered_max) {
        return std::nullopt;
    }
    marks.reserve(list->size());
    for (const auto& mark : *list) {
        if (!mark.is_string()) {
            return std::nullopt;
        }
        marks.push_back(mark.get<std::string>());
    }
    return marks;
}

} // namespace

http::Response list_polls(Call& call)
{
    const auto polls = find_mailbox(call).and_then([&](const store::MailboxRecord& mailbox) {
        return call.service.backend.polls(mailbox.id);
    });
    return polls ? json_response(Json::parse(collector::encode_polls(*polls)))
                 : to_response(polls.error());
}

http::Response get_mail_server(Call& call)
{
    const auto server = find_mailbox(call).and_then([&](const store::MailboxRecord& mailbox) {
        return call.service.backend.mail_server(mailbox.id);
    });
    if (!server) {
        return to_response(server.error());
    }
    const auto json = Json::parse(*server, nullptr, false);
    return json_response(json.is_object() ? json : Json::object());
}

http::Response list_stuck_messages(Call& call)
{
    const auto messages = find_mailbox(call).and_then([&](const store::MailboxRecord& mailbox) {
        return call.service.backend.stuck_messages(mailbox.id);
    });
    return messages ? json_response(Json::parse(collector::encode_stuck(*messages)))
                    : to_response(messages.error());
}

http::Response try_again(Call& call)
{
    const auto mailbox = find_mailbox(call);
    if (!mailbox) {
        return to_response(mailbox.error());
    }
    const auto marks = read_marks(Json::parse(call.request.body, nullptr, false));
    if (!marks) {
        return to_response(invalid_fields(
            {{"marks", "A list of 1 to 64 marks is needed, as the list of messages has them."}}));
    }
    const auto asked = call.service.backend.try_again(mailbox->id, *marks);
    if (!asked) {
        return to_response(asked.error());
    }
    return accepted();
}

namespace {

/// {} is all, {"last":N} the last N; nullopt where it is neither.
std::optional<FetchAgainWish> read_wish(const Json& body)
{
    using Which = FetchAgainWish::Which;
    if (body.is_object() && body.empty()) {
        return FetchAgainWish{Which::all, 0};
    }
    const auto* const last =
        body.is_object() && body.size() == 1 && body.contains("last") ? &body.at("last") : nullptr;
    if (last == nullptr || !last->is_number_unsigned() || *last == 0 ||
        *last > FetchAgainWish::last_max) {
        return std::nullopt;
    }
    return FetchAgainWish{Which::last, last->get<std::uint32_t>()};
}

http::Response ask_to_fetch_again(Call& call, const store::MailboxRecord& mailbox,
                                  const FetchAgainWish& wish)
{
    const auto asked =
        ask_to_fetch_again(call.service.writer, call.service.backend, mailbox.id, wish, call.actor);
    if (!asked) {
        return to_response(asked.error());
    }
    return accepted();
}

} // namespace

base::Result<void> ask_to_fetch_again(store::Writer& writer, Backend& backend, store::MailboxId id,
                                      const FetchAgainWish& wish, const store::Actor& actor)
{
    using Which = FetchAgainWish::Which;
    if (auto asked = backend.fetch_again(id, wish); !asked) {
        return asked;
    }
    Json detail = Json::object();
    if (wish.which == Which::last) {
        detail["last"] = wish.last;
    }
    const bool ends = wish.which == Which::none;
    return writer.run([&](store::Store& store) {
        return store.audit({base::now(), actor,
                            ends ? "mailbox.fetch_again_ended" : "mailbox.fetch_again",
                            id.to_string(), detail.dump()});
    });
}

http::Response fetch_again(Call& call)
{
    const auto mailbox = find_mailbox(call);
    if (!mailbox) {
        return to_response(mailbox.error());
    }
    const auto wish = read_wish(Json::parse(call.request.body, nullptr, false));
    return wish ? ask_to_fetch_again(call, *mailbox, *wish)
                : to_response(invalid_fields(
                      {{"last", "A number from 1 to 10,000 is needed; without it all messages are "
                                "fetched again."}}));
}

http::Response end_fetch_again(Call& call)
{
    const auto mailbox = find_mailbox(call);
    return mailbox ? ask_to_fetch_again(call, *mailbox, {FetchAgainWish::Which::none, 0})
                   : to_response(mailbox.error());
}

} // namespace watchpost::api
