#include "pop3/body_decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace watchpost::pop3 {
namespace {

struct Decoded {
    std::string content;
    bool ended = false;
    std::string rest; // behind the end

    friend bool operator==(const Decoded&, const Decoded&) = default;
};

void feed(BodyDecoder& decoder, Decoded& decoded, std::string_view piece)
{
    auto input = base::as_bytes(piece);
    for (auto part = decoder.next(input); !part.empty(); part = decoder.next(input)) {
        decoded.content += base::as_text(part);
    }
    decoded.ended = decoder.has_ended();
    decoded.rest += base::as_text(input);
}

Decoded decode(std::string_view stream)
{
    BodyDecoder decoder;
    Decoded decoded;
    feed(decoder, decoded, stream);
    return decoded;
}

/// An octet at a time by the words of RFC 1939 §3: slow, and plainly right.
Decoded decode_slowly(std::string_view stream)
{
    Decoded decoded;
    std::string before = "\r\n"; // the reply's own line end
    for (std::size_t i = 0; i < stream.size(); ++i) {
        if (before.ends_with("\r\n") && stream[i] == '.') {
            if (stream.substr(i + 1).starts_with("\r\n")) {
                return {decoded.content, true, std::string{stream.substr(i + 3)}};
            }
            if (i + 1 == stream.size() || stream.substr(i + 1) == "\r") {
                return decoded; // not yet decided
            }
            if (stream[i + 1] == '.') {
                before += stream[i++];
            }
        }
        before += stream[i];
        decoded.content += stream[i];
    }
    return decoded;
}

TEST(Pop3BodyDecoder, StuffedDotsLoseOneDotAndTheTerminatorEndsTheMessage)
{
    const auto decoded = decode("a\r\n..\r\n...b\r\nc.d\r\n.\r\n+OK next");
    EXPECT_EQ(decoded.content, "a\r\n.\r\n..b\r\nc.d\r\n");
    EXPECT_TRUE(decoded.ended);
    EXPECT_EQ(decoded.rest, "+OK next");
}

TEST(Pop3BodyDecoder, AnEmptyMessageIsOnlyItsTerminator)
{
    EXPECT_EQ(decode(".\r\n"), (Decoded{"", true, ""}));
}

class Pop3BodyThatGoesOn : public testing::TestWithParam<std::string_view> {};

TEST_P(Pop3BodyThatGoesOn, OnlyCrLfDotCrLfEndsIt)
{
    EXPECT_FALSE(decode(GetParam()).ended);
    EXPECT_EQ(decode(GetParam()).content, GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, Pop3BodyThatGoesOn,
                         testing::Values("a\n.\r\nb", "a\n.\nb", "a\r.\r\nb", "a\r\n.\nb",
                                         "a\r\n.\rb", "a\r\n.b", "\n.\r\nb", "a\r\n.\r\r\nb",
                                         "a\n\r.\r\nb", " .\r\nb"));

TEST(Pop3BodyDecoder, AStuffedFirstDotIsUnstuffed)
{
    EXPECT_EQ(decode("..\r\n.\r\n"), (Decoded{".\r\n", true, ""}));
}

TEST(Pop3BodyDecoder, ADotThatNobodyStuffedStays)
{
    EXPECT_EQ(decode(".profile\r\n.\r\n"), (Decoded{".profile\r\n", true, ""}));
}

TEST(Pop3BodyDecoder, NulsAndLoneLineEndsPassUnchanged)
{
    const std::string stream{"\0a\rb\nc\xff\r\r\n\n\r\n", 13};
    EXPECT_EQ(decode(stream + ".\r\n"), (Decoded{stream, true, ""}));
}

TEST(Pop3BodyDecoder, EverySplitOfTheStreamGivesTheSameMessage)
{
    const std::string_view stream = "..a\r\n.\r\r\n..\r\n...\r\n\n.\r\nb\r.\r\n.c\r\n.\r\n+OK";
    const auto whole = decode(stream);
    ASSERT_TRUE(whole.ended);
    for (std::size_t first = 0; first <= stream.size(); ++first) {
        for (std::size_t second = first; second <= stream.size(); ++second) {
            SCOPED_TRACE(std::to_string(first) + " " + std::to_string(second));
            BodyDecoder decoder;
            Decoded decoded;
            feed(decoder, decoded, stream.substr(0, first));
            feed(decoder, decoded, stream.substr(first, second - first));
            feed(decoder, decoded, stream.substr(second));
            ASSERT_EQ(decoded, whole);
        }
    }
}

TEST(Pop3BodyDecoder, StopsCleanlyAtEveryOffset)
{
    const std::string_view stream = "a\r\n..b\r\n.\r\n";
    for (std::size_t length = 0; length < stream.size(); ++length) {
        const auto decoded = decode(stream.substr(0, length));
        EXPECT_FALSE(decoded.ended) << length;
        EXPECT_TRUE(std::string_view{"a\r\n.b\r\n"}.starts_with(decoded.content)) << length;
    }
}

TEST(Pop3BodyDecoder, AgreesWithASlowReaderOnRandomStreamsInRandomPieces)
{
    std::mt19937 random{1};
    constexpr std::string_view alphabet = "\r\n.a";
    for (int round = 0; round < 20'000; ++round) {
        std::string stream;
        for (auto left = random() % 24; left > 0; --left) {
            stream += alphabet[random() % alphabet.size()];
        }
        BodyDecoder decoder;
        Decoded decoded;
        for (std::size_t at = 0; at < stream.size();) {
            const auto size = 1 + random() % 7;
            feed(decoder, decoded, std::string_view{stream}.substr(at, size));
            at += size;
        }
        ASSERT_EQ(decoded, decode_slowly(stream)) << testing::PrintToString(stream);
    }
}

TEST(Pop3BodyDecoder, ContentPassesThroughAsViewsOfTheInput)
{
    const std::string stream = std::string(100'000, 'x') + "\r\n.\r\n";
    auto input = base::as_bytes(stream);
    BodyDecoder decoder;
    const auto part = decoder.next(input);
    EXPECT_EQ(base::as_text(part).data(), stream.data());
    EXPECT_EQ(part.size(), 100'002U);
}

TEST(Pop3BodyDecoder, AfterAResumeTheNextTerminatorEndsIt)
{
    BodyDecoder decoder;
    Decoded decoded;
    feed(decoder, decoded, ".\r\n");
    decoder.resume();
    feed(decoder, decoded, "..a\r\n.\r\n");
    EXPECT_EQ(decoded.content, ".a\r\n");
    EXPECT_TRUE(decoded.ended);
}

} // namespace
} // namespace watchpost::pop3
