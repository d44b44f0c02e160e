// Date, Received, Message-ID and References.
#include <gtest/gtest.h>

#include "message/date.h"
#include "message/message_id.h"
#include "message/received.h"

namespace watchpost::message {
namespace {

std::string date(std::string_view text)
{
    const auto time = parse_date(text);
    return time ? base::to_rfc3339(*time) : "unreadable";
}

TEST(Date, IsReadInUtc)
{
    EXPECT_EQ(date("Tue, 1 Jul 2003 10:52:37 +0200"), "2003-07-01T08:52:37Z");
    EXPECT_EQ(date("Tue, 30 Dec 1969 23:32:54 -0330"), "1969-12-31T03:02:54Z");
    EXPECT_EQ(date("1 Jul 2003 10:52 +0000"), "2003-07-01T10:52:00Z");
    EXPECT_EQ(date("Thu, 30 Jun 2016 23:59:60 +0000"), "2016-07-01T00:00:00Z");
}

TEST(Date, ObsoleteFormsAreRead)
{
    EXPECT_EQ(date("Thu,\r\n 13\r\n Feb\r\n 1969\r\n 23:32\r\n -0330 (Newfoundland Time)"),
              "1969-02-14T03:02:00Z");
    EXPECT_EQ(date("21 Nov 97 09(comment):   55  :  06 -0600"), "1997-11-21T15:55:06Z");
    EXPECT_EQ(date("21 Nov 49 09:55:06 GMT"), "2049-11-21T09:55:06Z");
    EXPECT_EQ(date("21 Nov 103 09:55:06 UT"), "2003-11-21T09:55:06Z");
    EXPECT_EQ(date("Sun, 27 Oct 2002 23:57:07 EST"), "2002-10-28T04:57:07Z");
    EXPECT_EQ(date("Sun, 27 Oct 2002 23:57:07 pdt"), "2002-10-28T06:57:07Z");
    EXPECT_EQ(date("Thu, 10 Jul 1997 14:53:31 A"), "1997-07-10T14:53:31Z");
    EXPECT_EQ(date("21-Nov-1997 09:55:06"), "1997-11-21T09:55:06Z");
    EXPECT_EQ(date("31 Dec 9999 23:59:59 -9999"), "9999-12-31T23:59:59Z"); // no such offset
    EXPECT_EQ(date("Thu, 02 Apr 2020 07:53:55.516 +0000 (UTC)"), "2020-04-02T07:53:55Z");
}

TEST(Date, WhatIsNoneIsUnreadable)
{
    for (const std::string_view text :
         {"", "yesterday", "31 Feb 2020 10:00:00 +0000", "1 Jul 2003", "1 Jul 2003 25:00 +0000",
          "1 Jul 2003 10:60 +0000", "1 Zzz 2003 10:00 +0000", "99999999999999999999 Jul 2003 10:00",
          "1 Jul 20031 10:00", "(((", "0 Jan 2000 10:00", "1 Jan 0000 00:00 +2359",
          "1 Jan 1899 10:00"}) {
        EXPECT_EQ(date(text), "unreadable") << text;
    }
}

TEST(Received, ClausesOfTheStandard)
{
    const auto hop = parse_received(
        " from mail.example (mail.example [192.0.2.1])\r\n by mx.example (Postfix) with ESMTPS\r\n"
        " id 4ABC for <user@example>; Wed,  9 Mar 2011 06:19:47 -0500 (EST)");
    EXPECT_EQ(hop.from, "mail.example (mail.example [192.0.2.1])");
    EXPECT_EQ(hop.by, "mx.example (Postfix)");
    EXPECT_EQ(hop.with, "ESMTPS");
    EXPECT_EQ(hop.id, "4ABC");
    EXPECT_EQ(hop.for_address, "user@example");
    ASSERT_TRUE(hop.time);
    EXPECT_EQ(base::to_rfc3339(*hop.time), "2011-03-09T11:19:47Z");
}

TEST(Received, SemicolonsInCommentsAndMissingClausesDoNoHarm)
{
    const auto hop = parse_received("by a.example (x; y) with SMTP (a (b; c)); 1 Jul 2003 10:00 Z");
    EXPECT_EQ(hop.from, "");
    EXPECT_EQ(hop.by, "a.example (x; y)");
    EXPECT_EQ(hop.with, "SMTP (a (b; c))");
    EXPECT_TRUE(hop.time);
    EXPECT_FALSE(parse_received("from a by b").time);
    EXPECT_EQ(parse_received("from by by with").from, "by");
}

TEST(MessageId, IdsAreTakenOutOfTheirBrackets)
{
    using Ids = std::vector<std::string>;
    EXPECT_EQ(parse_message_ids("<1@a>", 9), Ids{"1@a"});
    EXPECT_EQ(parse_message_ids(" <1@a>\r\n <2@b> junk <3@c>", 9), (Ids{"1@a", "2@b", "3@c"}));
    EXPECT_EQ(parse_message_ids("<1  @ a\r\n .b>", 9), Ids{"1@a.b"});
    EXPECT_EQ(parse_message_ids("bare@id", 9), Ids{"bare@id"});
    EXPECT_EQ(parse_message_ids("<>", 9), Ids{});
    EXPECT_EQ(parse_message_ids("<1@a <2@b>", 9), (Ids{"1@a", "2@b"}));
    EXPECT_EQ(parse_message_ids("<1><2><3>", 2), (Ids{"1", "2"}));
}

TEST(TraceFieldsStanding, StopCleanlyAtEveryOffset)
{
    const std::string_view text = "from a (b [c]) by d with e id <f> for <g@h>; Tue, 1 Jul 2003 "
                                  "10:52:37 +0200 (x)";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const auto hop = parse_received(text.substr(0, length));
        EXPECT_LE(hop.from.size() + hop.by.size() + hop.with.size(), length);
        EXPECT_LE(parse_message_ids(text.substr(0, length), 9).size(), 2U);
    }
}

TEST(TraceFieldsHostile, MebibytesStayLinear)
{
    for (const std::string_view unit : {"(", ";", "from ", "<", "by a ", "1 ", "a(", "<>"}) {
        std::string text;
        while (text.size() < (std::size_t{4} << 20U)) {
            text += unit;
        }
        EXPECT_FALSE(parse_received(text).time);
        EXPECT_FALSE(parse_date(text));
        EXPECT_LE(parse_message_ids(text, 100).size(), 100U);
    }
}

} // namespace
} // namespace watchpost::message
