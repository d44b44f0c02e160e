#include "message/address.h"

#include <gtest/gtest.h>

namespace watchpost::message {
namespace {

/// "name <local@domain>, …", with " !" where it had to guess.
std::string read(std::string_view raw)
{
    const auto list = parse_addresses(raw, 1'000);
    std::string text;
    for (const auto& address : list.addresses) {
        text += text.empty() ? "" : ", ";
        text += address.display_name.empty() ? "" : address.display_name + ' ';
        text += '<' + address.local_part;
        text += address.domain.empty() ? "" : '@' + address.domain;
        text += '>';
    }
    return text + (list.had_to_guess ? " !" : "");
}

// RFC 5322 appendix A.
TEST(AddressList, ExamplesOfTheStandard)
{
    EXPECT_EQ(read("John Doe <jdoe@machine.example>"), "John Doe <jdoe@machine.example>");
    EXPECT_EQ(read("Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>"),
              "Mary Smith <mary@x.test>, <jdoe@example.org>, Who? <one@y.test>");
    EXPECT_EQ(read("<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>"),
              "<boss@nil.test>, Giant; \"Big\" Box <sysservices@example.net>");
    EXPECT_EQ(read("A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;"),
              "Ed Jones <c@a.test>, <joe@where.test>, John <jdoe@one.test>");
    EXPECT_EQ(read("Undisclosed recipients:;"), "Undisclosed recipients <>");
    EXPECT_EQ(read("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>"),
              "Pete <pete@silly.test>");
    EXPECT_EQ(read("Mary Smith <@node.test,@n2.test:mary@example.net>, , jdoe@test  . example"),
              "Mary Smith <mary@example.net>, <jdoe@test.example>");
}

TEST(AddressList, DisplayNamesAreDecodedAndCannotMakeAddresses)
{
    EXPECT_EQ(read("=?utf-8?q?a=2C_b=40c?= <x@y>"), "a, b@c <x@y>");
    EXPECT_EQ(read("\"=?utf-8?q?caf=C3=A9?=\" <x@y>"), "caf\xc3\xa9 <x@y>");
    EXPECT_EQ(read("\"boss@bank.example\" <evil@x>"), "boss@bank.example <evil@x>");
}

TEST(AddressList, CommentIsTheNameWhereThereIsNoOther)
{
    EXPECT_EQ(read("jdoe@example.org (John Doe)"), "John Doe <jdoe@example.org>");
}

TEST(AddressList, WhatProgramsReadDifferentlyIsAGuess)
{
    EXPECT_EQ(read("boss@bank.example <evil@x>"), "boss@bank.example <evil@x> !");
    EXPECT_EQ(read("<a@b> <c@d>"), "<a@b>, <c@d> !");
    EXPECT_EQ(read("a@b@c"), "<a@b@c> !");
    EXPECT_EQ(read("a@b; c@d"), "<a@b>, <c@d> !");
    EXPECT_EQ(read("John Doe"), "John Doe <JohnDoe> !");
    EXPECT_EQ(read("\"open <a@b>"), "open <a@b> <\"open <a@b>\"> !");
}

TEST(AddressList, UnclosedBracketDoesNotSwallowWhatFollows)
{
    EXPECT_EQ(read("<a@b, c@d"), "<a@b>, <c@d> !");
    EXPECT_EQ(read("x <a@b <c@d>"), "x <a@b>, <c@d> !");
}

TEST(AddressList, QuotedLocalPartsAndNullAddress)
{
    EXPECT_EQ(read("\"john @ doe\"@example.org"), "<\"john @ doe\"@example.org>");
    EXPECT_EQ(read("<>"), "<>");
    EXPECT_EQ(read(""), "");
    EXPECT_EQ(read("user@b\xc3\xbc.example"), "<user@b\xc3\xbc.example>");
}

TEST(AddressListStanding, EveryFoldGivesTheSameAddresses)
{
    const std::string text = "Ed Jones <c@a.test> , joe@where.test (x y) , G : John <j@o.t> ; ";
    const auto expected = read(text);
    for (auto blank = text.find(' '); blank != std::string::npos;
         blank = text.find(' ', blank + 1)) {
        auto folded = text;
        folded.insert(blank, "\r\n");
        EXPECT_EQ(read(folded), expected);
    }
}

TEST(AddressListStanding, StopsCleanlyAtEveryOffset)
{
    const std::string_view text = "G: \"a\\\"b\" <c@d>, (x(y)) e@f (z); <@r:g@h>";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        EXPECT_LE(parse_addresses(text.substr(0, length), 100).addresses.size(), 3U);
    }
}

TEST(AddressListStanding, CountIsALimit)
{
    const auto list = parse_addresses("a@b, c@d, e@f", 2);
    EXPECT_EQ(list.addresses.size(), 2U);
    EXPECT_TRUE(list.was_cut);
    EXPECT_FALSE(parse_addresses("a@b, c@d", 2).was_cut);
}

TEST(AddressListHostile, MebibytesOfCommentsGroupsAndBracketsStayLinear)
{
    for (const std::string_view unit : {"a,", "(", "<", "\"", "a:", "a@b ", "<a,", "(a)", ";", "@",
                                        "\\", "<@a", "\"a\" ", "=?utf-8?q?"}) {
        std::string text;
        while (text.size() < (std::size_t{4} << 20U)) {
            text += unit;
        }
        EXPECT_LE(parse_addresses(text, 2'000).addresses.size(), 2'000U) << unit;
    }
}

} // namespace
} // namespace watchpost::message
