#include "pipeline/inspector_protocol.h"

#include <gtest/gtest.h>

#include <functional>

#include "ipc/wire.h"

namespace watchpost::pipeline::protocol {
namespace {

inspect::Report some_report()
{
    inspect::Report report;
    report.not_inspected.push_back({"1", "yara", "timed_out", "detail"});
    return report;
}

/// By an inspector that mends nothing.
base::Bytes leaf_as_sent(std::string_view path)
{
    ipc::WireWriter writer;
    writer.put_u64(1);
    writer.put_text(path);
    writer.put_text("strict");
    return writer.take();
}

struct Case {
    const char* name;
    base::Bytes payload;
    std::function<bool(base::ByteView)> is_taken;
};

std::vector<Case> cases()
{
    const base::Error error =
        base::Error{base::ErrorCode::damaged, base::Retry::never, "text"}.during("a").during("b");
    return {
        {"configure", encode(Configure{1, 2, true, true, base::Bytes(3)}),
         [](auto bytes) { return decode_configure(bytes).has_value(); }},
        {"inspect", encode(InspectOrder{1, 2, model::CopySetting::automatic, {7, 8}}),
         [](auto bytes) { return decode_inspect(bytes).has_value(); }},
        {"leaf taken", encode(LeafTaken{7}),
         [](auto bytes) { return decode_leaf_taken(bytes).has_value(); }},
        {"ready", encode(Ready{{{"seccomp", os::Measure::State::in_force, "on"}}, 7}),
         [](auto bytes) { return decode_ready(bytes).has_value(); }},
        {"refused", encode(Refused{error}),
         [](auto bytes) { return decode_refused(bytes).has_value(); }},
        {"leaf", encode(Leaf{7, "1.2!a", "strict"}),
         [](auto bytes) { return decode_leaf(bytes).has_value(); }},
        {"out of memory", encode(OutOfMemory{7}),
         [](auto bytes) { return decode_out_of_memory(bytes).has_value(); }},
        {"report", encode_report(7, some_report()),
         [](auto bytes) { return decode_report(bytes, {}).has_value(); }},
    };
}

TEST(InspectorProtocol, EveryMessageIsTakenWhole)
{
    for (const Case& each : cases()) {
        EXPECT_TRUE(each.is_taken(each.payload)) << each.name;
    }
}

TEST(InspectorProtocol, EveryMessageStopsCleanlyAtEveryOffset)
{
    for (const Case& each : cases()) {
        for (std::size_t length = 0; length < each.payload.size(); ++length) {
            EXPECT_FALSE(each.is_taken(base::ByteView{each.payload}.first(length)))
                << each.name << " cut at " << length;
        }
    }
}

TEST(InspectorProtocol, AnOctetTooManyIsRefused)
{
    for (Case& each : cases()) {
        each.payload.push_back(std::byte{0});
        EXPECT_FALSE(each.is_taken(each.payload)) << each.name;
    }
}

TEST(InspectorProtocol, AnErrorKeepsItsCodeAndSteps)
{
    const base::Error error =
        base::Error{base::ErrorCode::damaged, base::Retry::never, "text"}.during("a").during("b");
    const auto refused = decode_refused(encode(Refused{error}));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->error.describe(), "b: a: damaged: text");
}

TEST(InspectorProtocol, AnUnknownErrorCodeIsRefused)
{
    auto payload = encode(Refused{{base::ErrorCode::damaged, base::Retry::never, ""}});
    payload[0] = std::byte{200};
    EXPECT_FALSE(decode_refused(payload));
}

TEST(InspectorProtocol, ACompilersLongMessageIsCutAndTaken)
{
    const std::string novel(1'000'000, 'x');
    const auto refused =
        decode_refused(encode(Refused{{base::ErrorCode::damaged, base::Retry::never, novel}}));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->error.message().size(), std::size_t{64} * 1024);
}

TEST(InspectorProtocol, MeasuresArriveAsTheyWere)
{
    const auto ready =
        decode_ready(encode(Ready{{{"Landlock", os::Measure::State::absent, "no"}}, 7}));
    ASSERT_TRUE(ready);
    ASSERT_EQ(ready->measures.size(), 1U);
    EXPECT_EQ(ready->measures[0].name, "Landlock");
    EXPECT_EQ(ready->measures[0].state, os::Measure::State::absent);
    EXPECT_EQ(ready->measures[0].detail, "no");
}

TEST(InspectorProtocol, TooManyMeasuresAreRefused)
{
    Ready ready;
    ready.measures.resize(33);
    EXPECT_FALSE(decode_ready(encode(ready)));
}

TEST(InspectorProtocol, ALeafsPathBeyondTheLimitIsRefused)
{
    EXPECT_TRUE(decode_leaf(leaf_as_sent(std::string(leaf_text_bytes_max, 'x'))));
    EXPECT_FALSE(decode_leaf(leaf_as_sent(std::string(leaf_text_bytes_max + 1, 'x'))));
}

TEST(InspectorProtocol, ALeafsPathThatIsNotUtf8IsRefused)
{
    EXPECT_FALSE(decode_leaf(leaf_as_sent("\xff")));
}

TEST(InspectorProtocol, AnInspectorMendsALeafsPathBeforeItIsSent)
{
    EXPECT_EQ(decode_leaf(encode(Leaf{1, "a\xff", "x"}))->path, "a\xef\xbf\xbd");
    EXPECT_TRUE(decode_leaf(encode(Leaf{1, std::string(1'000'000, '\xff'), "x"})));
}

} // namespace
} // namespace watchpost::pipeline::protocol
