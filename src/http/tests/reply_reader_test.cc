#include "http/reply_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/https_url.h"

namespace watchpost::http {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

const std::string counted = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                            "Content-Length: 11\r\n\r\n{\"a\":\"bcd\"}";
const std::string chunked = "HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "5;x=y\r\n{\"a\":\r\n6\r\n\"bcd\"}\r\n0\r\n\r\n";
const std::string after_interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + counted;

/// The reply, or the error's text.
std::string read(const std::vector<std::string_view>& pieces, bool ends = false)
{
    ReplyReader reader;
    for (const auto piece : pieces) {
        if (const auto taken = reader.feed(piece); !taken) {
            return taken.error().message();
        }
    }
    if (ends) {
        if (const auto ended = reader.end(); !ended) {
            return ended.error().message();
        }
    }
    if (!reader.is_done()) {
        return "more";
    }
    const auto reply = reader.take();
    return std::to_string(reply.status) + " " + reply.body;
}

TEST(ReplyReader, EverySplitGivesTheSameReply)
{
    for (const auto* const text : {&counted, &chunked, &after_interim}) {
        const auto whole = read({*text});
        EXPECT_THAT(whole, HasSubstr("{\"a\":\"bcd\"}"));
        for (std::size_t at = 0; at <= text->size(); ++at) {
            const std::string_view view{*text};
            EXPECT_EQ(read({view.substr(0, at), view.substr(at)}), whole) << at;
        }
    }
}

TEST(ReplyReader, OctetByOctetGivesTheSameReply)
{
    const std::string nothing_but_the_last =
        "HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    const std::string trailed = chunked.substr(0, chunked.size() - 2) + "X: y\r\n\r\n";
    for (const auto* const text :
         {&counted, &chunked, &after_interim, &trailed, &nothing_but_the_last}) {
        std::vector<std::string_view> octets;
        octets.reserve(text->size());
        for (std::size_t at = 0; at < text->size(); ++at) {
            octets.push_back(std::string_view{*text}.substr(at, 1));
        }
        EXPECT_EQ(read(octets), read({*text}));
        EXPECT_THAT(read(octets), HasSubstr("00 "));
    }
}

TEST(ReplyReader, StopsCleanlyAtEveryOffset)
{
    for (const auto* const text : {&counted, &chunked, &after_interim}) {
        for (std::size_t end = 0; end < text->size(); ++end) {
            const std::string_view cut = std::string_view{*text}.substr(0, end);
            EXPECT_EQ(read({cut}), "more") << end;
            EXPECT_THAT(read({cut}, true), HasSubstr("ended the connection")) << end;
        }
    }
}

TEST(ReplyReader, EachLimitIsAnError)
{
    const std::string head = "HTTP/1.1 200 OK\r\n";
    EXPECT_THAT(read({head + "Content-Length: 65537\r\n\r\n" + std::string(65'537, 'x')}),
                HasSubstr("larger than 64 KiB"));
    EXPECT_THAT(read({head + "X: " + std::string(20'000, 'x') + "\r\n\r\n"}),
                HasSubstr("its header than 16 KiB"));
    std::string interim;
    for (unsigned i = 0; i <= ReplyReader::interim_replies_max; ++i) {
        interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
    }
    EXPECT_THAT(read({interim}), HasSubstr("interim replies without end"));
    EXPECT_THAT(read({head + "\r\n" + std::string(65'536, 'x')}, true), testing::StartsWith("200"));
    EXPECT_THAT(read({head + "\r\n" + std::string(65'537, 'x')}, true),
                HasSubstr("larger than 64 KiB"));
}

/// The octets that were taken before the limit; 0: none came.
std::size_t fed_until_limit(std::string_view begin, std::string_view endless)
{
    ReplyReader reader;
    std::size_t fed = begin.size();
    if (!reader.feed(begin)) {
        return 0;
    }
    while (fed < 4 * ReplyReader::octets_max) {
        fed += endless.size();
        if (const auto taken = reader.feed(endless); !taken) {
            return taken.error().code() == ErrorCode::limit_exceeded ? fed : 0;
        }
    }
    return 0;
}

const std::string chunked_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(ReplyReader, AnEndlessChunkExtensionIsCutOff)
{
    const auto fed = fed_until_limit(chunked_head + "5;x=", std::string(1'000, 'y'));
    EXPECT_GT(fed, ReplyReader::header_bytes_max);
    EXPECT_LT(fed, ReplyReader::header_bytes_max + 2'000);
}

TEST(ReplyReader, EndlessTrailersAreCutOff)
{
    const auto fed =
        fed_until_limit(chunked_head + "0\r\n", "X: " + std::string(995, 'y') + "\r\n");
    EXPECT_GT(fed, ReplyReader::header_bytes_max);
    EXPECT_LT(fed, ReplyReader::header_bytes_max + 2'000);
}

TEST(ReplyReader, ChunksOfOneOctetWithLongLinesAreCutOff)
{
    const auto fed = fed_until_limit(chunked_head, "1;x=" + std::string(10'000, 'y') + "\r\nz\r\n");
    EXPECT_GT(fed, ReplyReader::octets_max);
    EXPECT_LT(fed, ReplyReader::octets_max + 20'000);
}

TEST(ReplyReader, WhatIsNotHttpIsSaidSo)
{
    for (const auto* const text :
         {"+OK POP3 ready\r\n", "HTTP/1.1 twohundred\r\n\r\n", "HTTP/1.1 200 OK\r\nX\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"}) {
        EXPECT_THAT(read({text}), HasSubstr("is not HTTP")) << text;
    }
}

TEST(HttpsUrl, IsTakenApart)
{
    const auto url = parse_https_url("https://login.example:8443/a/b?c=d").value();
    EXPECT_EQ(url.host, "login.example");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(url.target, "/a/b?c=d");
    EXPECT_EQ(parse_https_url("https://login.example").value(),
              (HttpsUrl{.host = "login.example", .port = 443, .target = "/"}));
    EXPECT_EQ(parse_https_url("https://[2001:db8::1]/t").value().host, "2001:db8::1");
}

TEST(HttpsUrl, WhatWouldSendASecretAstrayIsRefused)
{
    for (const auto* const text :
         {"http://login.example/", "login.example/token", "https:///token", "https://a@b/",
          "https://login.example/#x", "https://login.example:0/", "https://login.example:99999/",
          "https://.example/", "ftp://login.example/", "", "https://login.example/a b",
          "https://login.example/\r\nX: y"}) {
        const auto url = parse_https_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code(), ErrorCode::invalid_argument);
    }
}

TEST(FormPost, EncodesWhatIsNotUnreserved)
{
    EXPECT_EQ(encode_form({{"a", "b c&d=e+%"}, {"scope", "https://x/.default"}}),
              "a=b%20c%26d%3De%2B%25&scope=https%3A%2F%2Fx%2F.default");
}

} // namespace
} // namespace watchpost::http
