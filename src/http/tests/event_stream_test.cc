#include "http/event_stream.h"

#include <gtest/gtest.h>

namespace watchpost::http {
namespace {

TEST(EventStream, AnEventIsWrittenWithOneDataLineALine)
{
    EXPECT_EQ(to_wire("alert", "{}"), "event: alert\ndata: {}\n\n");
    EXPECT_EQ(to_wire("alert", "a\nb\r\nc\rd"),
              "event: alert\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
}

TEST(EventStream, EventsComeInOrderAndOnce)
{
    EventStream stream;
    stream.publish("a", "1");
    stream.publish("b", "2");
    EXPECT_EQ(stream.take(), to_wire("a", "1") + to_wire("b", "2"));
    EXPECT_EQ(stream.take(), "");
}

TEST(EventStream, ASlowReaderIsToldThatItLostEvents)
{
    EventStream stream;
    for (std::size_t i = 0; i <= EventStream::queued_events_max; ++i) {
        stream.publish("alert", "{}");
    }
    stream.publish("alert", "{}");
    EXPECT_EQ(stream.take(), to_wire("resync", "{}"));
    stream.publish("alert", "{}");
    EXPECT_EQ(stream.take(), to_wire("alert", "{}"));
}

TEST(EventStream, ACloseEndsTheStreamAfterWhatIsQueued)
{
    EventStream stream;
    int wakes = 0;
    stream.on_wake([&] { ++wakes; });
    stream.publish("a", "1");
    stream.close();
    stream.publish("late", "2");
    EXPECT_EQ(stream.take(), to_wire("a", "1"));
    EXPECT_EQ(stream.take(), std::nullopt);
    EXPECT_EQ(wakes, 2);
}

} // namespace
} // namespace watchpost::http
