#include "pipeline/object_view_call.h"

#include <fcntl.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "pipeline/inspector_process.h"
#include "pipeline/leaf_scans.h"

namespace watchpost::pipeline {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using Json = nlohmann::json;

constexpr int views_max = 2; // at once: each is a process with the memory of an inspector

std::atomic<int> views_under_way{0};

/// A place among those that may be at work; none where all are taken.
class Place {
public:
    Place() : is_taken_{++views_under_way <= views_max} {}
    ~Place() { --views_under_way; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    [[nodiscard]] bool is_taken() const noexcept { return is_taken_; }

private:
    bool is_taken_;
};

/// Stands where the engines outside the sandbox do, and keeps the one file that comes.
class Catcher final : public inspect::LeafScanner {
public:
    explicit Catcher(os::UniqueFd& caught) : caught_{caught} {} // outlives this

    [[nodiscard]] std::string_view name() const noexcept override { return "viewer"; }

    [[nodiscard]] Result<std::string> scan(int fd, base::Deadline /*deadline*/) override
    {
        caught_ = os::UniqueFd{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
        if (!caught_.is_open()) {
            return base::fail(base::system_error("keep a view", errno));
        }
        return std::string{};
    }

    [[nodiscard]] Result<std::string> version(base::Deadline /*deadline*/) override
    {
        return std::string{};
    }

private:
    os::UniqueFd& caught_;
};

/// Why there is no view, out of the report of the walk.
base::Error explain(const inspect::Report& report)
{
    for (const verdict::NotInspected& gap : report.not_inspected) {
        if (gap.reason == "timed_out") {
            return {ErrorCode::engine_failed, Retry::later,
                    "the time for the message was over before the object was reached"};
        }
    }
    return {
        ErrorCode::not_found, Retry::never,
        "taken apart anew, the message does not have this object as it was recorded; passwords, "
        "limits or the version may have changed since"};
}

Result<os::UniqueFd> run(const InspectorSettings& settings, const ReadyMessage& message)
{
    auto process = InspectorProcess::spawn(settings, InspectorDialogue::Leaves::exported);
    if (!process) {
        return base::fail(std::move(process.error()));
    }
    if (auto ready = (*process)->wait_until_ready(settings.configuration); !ready) {
        return base::fail(std::move(ready.error()));
    }
    os::UniqueFd view;
    std::vector<std::unique_ptr<inspect::LeafScanner>> scanners;
    scanners.push_back(std::make_unique<Catcher>(view));
    LeafScans scans{scanners, settings.limits};
    auto report = (*process)->inspect(message, scans);
    if (!report) {
        return base::fail(ErrorCode::engine_failed, Retry::later,
                          "the inspector that took the message apart ended: " +
                              report.error().detail);
    }
    while (scans.has_waiting()) {
        static_cast<void>(scans.scan_next());
    }
    return view.is_open() ? Result<os::UniqueFd>{std::move(view)} : base::fail(explain(*report));
}

template <typename T>
T member(const Json& object, const char* name)
{
    return object.at(name).get<T>();
}

ObjectCall read_call(const Json& json)
{
    ObjectCall call;
    const auto id = store::MessageId::parse(member<std::string>(json, "id"));
    const auto digest = base::parse_hex(member<std::string>(json, "sha256"));
    const auto form = inspect::parse_view_form(member<std::string>(json, "as"));
    if (!id || !digest || digest->size() != call.wish.sha256.size() || !form) {
        throw Json::other_error::create(501, "an id, a digest or a form is none", &json);
    }
    call.message = *id;
    call.wish.path = member<std::string>(json, "part");
    call.wish.reading = member<std::string>(json, "reading");
    for (std::size_t i = 0; i < digest->size(); ++i) {
        call.wish.sha256.at(i) = std::to_integer<std::uint8_t>((*digest)[i]);
    }
    call.wish.form = *form;
    return call;
}

} // namespace

std::string to_json(const ObjectCall& call)
{
    const Json json{{"id", call.message.to_string()},
                    {"part", call.wish.path},
                    {"reading", call.wish.reading},
                    {"sha256", crypto::to_hex(call.wish.sha256)},
                    {"as", inspect::to_string(call.wish.form)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<ObjectCall> parse_object_call(const std::string& json)
{
    try {
        return read_call(Json::parse(json));
    } catch (const Json::exception& error) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          std::string{"a call for an object that is none: "} + error.what());
    }
}

Result<os::UniqueFd> view_object(const InspectorSettings& settings, MessageInput message)
{
    const Place place;
    if (!place.is_taken()) {
        return base::fail(ErrorCode::busy, Retry::later,
                          "as many objects are being taken out as may be at once");
    }
    const auto ready = message.make_ready(settings.limits.message_bytes_max);
    if (!ready) {
        return base::fail(ready.error());
    }
    return run(settings, *ready);
}

} // namespace watchpost::pipeline
