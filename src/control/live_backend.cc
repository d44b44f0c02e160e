#include "control/live_backend.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "collector/integration.h"
#include "collector/mailbox_password.h"
#include "collector/service_messages.h"
#include "control/messages.h"
#include "crypto/sha256.h"
#include "net/tls.h"
#include "pipeline/object_view_call.h"
#include "pipeline/service_messages.h"

namespace watchpost::control {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr std::chrono::seconds quick_answer_time_max{15};
constexpr std::chrono::seconds test_time_max{
    100}; // every address of a server may be silent; HTTP waits 120 s
constexpr std::chrono::seconds compile_time_max{60};
constexpr std::chrono::seconds view_time_max{60}; // an inspector starts, and takes a message apart
constexpr std::size_t piece_bytes = std::size_t{256} << 10U;

base::Deadline in(std::chrono::seconds time)
{
    return std::chrono::steady_clock::now() + time;
}

/// What the API promises of a process that is away.
base::Error away(base::Error error)
{
    if (error.code() != ErrorCode::connection_lost) {
        return error;
    }
    return base::Error{ErrorCode::busy, Retry::later, error.message()};
}

Result<std::string> read_to_end(int fd, std::uint64_t bytes_max)
{
    std::string content;
    while (true) {
        const std::size_t before = content.size();
        content.resize(before + piece_bytes);
        const ssize_t got =
            ::pread(fd, content.data() + before, piece_bytes, static_cast<off_t>(before));
        if (got < 0 && errno != EINTR) {
            return base::fail(base::system_error("read a kept message", errno));
        }
        content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (content.size() > bytes_max) {
            return base::fail(ErrorCode::limit_exceeded, Retry::never,
                              "the message is larger than " + base::to_readable_bytes(bytes_max));
        }
        if (got == 0) {
            return content;
        }
    }
}

} // namespace

/// False where it has to be told again. A process that is away is told everything when it comes
/// back (Reception::on_connected).
bool LiveBackend::note(const std::string& step, const Result<void>& outcome)
{
    const bool is_trouble = !outcome && outcome.error().code() != ErrorCode::connection_lost;
    board_.note_trouble(step, is_trouble ? outcome.error().describe() : "");
    if (is_trouble) {
        log_.write("control.store_failed", {{"step", step}, {"error", outcome.error().describe()}});
    }
    return !is_trouble;
}

std::vector<api::FieldError> LiveBackend::check_mailbox(const std::string& settings_json) const
{
    std::vector<api::FieldError> errors;
    for (auto& fault : collector::check_integration(settings_json)) {
        errors.push_back({std::move(fault.field), std::move(fault.fault)});
    }
    return errors;
}

Result<std::vector<std::string>> LiveBackend::cipher_suites(const std::string& ciphers) const
{
    return net::cipher_suites(ciphers);
}

std::string LiveBackend::seal_secret(api::SecretKind kind, const std::string& settings_json,
                                     std::string_view secret) const
{
    return collector::seal_secret(collector_key_, kind, settings_json, secret);
}

Result<void> LiveBackend::tell_mailboxes()
{
    const auto mailboxes = store_.mailboxes();
    if (!mailboxes) {
        return base::fail(mailboxes.error());
    }
    board_.keep_mailboxes(*mailboxes);
    std::vector<collector::Assignment> assignments;
    assignments.reserve(mailboxes->size());
    for (const auto& mailbox : *mailboxes) {
        assignments.push_back({mailbox.id.to_string(), mailbox.name, mailbox.settings_json,
                               mailbox.sealed_password, mailbox.version, mailbox.generation});
    }
    return listener_->notify(collector_role, collector::mailboxes_method,
                             collector::encode_mailboxes(assignments));
}

Result<void> LiveBackend::tell_copies()
{
    const auto mailboxes = store_.mailboxes();
    if (!mailboxes) {
        return base::fail(mailboxes.error());
    }
    pipeline::CopySettings copies;
    for (const auto& mailbox : *mailboxes) {
        copies.emplace(mailbox.id.to_string(), collector::copies_of(mailbox.settings_json));
    }
    return listener_->notify(pipeline_role, "copies_changed", pipeline::to_json(copies));
}

/// Revisions grow over restarts of ours, too: the pipeline may still work with an older list.
Result<void> LiveBackend::tell_rules()
{
    rules_revision_ =
        std::max(rules_revision_ + 1,
                 static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                                base::now().time_since_epoch())
                                                .count()));
    auto files = rules_.follow(store_);
    if (!files) {
        return base::fail(std::move(files.error()));
    }
    return listener_->notify(
        pipeline_role, "rules_changed",
        pipeline::to_json(pipeline::RuleList{*std::move(files), rules_revision_}));
}

void LiveBackend::rules_are_in_use(std::uint64_t revision)
{
    const std::lock_guard guard{telling_};
    if (revision == rules_revision_) {
        static_cast<void>(note("remove old YARA files", rules_.sweep()));
    }
}

/// The pipeline first: it has to know before a message of a new mailbox comes.
void LiveBackend::mailboxes_changed()
{
    tell_copy_settings();
    const std::lock_guard guard{telling_};
    owes_mailboxes_ = !note("tell the collector about its mailboxes", tell_mailboxes());
}

api::MailboxStatus LiveBackend::mailbox_status(store::MailboxId id) const
{
    return board_.mailbox(id);
}

Result<std::string> LiveBackend::ask_collector(std::string_view method, const std::string& json)
{
    auto answer = listener_->call(collector_role, method, json, in(quick_answer_time_max));
    if (!answer) {
        return base::fail(away(std::move(answer.error())));
    }
    return std::move(answer->json);
}

Result<void> LiveBackend::poll_now(store::MailboxId id)
{
    return ask_collector(collector::poll_now_method, collector::encode_mailbox(id.to_string()))
        .map([](const std::string& /*empty*/) {});
}

Result<api::PollList> LiveBackend::polls(store::MailboxId id)
{
    return ask_collector(collector::polls_method, collector::encode_mailbox(id.to_string()))
        .and_then(collector::parse_polls);
}

Result<std::string> LiveBackend::mail_server(store::MailboxId id)
{
    return ask_collector(collector::server_method, collector::encode_mailbox(id.to_string()));
}

Result<std::vector<api::StuckMessage>> LiveBackend::stuck_messages(store::MailboxId id)
{
    return ask_collector(collector::stuck_method, collector::encode_mailbox(id.to_string()))
        .and_then(collector::parse_stuck);
}

Result<void> LiveBackend::fetch_again(store::MailboxId id, const api::FetchAgainWish& wish)
{
    return ask_collector(collector::fetch_again_method,
                         collector::encode_fetch_again({id.to_string(), wish}))
        .map([](const std::string& /*empty*/) {});
}

Result<void> LiveBackend::try_again(store::MailboxId id, const std::vector<std::string>& marks)
{
    return ask_collector(collector::try_again_method,
                         collector::encode_try_again({id.to_string(), marks}))
        .map([](const std::string& /*empty*/) {});
}

Result<api::ConnectionTest> LiveBackend::test_connection(const std::string& settings_json,
                                                         const std::string& sealed_secrets)
{
    auto answer = listener_->call(collector_role, collector::test_connection_method,
                                  collector::encode_test_request({settings_json, sealed_secrets}),
                                  in(test_time_max));
    if (!answer) {
        return base::fail(away(std::move(answer.error())));
    }
    return collector::parse_test_report(answer->json);
}

Result<api::DeviceState> LiveBackend::begin_device_code(const std::string& settings_json,
                                                        const std::string& sealed_secrets)
{
    return ask_about_device_code(collector::begin_device_code_method,
                                 collector::encode_test_request({settings_json, sealed_secrets}));
}

Result<api::DeviceState> LiveBackend::ask_device_code(const std::string& id)
{
    return ask_about_device_code(collector::ask_device_code_method,
                                 collector::encode_device_id(id));
}

Result<api::DeviceState> LiveBackend::ask_about_device_code(std::string_view method,
                                                            const std::string& json)
{
    auto answer = listener_->call(collector_role, method, json, in(test_time_max));
    if (!answer) {
        return base::fail(away(std::move(answer.error())));
    }
    return collector::parse_device_state(answer->json);
}

Result<std::uint32_t> LiveBackend::check_yara(const std::string& name, const std::string& source)
{
    auto answer =
        listener_->call(pipeline_role, "check_rules",
                        pipeline::to_json(pipeline::RuleCheck{name, source}), in(compile_time_max));
    if (!answer) {
        return base::fail(away(std::move(answer.error())));
    }
    return pipeline::parse_rule_count(answer->json);
}

void LiveBackend::yara_files_changed()
{
    const std::lock_guard guard{telling_};
    // With rules the pipeline begins to inspect: not before it knows how to read the copies.
    owes_rules_ = owes_copies_ || !note("hand the YARA files to the pipeline", tell_rules());
}

void LiveBackend::tell_copy_settings()
{
    const std::lock_guard guard{telling_};
    owes_copies_ = !note("tell the pipeline how copies arrive", tell_copies());
}

void LiveBackend::repeat_what_failed()
{
    const std::lock_guard guard{telling_};
    if (owes_copies_) {
        owes_copies_ = !note("tell the pipeline how copies arrive", tell_copies());
    }
    if (owes_mailboxes_) {
        owes_mailboxes_ = !note("tell the collector about its mailboxes", tell_mailboxes());
    }
    if (owes_rules_ && !owes_copies_) {
        owes_rules_ = !note("hand the YARA files to the pipeline", tell_rules());
    }
}

std::uint32_t LiveBackend::builtin_yara_rule_count() const
{
    return board_.builtin_rule_count();
}

Result<std::string> LiveBackend::kept_content(store::MessageId id, std::uint64_t bytes_max)
{
    auto answer = listener_->call(pipeline_role, "read_content", pipeline::message_to_json(id),
                                  in(quick_answer_time_max));
    if (!answer) {
        return base::fail(away(std::move(answer.error())));
    }
    if (answer->fds.empty()) {
        return base::fail(ErrorCode::protocol_violation, Retry::later,
                          "the pipeline sent no content");
    }
    return read_to_end(answer->fds.front().get(), bytes_max);
}

/// What comes was made where hostile bytes are read: it is decoded strictly, and an object is one
/// only if its digest says so.
Result<inspect::ObjectView> LiveBackend::view_object(store::MessageId id,
                                                     const inspect::ObjectWish& wish)
{
    auto answer =
        listener_->call(pipeline_role, "view_object",
                        pipeline::to_json(pipeline::ObjectCall{id, wish}), in(view_time_max));
    if (!answer) {
        return base::fail(away(std::move(answer.error())));
    }
    if (answer->fds.empty()) {
        return base::fail(ErrorCode::protocol_violation, Retry::later, "the pipeline sent no view");
    }
    const auto encoded = read_to_end(answer->fds.front().get(), inspect::encoded_view_bytes_max());
    auto view = encoded ? inspect::decode_view(base::as_bytes(*encoded), wish.form)
                        : base::fail(encoded.error());
    if (view && view->form == inspect::ViewForm::whole && view->fault.empty() &&
        crypto::sha256(view->content) != wish.sha256) {
        return base::fail(ErrorCode::protocol_violation, Retry::never,
                          "what was taken out is not the object that was asked for");
    }
    return view;
}

api::ServiceStatus LiveBackend::status() const
{
    return board_.status();
}

} // namespace watchpost::control
