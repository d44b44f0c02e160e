// The three standing tests of the tree, and that hostile input costs no more than its size.
#include <gtest/gtest.h>

#include "message/departure.h"
#include "message_text.h"

namespace watchpost::message {
namespace {

using test::lines;
using test::Parsed;

const std::string sample =
    lines({"Content-Type: multipart/mixed; boundary=outer",
           "Subject: sample",
           "",
           "preamble",
           "--outer",
           "Content-Type: multipart/alternative; boundary=\"in ner\"",
           "",
           "--in ner",
           "",
           "plain",
           "--in ner",
           "Content-Type: text/html; charset=utf-8",
           "Content-Transfer-Encoding: quoted-printable",
           "",
           "<p>caf=C3=A9</p>",
           "--in ner--",
           "--outer",
           "Content-Type: message/rfc822",
           "",
           "Subject: inner",
           "",
           "text",
           "--outer",
           "Content-Type: application/pdf; name*0*=utf-8''a%20; name*1=b.pdf",
           "Content-Transfer-Encoding: base64",
           "",
           "JVBERg==",
           "--outer--",
           "epilogue"});

// A whole message is in memory, so what "split" means is where in it the message lies: nothing
// before or behind may be read.
TEST(MimeTreeStanding, EveryPlaceInALargerBufferGivesTheSameTree)
{
    const auto expected = test::describe(Message::parse(base::as_bytes(sample)));
    for (std::size_t before = 0; before < 70; ++before) {
        const std::string around =
            std::string(before, '-') + sample + "--outer\r\n--in ner\r\n\r\nX: y\r\n";
        const auto view = std::string_view{around}.substr(before, sample.size());
        EXPECT_EQ(test::describe(Message::parse(base::as_bytes(view))), expected);
    }
}

TEST(MimeTreeStanding, StopsCleanlyAtEveryOffset)
{
    for (std::size_t length = 0; length <= sample.size(); ++length) {
        SCOPED_TRACE(length);
        const Parsed parsed{sample.substr(0, length)};
        for (const Part* const part : leaves(parsed.message())) {
            std::vector<Defect> defects;
            EXPECT_LE(DecodedContent::decode(*part, defects).bytes().size(), length);
        }
    }
    EXPECT_EQ(Parsed{sample}.leaves(), "1.1 text/plain, 1.2 text/html, 2 message/rfc822, "
                                       "2.1 text/plain, 3 application/pdf");
}

/// Every departure alone, and all at once.
std::vector<Departures> sets_of_departures()
{
    std::vector<Departures> sets;
    Departures all;
    for (const DepartureRow& row : departure_table()) {
        sets.push_back({row.departure});
        all.add(row.departure);
    }
    sets.push_back(all);
    return sets;
}

TEST(MimeTreeStanding, FurtherReadingsStopCleanlyAtEveryOffset)
{
    for (const Departures departures : sets_of_departures()) {
        for (std::size_t length = 0; length <= sample.size(); ++length) {
            const std::string text = sample.substr(0, length);
            const auto message = Message::parse(base::as_bytes(text), {}, departures);
            for (const Part* const part : leaves(message)) {
                std::vector<Defect> defects;
                EXPECT_LE(DecodedContent::decode(*part, defects, departures).bytes().size(),
                          length);
            }
        }
    }
}

TEST(MimeTreeStanding, WhatLeavesNothingOpenReadsTheSameInEveryReading)
{
    const auto strict = Message::parse(base::as_bytes(sample));
    EXPECT_TRUE(strict.suggested().empty());
    for (const Departures departures : sets_of_departures()) {
        const auto message = Message::parse(base::as_bytes(sample), {}, departures);
        EXPECT_EQ(test::describe(message), test::describe(strict));
    }
}

std::string nested_multiparts(std::size_t depth)
{
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) {
        text += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" +
                std::to_string(i) + "\r\n";
    }
    return text + "\r\nbottom";
}

TEST(MimeTreeStanding, DepthIsALimitAndWhatLiesDeeperIsALeaf)
{
    Limits limits;
    limits.depth_max = 3;
    const Parsed parsed{nested_multiparts(5), limits};
    EXPECT_EQ(parsed.leaves(), "1.1.1 multipart/mixed");
    EXPECT_NE(parsed.content("1.1.1").find("bottom"), std::string::npos);
    EXPECT_TRUE(parsed.has_defect("limit_depth"));
}

TEST(MimeTreeStanding, PartsAreALimit)
{
    Limits limits;
    limits.parts_max = 3;
    const Parsed parsed{lines({"Content-Type: multipart/mixed; boundary=b", "", "--b", "", "1",
                               "--b", "", "2", "--b", "", "3", "--b--"}),
                        limits};
    EXPECT_EQ(parsed.leaves(), "1 text/plain, 2 text/plain");
    EXPECT_TRUE(parsed.has_defect("limit_parts"));
}

TEST(MimeTreeStanding, DecodedMessagesAreALimit)
{
    Limits limits;
    limits.decoded_children_bytes_max = 10;
    const Parsed parsed{lines({"Content-Type: message/rfc822", "Content-Transfer-Encoding: base64",
                               "", "U3ViamVjdDogaW5uZXINCg0KYm9keQ=="}),
                        limits};
    EXPECT_EQ(parsed.leaves(), "1 message/rfc822");
    EXPECT_TRUE(parsed.has_defect("limit_decoded_children_bytes"));
}

TEST(MimeTreeStanding, DefectsAreALimit)
{
    Limits limits;
    limits.defects_max = 4;
    std::string text = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < 20; ++i) {
        text += "--b\r\nX : space\r\n\r\n";
    }
    const Parsed parsed{text, limits};
    ASSERT_EQ(parsed.message().defects().size(), 4U);
    EXPECT_EQ(parsed.message().defects().back().id, "limit_defects");
}

TEST(MimeTreeHostile, TenThousandLevelsNeitherOverflowNorHang)
{
    const Parsed multiparts{nested_multiparts(10'000)};
    EXPECT_TRUE(multiparts.has_defect("limit_depth"));

    std::string messages;
    for (int i = 0; i < 10'000; ++i) {
        messages += "Content-Type: message/rfc822\r\n\r\n";
    }
    EXPECT_TRUE(Parsed{messages}.has_defect("limit_depth"));
}

TEST(MimeTreeHostile, AHundredThousandPartsEndAtTheLimit)
{
    std::string text = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < 100'000; ++i) {
        text += "--b\r\n\r\nx\r\n";
    }
    const Parsed parsed{text};
    EXPECT_EQ(leaves(parsed.message()).size(), Limits{}.parts_max - 1);
    EXPECT_TRUE(parsed.has_defect("limit_parts"));
}

// A hundred open boundaries that share a long prefix, and a million lines that nearly match.
TEST(MimeTreeHostile, ManyBoundariesThatNearlyMatchStayLinear)
{
    const std::string prefix(60, 'p');
    std::string text;
    for (int i = 0; i < 99; ++i) {
        const auto boundary = prefix + std::to_string(i);
        text.append("Content-Type: multipart/mixed; boundary=").append(boundary);
        text.append("\r\n\r\n--").append(boundary).append("\r\n");
    }
    text += "\r\n";
    for (int i = 0; i < 100'000; ++i) {
        text += "--" + prefix + "\r\n";
    }
    EXPECT_EQ(leaves(Parsed{text}.message()).size(), 1U);
}

TEST(MimeTreeHostile, TenMebibytesOfLineEndsDashesOrFieldsStayLinear)
{
    constexpr std::size_t size = std::size_t{10} << 20U;
    const std::string start = "Content-Type: multipart/mixed; boundary=-\r\n\r\n";
    for (const std::string_view unit : {"\n", "-", "--\n", "---\n", "\r", "--- \n\n"}) {
        std::string text = start;
        while (text.size() < size) {
            text += unit;
        }
        EXPECT_LE(leaves(Parsed{text}.message()).size(), Limits{}.parts_max);
    }
    for (const std::string_view unit : {"a:\n", " x\n", "nocolon\n", "a\n b:c\n", "\r\r\n:"}) {
        std::string text = "X: y\n";
        while (text.size() < size) {
            text += unit;
        }
        EXPECT_LE(Parsed{text}.root().header.size(), Limits{}.header_fields_max);
    }
}

TEST(MimeTreeHostile, MatryoshkaOfEncodedMessagesEndsByItself)
{
    std::string text = "Subject: core\r\n\r\nx";
    for (int i = 0; i < 30; ++i) {
        std::string coded;
        for (const char c : text) {
            coded += c == '=' ? "=3D" : std::string(1, c);
        }
        text = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n"
               "\r\n" +
               coded;
    }
    const Parsed parsed{text};
    EXPECT_EQ(leaves(parsed.message()).size(), 31U);
}

} // namespace
} // namespace watchpost::message
