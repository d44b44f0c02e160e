#include "pipeline/object_view_call.h"

#include <gtest/gtest.h>

#include "os/memfd.h"
#include "pipeline/tests/pool_fixture.h"

namespace watchpost::pipeline {
namespace {

ObjectCall some_call()
{
    ObjectCall call{store::MessageId::make(), {"2!<a> \"b\"", "bare_cr", {}, {}}};
    call.wish.sha256.fill(0xAB);
    call.wish.form = inspect::ViewForm::image;
    return call;
}

base::Result<os::UniqueFd> view(std::string_view behaviour)
{
    auto settings = misbehaving().inspector;
    settings.limits.time_max = settings.limits.grace = std::chrono::milliseconds{300};
    return view_object(settings, MessageInput::from_bytes(base::as_bytes(behaviour)).value());
}

TEST(ObjectCall, ComesBackAsItWasSent)
{
    const auto call = some_call();
    const auto back = parse_object_call(to_json(call)).value();
    EXPECT_EQ(back.message, call.message);
    EXPECT_EQ(back.wish, call.wish);
}

TEST(ObjectCall, WhatIsNoneIsRefused)
{
    const auto good = to_json(some_call());
    EXPECT_FALSE(parse_object_call(""));
    EXPECT_FALSE(parse_object_call("[]"));
    for (const std::string name : {"id", "part", "reading", "sha256", "as"}) {
        auto other = good;
        const auto at = other.find('"' + name + '"');
        ASSERT_NE(at, std::string::npos);
        other.replace(at + 1, 1, "x");
        EXPECT_FALSE(parse_object_call(other)) << name;
    }
    auto form = good;
    form.replace(form.find("\"image\""), 7, "\"shell\"");
    EXPECT_FALSE(parse_object_call(form));
}

TEST(ObjectViewProcess, AnInspectorThatDiesHangsOrLiesIsAnErrorThatSaysWhy)
{
    for (const char* const behaviour :
         {"crash", "hang", "leave", "send garbage", "send an open leaf"}) {
        const auto result = view(behaviour);
        ASSERT_FALSE(result) << behaviour;
        EXPECT_EQ(result.error().code(), base::ErrorCode::engine_failed) << behaviour;
        EXPECT_NE(result.error().message().find("ended"), std::string::npos);
    }
}

TEST(ObjectViewProcess, WhatComesHomeIsASealedFile)
{
    const auto result = view("export leaves");
    ASSERT_TRUE(result) << result.error().describe();
    EXPECT_GT(os::sealed_size(result->get()).value(), 0U);
}

TEST(ObjectViewProcess, WithoutTheObjectItIsNotFound)
{
    const auto result = view("hello");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), base::ErrorCode::not_found);
}

} // namespace
} // namespace watchpost::pipeline
