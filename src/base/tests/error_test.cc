#include "base/error.h"

#include <cerrno>

#include <gtest/gtest.h>

namespace watchpost::base {
namespace {

TEST(Error, StepsAreToldOutermostFirst)
{
    const Error error =
        Error{ErrorCode::auth_rejected, Retry::never, "wrong password"}.during("log in").during(
            "collect alice");
    EXPECT_EQ(error.describe(), "collect alice: log in: auth_rejected: wrong password");
}

TEST(Error, SystemErrorsTellAFullDiskFromAMissingFile)
{
    const Error full = system_error("write segment", ENOSPC);
    EXPECT_EQ(full.code(), ErrorCode::disk_full);
    EXPECT_EQ(full.retry(), Retry::later);
    EXPECT_EQ(full.describe(), "disk_full: write segment: No space left on device");
    EXPECT_EQ(system_error("open x", ENOENT).code(), ErrorCode::not_found);
    EXPECT_EQ(system_error("open x", EACCES).retry(), Retry::never);
}

} // namespace
} // namespace watchpost::base
