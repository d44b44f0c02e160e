#include <gtest/gtest.h>

#include "app/service/control_link.h"
#include "support/temp_dir.h"

namespace watchpost::app {
namespace {

TEST(ControlLink, AServiceThatDoesNotRunIsNamedWithWhatHelps)
{
    const test::TempDir folder;
    const auto asked = ask_control(folder.path(), "status", "{}", std::chrono::seconds{5});
    ASSERT_FALSE(asked);
    const auto text = explain(asked.error());
    EXPECT_EQ(text.find("reach Watchpost in " + folder.path().string() + ": "), 0U) << text;
    EXPECT_NE(text.find("is `watchpost serve` running?"), std::string::npos) << text;
}

TEST(ControlLink, AFolderThatIsClosedSaysWhoIsAnswered)
{
    const base::Error error{base::ErrorCode::permission_denied, base::Retry::never, "closed"};
    EXPECT_NE(explain(error).find("only root and control's user"), std::string::npos);
}

TEST(ControlLink, WhatSaysAllItselfGetsNoRemedy)
{
    const base::Error error{base::ErrorCode::invalid_argument, base::Retry::never, "too long"};
    EXPECT_EQ(explain(error), error.describe());
}

} // namespace
} // namespace watchpost::app
