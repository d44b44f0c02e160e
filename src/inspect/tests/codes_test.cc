#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barcodes/tests/code_maker.h"
#include "inspect/tests/recording_engine.h"
#include "support/mail_maker.h"

namespace watchpost::inspect {
namespace {

using barcodes::test::draw_code_at;
using barcodes::test::to_png;
using test::run;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// A text and images, which are parts 2 and on.
std::string message_with(std::string_view text, const std::vector<std::string>& images)
{
    std::vector<std::string> parts{watchpost::test::text_part(text)};
    for (const std::string& image : images) {
        parts.push_back(watchpost::test::attachment_part("x.png", image, "image/png"));
    }
    return watchpost::test::make_message(parts);
}

constexpr std::string_view url = "https://www.google.com/url?q=https://a.example/ALARM";

TEST(QrCodesOfAMessage, AreInTheModelAndGoToTheEngines)
{
    const auto result = run(message_with("hello", {to_png(draw_code_at(url, 4))}));
    const auto& message = result.report.message;
    EXPECT_THAT(message.qr_codes, ElementsAre(model::QrCode{"2", "image", std::string{url}}));
    ASSERT_EQ(message.body.links.size(), 1U);
    EXPECT_EQ(message.body.links[0].href, url);
    EXPECT_EQ(message.body.links[0].source, "qr");
    EXPECT_EQ(message.body.links[0].part, "2");
    EXPECT_EQ(message.body.links[0].unwrapped.size(), 1U);
    EXPECT_THAT(result.engine_saw, Contains("2!qr-code.txt member qr-code.txt"));
    EXPECT_THAT(result.engine_saw, Contains("leads 2 https://a.example/ALARM"));
    ASSERT_EQ(result.report.findings.size(), 1U);
    EXPECT_EQ(result.report.findings[0].part, "2!qr-code.txt");
}

TEST(QrCodesOfAMessage, AreReadFromATextToo)
{
    const auto text = barcodes::test::to_half_blocks(barcodes::test::draw_code("no link"));
    const auto result = run(message_with(text, {}));
    EXPECT_THAT(result.report.message.qr_codes, ElementsAre(model::QrCode{"1", "text", "no link"}));
    EXPECT_THAT(result.report.message.body.links, IsEmpty());
    EXPECT_THAT(result.paths(), ElementsAre("1", "1!qr-code.txt"));
}

TEST(QrCodesOfAMessage, AreReadFromTheTablesOfHtml)
{
    const auto code = barcodes::test::draw_code("no link", 1);
    std::string html = "<html><body><table>\r\n";
    for (std::size_t y = 0; y < code.height; ++y) {
        html += "<tr>";
        for (std::size_t x = 0; x < code.width; ++x) {
            html += code.at(x, y) == 0 ? "<td bgcolor=black>\r\n" : "<td>\r\n";
        }
    }
    const auto result = run("Content-Type: text/html\r\n\r\n" + html + "</table></body></html>");
    EXPECT_THAT(result.report.message.qr_codes,
                ElementsAre(model::QrCode{"1", "table", "no link"}));
}

TEST(QrCodesOfAMessage, OneImageTwiceIsLookedAtOnce)
{
    const auto image = to_png(draw_code_at(url, 4));
    EXPECT_EQ(run(message_with("", {image, image})).report.message.qr_codes.size(), 1U);
}

TEST(QrCodesOfAMessage, ImagesThatShowNoneAreNoGap)
{
    const auto result = run(message_with("", {to_png(images::GreyImage{64, 64, 255})}));
    EXPECT_THAT(result.report.message.qr_codes, IsEmpty());
    EXPECT_THAT(result.gaps(), IsEmpty());
}

TEST(QrCodesOfAMessage, ADamagedImageIsAGap)
{
    const auto image = to_png(draw_code_at(url, 4));
    EXPECT_THAT(run(message_with("", {image.substr(0, image.size() / 2)})).gaps(),
                ElementsAre("2 unreadable_image"));
}

} // namespace
} // namespace watchpost::inspect
