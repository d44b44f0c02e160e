#include "pipeline/inspector_dialogue.h"

#include <utility>

#include "base/assert.h"
#include "os/memfd.h"

namespace watchpost::pipeline {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using protocol::Kind;

base::Failure violation(std::string_view what)
{
    return base::fail(ErrorCode::protocol_violation, Retry::never, std::string{what});
}

constexpr auto wrong_message = "an answer to another message than the one it has";

} // namespace

std::uint64_t InspectorDialogue::begin()
{
    WP_ASSERT(state_ == State::idle);
    state_ = State::inspecting;
    leaves_of_message_ = 0;
    window_ = {};
    return ++number_;
}

void InspectorDialogue::leaf_taken()
{
    const bool was_there = window_.take_oldest();
    WP_ASSERT(was_there);
}

Result<InspectorDialogue::Event> InspectorDialogue::on_message(ipc::Message message)
{
    auto event = dispatch(std::move(message));
    if (!event) {
        state_ = State::ended;
    }
    return event;
}

Result<InspectorDialogue::Event> InspectorDialogue::dispatch(ipc::Message message)
{
    const auto kind = static_cast<Kind>(message.kind);
    if (kind != Kind::leaf && !message.fds.empty()) {
        return violation("a descriptor with a message that has none");
    }
    switch (state_) {
    case State::starting:
        return on_start(kind, message.payload);
    case State::inspecting:
        if (kind == Kind::leaf) {
            return on_leaf(std::move(message));
        }
        if (kind == Kind::report) {
            return on_report(message.payload);
        }
        if (kind == Kind::out_of_memory) {
            return on_out_of_memory(message.payload);
        }
        return violation("a message of a kind that an inspector does not send now");
    case State::idle:
        return violation("a message although it was asked nothing");
    case State::ended:
        break;
    }
    return violation("a message after its end");
}

Result<InspectorDialogue::Event> InspectorDialogue::on_start(Kind kind, base::ByteView payload)
{
    if (kind == Kind::ready) {
        auto ready = protocol::decode_ready(payload);
        if (!ready) {
            return base::fail(std::move(ready.error()));
        }
        state_ = State::idle;
        return Event{std::move(*ready)};
    }
    if (kind == Kind::refused) {
        auto refused = protocol::decode_refused(payload);
        if (!refused) {
            return base::fail(std::move(refused.error()));
        }
        state_ = State::ended;
        return Event{std::move(*refused)};
    }
    return violation("a message of a kind that an inspector does not send while it starts");
}

Result<InspectorDialogue::Event> InspectorDialogue::on_leaf(ipc::Message message)
{
    auto leaf = protocol::decode_leaf(message.payload);
    if (!leaf) {
        return base::fail(std::move(leaf.error()));
    }
    if (leaves_ == Leaves::none) {
        return violation("a leaf that nobody wants");
    }
    if (leaf->number != number_) {
        return violation(wrong_message);
    }
    if (++leaves_of_message_ > limits_.leaves_max) {
        return violation("more leaves than a message may have");
    }
    LeafArrived arrived{std::move(leaf->path), std::move(leaf->reading), {}};
    std::uint64_t bytes = 0;
    if (!message.fds.empty()) {
        arrived.file = std::move(message.fds.front());
        const auto size = os::sealed_size(arrived.file.get());
        if (!size) {
            return base::fail(size.error());
        }
        bytes = *size;
    }
    if (bytes > limits_.leaf_bytes_max || !window_.has_room(bytes)) {
        return violation("a leaf for which there is no room");
    }
    window_.add(bytes);
    return Event{std::move(arrived)};
}

Result<InspectorDialogue::Event> InspectorDialogue::on_report(base::ByteView payload)
{
    auto home = protocol::decode_report(payload, limits_.report);
    if (!home) {
        return base::fail(std::move(home.error()));
    }
    if (home->number != number_) {
        return violation(wrong_message);
    }
    state_ = State::idle;
    return Event{std::move(home->report)};
}

Result<InspectorDialogue::Event> InspectorDialogue::on_out_of_memory(base::ByteView payload)
{
    const auto told = protocol::decode_out_of_memory(payload);
    if (!told) {
        return base::fail(told.error());
    }
    if (told->number != number_) {
        return violation(wrong_message);
    }
    state_ = State::ended;
    return Event{*told};
}

} // namespace watchpost::pipeline
