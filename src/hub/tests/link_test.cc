#include "hub/link.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>

#include "ipc/channel.h"
#include "os/memfd.h"

namespace watchpost::hub {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

base::Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

/// Two ends of one link; what the handlers see is told by promises, so that nothing has to sleep.
struct Ends {
    explicit Ends(Handlers a_handlers, Handlers b_handlers = {})
        : Ends{ipc::make_socket_pair().value(), std::move(a_handlers), std::move(b_handlers)}
    {
    }
    Ends(std::pair<os::UniqueFd, os::UniqueFd> sockets, Handlers a_handlers, Handlers b_handlers)
        : a{std::make_unique<Link>(std::move(sockets.first), std::move(a_handlers))}
        , b{std::make_unique<Link>(std::move(sockets.second), std::move(b_handlers))}
    {
    }

    std::unique_ptr<Link> a;
    std::unique_ptr<Link> b;
};

Handlers answering(std::function<Result<Document>(std::string_view, Document)> on_call)
{
    Handlers handlers;
    handlers.on_call = std::move(on_call);
    return handlers;
}

TEST(HubLink, ACallIsAnsweredWithWhatTheHandlerSays)
{
    Ends ends{answering([](std::string_view method, const Document& request) -> Result<Document> {
        return Document{std::string{method} + " " + request.json, {}};
    })};
    const auto answer = ends.b->call("poll_now", R"({"mailbox":1})", soon());
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->json, R"(poll_now {"mailbox":1})");
}

TEST(HubLink, AnErrorOfTheHandlerArrivesAsItIs)
{
    Ends ends{answering([](std::string_view, const Document&) -> Result<Document> {
        return base::fail(
            base::Error{ErrorCode::invalid_argument, Retry::never, "line 3: what?"}.during(
                "compile rules.yar"));
    })};
    const auto answer = ends.b->call("check_rules", "{}", soon());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().describe(), "compile rules.yar: invalid_argument: line 3: what?");
}

TEST(HubLink, ADescriptorComesWithTheAnswer)
{
    Ends ends{answering([](std::string_view, const Document&) -> Result<Document> {
        Document document;
        document.fds.push_back(os::make_sealed_memfd("test", base::as_bytes("content")).value());
        return document;
    })};
    const auto answer = ends.b->call("read_content", "{}", soon());
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->fds.size(), 1U);
    EXPECT_EQ(os::sealed_size(answer->fds.front().get()).value(), 7U);
}

TEST(HubLink, ManyCallsCrossInBothDirections)
{
    const auto echo = [](std::string_view, const Document& request) -> Result<Document> {
        return Document{request.json, {}};
    };
    Ends ends{answering(echo), answering(echo)};
    std::atomic<int> right{0};
    std::vector<std::thread> callers;
    callers.reserve(8);
    for (int i = 0; i < 8; ++i) {
        callers.emplace_back([&ends, &right, i] {
            auto& link = i % 2 == 0 ? *ends.a : *ends.b;
            for (int k = 0; k < 50; ++k) {
                const auto text = std::string(static_cast<std::size_t>(k * 5'000), 'x') +
                                  std::to_string(i * 1'000 + k);
                const auto answer = link.call("echo", text, soon());
                right += answer && answer->json == text ? 1 : 0;
            }
        });
    }
    for (auto& caller : callers) {
        caller.join();
    }
    EXPECT_EQ(right, 400);
}

TEST(HubLink, NoticesArriveInTheirOrderAfterTheConnection)
{
    std::promise<std::string> seen;
    std::string text;
    Handlers handlers;
    handlers.on_connected = [&] { text = "connected"; };
    handlers.on_notice = [&](std::string_view method, const std::string& json) {
        text += " " + std::string{method} + json;
        if (method == "last") {
            seen.set_value(text);
        }
    };
    Ends ends{handlers};
    ASSERT_TRUE(ends.b->notify("a", "1"));
    ASSERT_TRUE(ends.b->notify("b", "2"));
    ASSERT_TRUE(ends.b->notify("last", "3"));
    EXPECT_EQ(seen.get_future().get(), "connected a1 b2 last3");
}

TEST(HubLink, ALostPeerFailsWhatWaitsAndWhatComes)
{
    std::promise<void> is_called;
    std::promise<void> may_go;
    std::promise<void> is_lost;
    Handlers a = answering([&](std::string_view, const Document&) -> Result<Document> {
        is_called.set_value();
        may_go.get_future().wait();
        return Document{};
    });
    Handlers b;
    b.on_lost = [&] { is_lost.set_value(); };
    Ends ends{a, b};
    auto waiting = std::async(std::launch::async, [&] { return ends.b->call("x", "{}", soon()); });
    is_called.get_future().wait();
    ends.a->close();
    is_lost.get_future().wait();
    EXPECT_EQ(waiting.get().error().code(), ErrorCode::connection_lost);
    EXPECT_EQ(ends.b->call("x", "{}", soon()).error().code(), ErrorCode::connection_lost);
    EXPECT_EQ(ends.b->notify("x", "{}").error().retry(), Retry::later);
    EXPECT_TRUE(ends.b->is_lost());
    may_go.set_value();
}

TEST(HubLink, ADeadlineEndsACallAndTheLateAnswerHurtsNobody)
{
    std::promise<void> may_go;
    const auto go = may_go.get_future().share();
    Ends ends{answering([&](std::string_view method, const Document&) -> Result<Document> {
        if (method == "slow") {
            go.wait();
        }
        return Document{};
    })};
    EXPECT_EQ(ends.b->call("slow", "{}", std::chrono::steady_clock::now()).error().code(),
              ErrorCode::timed_out);
    may_go.set_value();
    EXPECT_TRUE(ends.b->call("quick", "{}", soon()));
}

TEST(HubLink, TooLargeADocumentIsRefusedAndTheLinkLives)
{
    Ends ends{answering(
        [](std::string_view, const Document&) -> Result<Document> { return Document{}; })};
    EXPECT_EQ(
        ends.b->call("x", std::string(document_bytes_max + 8'192, 'x'), soon()).error().code(),
        ErrorCode::limit_exceeded);
    EXPECT_TRUE(ends.b->call("x", "{}", soon()));
}

/// A call that is being done until release().
struct Held {
    Handlers handlers()
    {
        Handlers made = answering([this](std::string_view, const Document&) -> Result<Document> {
            came.set_value();
            go.wait();
            return Document{};
        });
        made.on_notice = [this](std::string_view, const std::string&) { go.wait(); };
        return made;
    }
    void release() { may_go.set_value(); }

    std::promise<void> came;
    std::promise<void> may_go;
    std::shared_future<void> go = may_go.get_future().share();
};

struct Bounded {
    Bounded(Held& held, std::size_t bytes_max)
        : a{std::make_unique<Link>(std::move(sockets.first), held.handlers(),
                                   LinkLimits{bytes_max})}
    {
    }
    std::pair<os::UniqueFd, os::UniqueFd> sockets = ipc::make_socket_pair().value();
    std::unique_ptr<Link> a;
};

TEST(HubLink, CallsThatHoldTooManyOctetsAreRefusedAndTheLinkLives)
{
    Held held;
    Bounded ends{held, 10'000};
    Link b{std::move(ends.sockets.second), {}};
    const std::string large(6'000, 'x');
    auto first = std::async(std::launch::async, [&] { return b.call("x", large, soon()); });
    held.came.get_future().wait();
    const auto refused = b.call("x", large, soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::busy);
    EXPECT_EQ(refused.error().retry(), Retry::later);
    held.release();
    EXPECT_TRUE(first.get());
    EXPECT_FALSE(b.is_lost());
}

TEST(HubLink, WhatIsDoneLeavesRoomForWhatComes)
{
    auto sockets = ipc::make_socket_pair().value();
    const Link a{
        std::move(sockets.first),
        answering([](std::string_view, const Document&) -> Result<Document> { return {}; }),
        LinkLimits{10'000}};
    Link b{std::move(sockets.second), {}};
    const std::string large(6'000, 'x');
    int done = 0;
    while (done < 5) { // the room is there a moment after the answer
        const auto answer = b.call("x", large, soon());
        ASSERT_TRUE(answer || answer.error().code() == ErrorCode::busy);
        done += answer ? 1 : 0;
    }
}

TEST(HubLink, NoticesThatHoldTooManyOctetsEndTheLink)
{
    Held held;
    Bounded ends{held, 10'000};
    std::promise<void> is_lost;
    Handlers handlers;
    handlers.on_lost = [&] { is_lost.set_value(); };
    Link b{std::move(ends.sockets.second), handlers};
    const std::string large(6'000, 'x');
    ASSERT_TRUE(b.notify("x", large));
    static_cast<void>(b.notify("x", large)); // it may be lost while this is sent
    is_lost.get_future().wait();
    held.release();
}

TEST(HubLink, ADeepDocumentEndsTheLink)
{
    for (const std::size_t depth : {document_depth_max, document_depth_max + 1}) {
        Ends ends{
            answering([](std::string_view, const Document&) -> Result<Document> { return {}; })};
        const auto text = std::string(depth, '[') + std::string(depth, ']');
        const auto answer = ends.b->call("x", text, soon());
        EXPECT_EQ(answer.has_value(), depth == document_depth_max);
        EXPECT_TRUE(answer || answer.error().code() == ErrorCode::connection_lost);
    }
}

TEST(HubLink, APeerThatLeavesIsToldFromOneThatIsLost)
{
    for (const bool leaves : {true, false}) {
        std::promise<void> is_lost;
        Handlers handlers;
        handlers.on_lost = [&] { is_lost.set_value(); };
        Ends ends{handlers};
        if (leaves) {
            ends.b->leave();
        } else {
            ends.b->close();
        }
        is_lost.get_future().wait();
        EXPECT_EQ(ends.a->has_peer_left(), leaves);
    }
}

TEST(HubLink, NonsenseEndsTheLink)
{
    auto sockets = ipc::make_socket_pair().value();
    std::promise<void> is_lost;
    Handlers handlers;
    handlers.on_lost = [&] { is_lost.set_value(); };
    const Link link{std::move(sockets.first), handlers};
    ASSERT_EQ(::send(sockets.second.get(), "nonsense", 8, 0), 8);
    is_lost.get_future().wait();
    EXPECT_TRUE(link.is_lost());
}

} // namespace
} // namespace watchpost::hub
