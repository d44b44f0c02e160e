#include "control/messages.h"

#include <gtest/gtest.h>

namespace watchpost::control {
namespace {

TEST(ControlMessages, ProcessesComeBackAsTheyWere)
{
    node::ChildStatus child;
    child.name = "collector";
    child.pid = 17;
    child.state = node::ChildState::restarting;
    child.restarts = 2;
    child.since = base::parse_rfc3339("2026-11-24T06:41:23Z").value();
    child.last_exit = "signal 11 (Segmentation fault)";
    const auto parsed = parse_processes(encode_processes({child}));
    ASSERT_TRUE(parsed);
    ASSERT_EQ(parsed->size(), 1U);
    const auto& process = parsed->front();
    EXPECT_EQ(process.name, "collector");
    EXPECT_EQ(process.pid, 17);
    EXPECT_EQ(process.state, "restarting");
    EXPECT_EQ(process.restarts, 2U);
    EXPECT_EQ(process.since, child.since);
    EXPECT_EQ(process.last_exit, child.last_exit);
}

TEST(ControlMessages, AQuestionComesBackAsItWasAsked)
{
    const auto parsed = parse_question(
        encode_question({.ask = "fetch-again", .mailbox = "Copies \"ü\"", .last = 12}));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->ask, "fetch-again");
    EXPECT_EQ(parsed->mailbox, "Copies \"ü\"");
    EXPECT_EQ(parsed->last, 12U);
}

TEST(ControlMessages, AQuestionOfAnotherShapeIsRefused)
{
    for (const char* const text :
         {"", "{}", R"({"ask":"list","mailbox":""})", R"({"ask":"list","mailbox":"","last":"x"})",
          R"({"ask":"list","mailbox":"","last":"-1"})",
          R"({"ask":"list","mailbox":"","last":"4294967296"})"}) {
        EXPECT_FALSE(parse_question(text)) << text;
    }
}

TEST(ControlMessages, WhatIsMalformedIsRefused)
{
    for (const char* const text :
         {"", "[]", "{}", R"({"items":{}})", R"({"items":[{}]})", R"({"items":[{"name":1}]})"}) {
        EXPECT_FALSE(parse_processes(text)) << text;
        EXPECT_FALSE(parse_text("user", text)) << text;
    }
    EXPECT_EQ(parse_text("user", encode_text("user", "admin")).value(), "admin");
}

} // namespace
} // namespace watchpost::control
