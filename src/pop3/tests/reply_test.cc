#include "pop3/reply.h"

#include <gtest/gtest.h>

namespace watchpost::pop3 {
namespace {

using base::ErrorCode;
using base::Retry;

StatusLine parse(std::string_view line)
{
    const auto parsed = parse_status_line(line);
    EXPECT_TRUE(parsed) << line;
    return parsed.value_or(StatusLine{});
}

TEST(Pop3Reply, TheThreeStatusesAreToldApart)
{
    EXPECT_EQ(parse("+OK").status, Status::ok);
    EXPECT_EQ(parse("+OK \t two  words").text, "two  words");
    EXPECT_EQ(parse("-ERR no").status, Status::err);
    EXPECT_EQ(parse("+ ").status, Status::more);
    EXPECT_EQ(parse("+ dGV4dA==").text, "dGV4dA==");
}

TEST(Pop3Reply, WhatIsNoStatusLineIsRefused)
{
    for (const auto* line :
         {"", " +OK", "+OKAY", "+ok", "-ERROR", "-err", "OK", "-", "* OK", "."}) {
        EXPECT_FALSE(parse_status_line(line)) << line;
    }
}

TEST(Pop3Reply, ResponseCodesAreReadInEitherCase)
{
    EXPECT_EQ(parse("-ERR [IN-USE] locked").code, ResponseCode::in_use);
    EXPECT_EQ(parse("-ERR [login-delay] wait").code, ResponseCode::login_delay);
    EXPECT_EQ(parse("-ERR [SYS/TEMP] x").code, ResponseCode::sys_temp);
    EXPECT_EQ(parse("-ERR [SYS/PERM]").code, ResponseCode::sys_perm);
    EXPECT_EQ(parse("-ERR [AUTH] bad").code, ResponseCode::auth);
    EXPECT_EQ(parse("-ERR [X-NEW/CODE] bad").code, ResponseCode::other);
    EXPECT_EQ(parse("-ERR [AUTH bad").code, ResponseCode::none);
    EXPECT_EQ(parse("-ERR see [AUTH]").code, ResponseCode::none);
}

struct Meaning {
    const char* line;
    ErrorCode at_login;
    Retry retry;
};

class Pop3Refusal : public testing::TestWithParam<Meaning> {};

TEST_P(Pop3Refusal, SaysAtTheLogInWhatWasWrongAndWhetherTryingAgainHelps)
{
    const auto error = login_refusal(parse(GetParam().line));
    EXPECT_EQ(error.code(), GetParam().at_login);
    EXPECT_EQ(error.retry(), GetParam().retry);
}

INSTANTIATE_TEST_SUITE_P(
    All, Pop3Refusal,
    testing::Values(
        Meaning{"-ERR [IN-USE] x", ErrorCode::busy, Retry::later},
        Meaning{"-ERR [LOGIN-DELAY] x", ErrorCode::busy, Retry::later},
        Meaning{"-ERR [SYS/TEMP] wrong password?", ErrorCode::refused_by_server, Retry::later},
        Meaning{"-ERR [SYS/PERM] x", ErrorCode::refused_by_server, Retry::never},
        Meaning{"-ERR [AUTH] try again later", ErrorCode::auth_rejected, Retry::never},
        Meaning{"-ERR Maildrop LOCKED by pop3", ErrorCode::busy, Retry::later},
        Meaning{"-ERR too many connections", ErrorCode::busy, Retry::later},
        Meaning{"-ERR account is locked", ErrorCode::auth_rejected, Retry::never},
        Meaning{"-ERR Temporary failure", ErrorCode::refused_by_server, Retry::later},
        Meaning{"-ERR invalid user name or password", ErrorCode::auth_rejected, Retry::never},
        Meaning{"-ERR", ErrorCode::auth_rejected, Retry::never}));

TEST(Pop3Trouble, IsTakenFromTheCodeAndElseFromTheWords)
{
    EXPECT_EQ(trouble_of(parse("+OK locked")), Trouble::none);
    EXPECT_EQ(trouble_of(parse("-ERR [in-use] later")), Trouble::in_use);
    EXPECT_EQ(trouble_of(parse("-ERR [LOGIN-DELAY] x")), Trouble::login_delay);
    EXPECT_EQ(trouble_of(parse("-ERR [SYS/TEMP] locked")), Trouble::temporary);
    EXPECT_EQ(trouble_of(parse("-ERR [SYS/PERM] try again")), Trouble::permanent);
    EXPECT_EQ(trouble_of(parse("-ERR [AUTH] wait")), Trouble::credentials);
    EXPECT_EQ(trouble_of(parse("-ERR [X] Unable to lock maildrop")), Trouble::in_use);
    EXPECT_EQ(trouble_of(parse("-ERR login too frequent, wait 5 minutes")), Trouble::login_delay);
    EXPECT_EQ(trouble_of(parse("-ERR Your IP is blocked")), Trouble::other);
    EXPECT_EQ(trouble_of(parse("-ERR invalid password, user locked")), Trouble::other);
    EXPECT_EQ(trouble_of(parse("-ERR too many failed logins")), Trouble::other);
    EXPECT_EQ(trouble_of(parse("-ERR temporarily unavailable")), Trouble::temporary);
    EXPECT_EQ(trouble_of(parse("-ERR Your account has been LOCKED")), Trouble::other);
    EXPECT_EQ(trouble_of(parse("-ERR password server temporarily unavailable, try again")),
              Trouble::temporary);
    EXPECT_EQ(trouble_of(parse("-ERR invalid password, please try again")), Trouble::other);
    EXPECT_EQ(trouble_of(parse("-ERR account temporarily locked")), Trouble::other);
    EXPECT_EQ(trouble_of(parse("-ERR no")), Trouble::other);
}

TEST(Pop3Refusal, OutsideTheLogInPlainErrBlamesNoPassword)
{
    EXPECT_EQ(refusal(parse("-ERR no such message")).code(), ErrorCode::refused_by_server);
}

TEST(Pop3Refusal, TheServersWordsAreQuoted)
{
    const auto error = refusal(parse("-ERR \x1b[31mred"));
    EXPECT_EQ(error.message(), "the server said \"-ERR \\x1b[31mred\"");
}

} // namespace
} // namespace watchpost::pop3
