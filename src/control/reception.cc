#include "control/reception.h"

#include <utility>

#include "base/json_depth.h"
#include "collector/service_messages.h"
#include "control/mailbox_questions.h"
#include "control/messages.h"
#include "os/crash_point.h"
#include "pipeline/service_messages.h"

namespace watchpost::control {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using hub::Document;

Document document(std::string json)
{
    return {std::move(json), {}};
}

} // namespace

hub::Service Reception::service()
{
    hub::Service service;
    service.admit = [this](const hub::Peer& peer) { return admit(peer); };
    service.on_connected = [this](const hub::Peer& peer) { on_connected(peer); };
    service.on_lost = [this](const hub::Peer& peer) { on_lost(peer); };
    service.on_notice = [this](const hub::Peer& peer, std::string_view method,
                               const std::string& json) { on_notice(peer, method, json); };
    service.on_trouble = [this](const std::string& error) { on_trouble(error); };
    service.on_call = [this](const hub::Peer& peer, std::string_view method,
                             const Document& request) {
        return on_call(peer, method, request.json);
    };
    return service;
}

Result<void> Reception::admit(const hub::Peer& peer) const
{
    const bool is_supervisor = peer.uid == 0 || peer.uid == users_.control;
    const bool is_himself = peer.role == collector_role    ? peer.uid == users_.collector
                            : peer.role == pipeline_role   ? peer.uid == users_.pipeline
                            : peer.role == supervisor_role ? is_supervisor
                            : peer.role == hub::admin_role ? is_supervisor
                                                           : false;
    if (!is_himself) {
        return base::fail(ErrorCode::permission_denied, Retry::never,
                          "user id " + std::to_string(peer.uid) + " is not the one of \"" +
                              peer.role + "\": run this as root or as the user of the service");
    }
    return {};
}

/// Whoever comes learns everything that he may have missed.
void Reception::on_connected(const hub::Peer& peer)
{
    note_presence(peer.role);
    if (peer.role == collector_role) {
        backend_.mailboxes_changed();
        api_.on_mailboxes();
    } else if (peer.role == pipeline_role) {
        backend_.tell_copy_settings(); // before the rules: without them it inspects nothing
        backend_.yara_files_changed();
        static_cast<void>(listener_->notify(pipeline_role, "work", "{}"));
    }
    if (peer.role != hub::admin_role) {
        api_.on_status();
    }
}

void Reception::on_lost(const hub::Peer& peer)
{
    if (peer.role == hub::admin_role || note_presence(peer.role)) {
        return;
    }
    if (!peer.has_left) {
        log_.write(
            "control.link_lost",
            {{"peer", peer.role}, {"error", "process " + std::to_string(peer.pid) + " is away"}});
    }
    if (peer.role == collector_role) {
        api_.on_mailboxes();
    }
    api_.on_status();
}

/// The old link of a role ends in one thread while the new one begins in another: asked and noted
/// in one step, so that the last word is true.
bool Reception::note_presence(const std::string& role)
{
    const std::lock_guard guard{presence_lock_};
    const bool is_present = listener_->is_connected(role);
    board_.note_presence(role, is_present);
    return is_present;
}

void Reception::on_trouble(const std::string& error)
{
    board_.note_trouble("take links of the other processes", error);
    if (!error.empty()) {
        log_.write("control.links_refused", {{"error", error}});
    }
    api_.on_status();
}

void Reception::on_notice(const hub::Peer& peer, std::string_view method, const std::string& json)
{
    if (peer.role == collector_role) {
        on_collector_notice(method, json);
    } else if (peer.role == pipeline_role && method == "pipeline_status") {
        if (const auto status = pipeline::parse_pipeline_status(json)) {
            board_.note(*status);
            backend_.repeat_what_failed();
            backend_.rules_are_in_use(status->rules_revision);
            api_.on_status();
        }
    } else if (peer.role == supervisor_role && method == processes_method) {
        if (auto processes = parse_processes(json)) {
            board_.note(*std::move(processes));
            api_.on_status();
        }
    }
}

void Reception::on_collector_notice(std::string_view method, const std::string& json)
{
    if (method == collector::mailbox_status_method) {
        const auto status = collector::parse_mailbox_status(json);
        const auto id = status ? store::MailboxId::parse(status->mailbox) : std::nullopt;
        if (id) {
            board_.note_mailbox(*id, status->status);
            api_.on_mailbox(*id);
        }
    } else if (method == collector::collected_method) {
        static_cast<void>(listener_->notify(pipeline_role, "work", "{}")); // else at its return
    } else if (method == collector::collector_status_method) {
        if (const auto status = collector::parse_collector_status(json)) {
            board_.note(*status);
            backend_.repeat_what_failed();
            api_.on_status();
        }
    }
}

Result<Document> Reception::on_call(const hub::Peer& peer, std::string_view method,
                                    const std::string& json)
{
    if (peer.role == pipeline_role && method == "record") {
        return record(json);
    }
    if ((peer.role == pipeline_role && method == "recorded") ||
        (peer.role == collector_role && method == collector::unsettled_method)) {
        return recorded(json); // the same question in the same document
    }
    if (peer.role == pipeline_role && method == "awaiting_reinspection") {
        return awaiting_reinspection(json);
    }
    if (peer.role == hub::admin_role && method == status_method) {
        return document(api::status_as_json(board_.status()));
    }
    if (peer.role == hub::admin_role && method == mailbox_method) {
        return answer_question(writer_, backend_, json).map(document);
    }
    if (peer.role == hub::admin_role && method == reset_password_method) {
        return reset_password(json);
    }
    return base::fail(ErrorCode::unsupported, Retry::never,
                      "\"" + peer.role + "\" may not ask for \"" + std::string{method} + "\"");
}

Result<Document> Reception::record(const std::string& json)
{
    auto call = pipeline::parse_record_call(json);
    if (!call) {
        return base::fail(std::move(call.error()));
    }
    if (base::is_nested_deeper_than(call->record.report_json, hub::document_depth_max)) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          "a report that is nested deeper than " +
                              std::to_string(hub::document_depth_max));
    }
    const auto recorded = writer_.run([&](store::Store& store) {
        return call->inspection == pipeline::Inspection::repeated
                   ? store.record_reinspection(call->record)
                   : store.record(call->record);
    });
    if (!recorded) {
        log_.write("control.store_failed",
                   {{"step", "record a message"}, {"error", recorded.error().describe()}});
        board_.note_trouble("record messages", recorded.error().describe());
        return base::fail(recorded.error());
    }
    board_.note_trouble("record messages", "");
    os::crash_point(os::CrashPoint::control_after_record);
    static_cast<void>(listener_->notify( // away: it asks for the unsettled ones when it is back
        collector_role, collector::settled_method,
        collector::encode_ids({call->record.refetched_as.value_or(call->record.id).to_string()})));
    if (recorded->is_new && recorded->alert) {
        api_.on_alert(*recorded->alert);
    }
    return document(pipeline::to_json(*recorded));
}

Result<Document> Reception::recorded(const std::string& json) const
{
    return pipeline::parse_ids("ids", json)
        .and_then([&](const auto& ids) { return writer_.reader().recorded(ids); })
        .map([](const auto& ids) { return document(pipeline::ids_to_json("recorded", ids)); });
}

Result<Document> Reception::awaiting_reinspection(const std::string& json) const
{
    return pipeline::parse_limit(json)
        .and_then(
            [&](std::uint32_t limit) { return writer_.reader().awaiting_reinspection(limit); })
        .map([](const auto& messages) { return document(pipeline::to_json(messages)); });
}

Result<Document> Reception::reset_password(const std::string& json)
{
    return parse_text("user", json)
        .and_then([&](const std::string& user) {
            return api::reset_password(writer_, user, {{}, "watchpost admin", "local"});
        })
        .map([](const std::string& password) {
            return document(encode_text("password", password));
        });
}

} // namespace watchpost::control
