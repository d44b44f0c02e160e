#include "barcodes/scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barcodes/tests/code_maker.h"

namespace watchpost::barcodes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Texts = std::vector<std::string>;

constexpr std::string_view url = "https://a.example/pay?id=17";

base::Deadline far_away()
{
    return std::chrono::steady_clock::now() + std::chrono::hours{1};
}

Texts texts_of(const Scan& scan)
{
    Texts texts;
    for (const Code& code : scan.codes) {
        texts.push_back(std::string{to_string(code.drawing)} + ' ' + code.text);
    }
    return texts;
}

Texts scan_file(std::string_view file, const Limits& limits = {})
{
    Scanner scanner{limits};
    const auto scan = scanner.scan_image(base::as_bytes(file), far_away());
    EXPECT_EQ(scan.gap, "") << scan.detail;
    return texts_of(scan);
}

std::string gap_of(std::string_view file, const Limits& limits = {})
{
    Scanner scanner{limits};
    return std::string{scanner.scan_image(base::as_bytes(file), far_away()).gap};
}

const std::string in_image = "image " + std::string{url};

TEST(QrInImages, EveryFormatIsRead)
{
    const auto code = draw_code_at(url, 5);
    EXPECT_THAT(scan_file(to_png(code)), ElementsAre(in_image));
    EXPECT_THAT(scan_file(to_jpeg(code)), ElementsAre(in_image));
    EXPECT_THAT(scan_file(to_cmyk_jpeg(code)), ElementsAre(in_image));
    EXPECT_THAT(scan_file(to_gif({code})), ElementsAre(in_image));
    EXPECT_THAT(scan_file(to_gif({code}, Lines::interlaced)), ElementsAre(in_image));
    EXPECT_THAT(scan_file(to_webp(code)), ElementsAre(in_image));
    for (const unsigned bits : {1U, 8U, 24U}) {
        SCOPED_TRACE(bits);
        EXPECT_THAT(scan_file(to_bmp(code, bits)), ElementsAre(in_image));
    }
}

TEST(QrInImages, LightOnDarkIsReadToo)
{
    EXPECT_THAT(scan_file(to_png(inverted(draw_code_at(url, 5)))), ElementsAre(in_image));
}

TEST(QrInImages, TransparentOnesAreReadWhateverStandsBehind)
{
    const auto code = draw_code_at(url, 5);
    EXPECT_THAT(scan_file(to_transparent_png(code, Kept::dark)), ElementsAre(in_image));
    EXPECT_THAT(scan_file(to_transparent_png(code, Kept::light)), ElementsAre(in_image));
}

TEST(QrInImages, SmallOnesAreReadAndThoseWithoutABorder)
{
    for (const std::size_t factor : {1U, 2U, 3U}) {
        SCOPED_TRACE(factor);
        EXPECT_THAT(scan_file(to_png(draw_code_at(url, factor))), ElementsAre(in_image));
        EXPECT_THAT(scan_file(to_png(enlarged(draw_code(url, 0), factor))), ElementsAre(in_image));
    }
}

TEST(QrInImages, LargeOnesAreMadeSmallerFirst)
{
    EXPECT_THAT(scan_file(to_jpeg(draw_code_at(url, 90))), ElementsAre(in_image));
    EXPECT_THAT(scan_file(to_png(draw_code_at(url, 90))), ElementsAre(in_image));
}

TEST(QrInImages, SeveralInOneImageAreAllRead)
{
    const auto left = draw_code_at("https://a.example/1", 4);
    const auto right = draw_code_at("https://a.example/2", 4);
    EXPECT_THAT(scan_file(to_png(beside(left, right))),
                UnorderedElementsAre("image https://a.example/1", "image https://a.example/2"));
}

TEST(QrInImages, EachFrameOfAnAnimationIsRead)
{
    const auto code = draw_code_at(url, 5);
    const images::GreyImage blank{code.width, code.height, 255};
    EXPECT_THAT(scan_file(to_gif({blank, code, blank})), ElementsAre(in_image));
}

TEST(QrInImages, UnevenLightIsNoHindrance)
{
    auto image = draw_code_at(url, 6);
    for (std::size_t y = 0; y < image.height; ++y) {
        for (std::size_t x = 0; x < image.width; ++x) {
            const auto shade = image.at(x, y) == 0 ? 40U : 110U;
            image.at(x, y) = static_cast<std::uint8_t>(shade + 140 * x / image.width);
        }
    }
    EXPECT_THAT(scan_file(to_png(image)), ElementsAre(in_image));
}

TEST(QrInImages, TwoHalvesBesideOrBelowEachOtherAreJoined)
{
    const auto code = draw_code_at(url, 5);
    const auto half = code.width / 2;
    const std::vector<std::pair<images::GreyImage, images::GreyImage>> cuts{
        {columns(code, 0, half), columns(code, half, code.width)},
        {columns(code, half, code.width), columns(code, 0, half)},
        {rows(code, 0, half), rows(code, half, code.height)}};
    for (const auto& [first, second] : cuts) {
        Scanner scanner;
        EXPECT_THAT(scanner.scan_image(base::as_bytes(to_png(first)), far_away()).codes, IsEmpty());
        const auto scan = scanner.scan_image(base::as_bytes(to_png(second)), far_away());
        EXPECT_THAT(texts_of(scan), ElementsAre("split_image " + std::string{url}));
    }
}

TEST(QrInImages, AnImageWithoutACodeIsNothing)
{
    EXPECT_THAT(scan_file(to_png(images::GreyImage{300, 200, 200})), IsEmpty());
    EXPECT_THAT(scan_file(to_png(images::GreyImage{1, 1, 0})), IsEmpty());
    EXPECT_THAT(scan_file("no image at all"), IsEmpty());
    EXPECT_THAT(scan_file(""), IsEmpty());
    EXPECT_THAT(scan_file("BM is how this text begins, which is longer than a header"), IsEmpty());
}

std::string draw_text(std::string_view text)
{
    Scanner scanner;
    const auto texts = texts_of(scanner.scan_text(text, far_away()));
    return texts.size() == 1 ? texts[0] : std::to_string(texts.size()) + " texts";
}

const std::string in_text = "text " + std::string{url};

TEST(QrInText, BlocksAndHalfBlocksAreRead)
{
    const auto code = draw_code(url);
    EXPECT_EQ(draw_text("scan this:\n\n" + to_half_blocks(code) + "\nthanks\n"), in_text);
    EXPECT_EQ(draw_text(to_half_blocks(inverted(code))), in_text);
    EXPECT_EQ(draw_text(to_lines(code, "\u2588\u2588", "  ")), in_text);
    EXPECT_EQ(draw_text(to_lines(code, "\u2588", "\u00a0")), in_text);
    EXPECT_EQ(draw_text(to_lines(code, "\u2b1b", "\u2b1c")), in_text);
    EXPECT_EQ(draw_text(to_lines(code, "##", "  ")), in_text);
}

TEST(QrInText, LineEndsAndQuotesDoNotMatter)
{
    std::string text;
    for (const char c : to_half_blocks(draw_code(url))) {
        text += c == '\n' ? std::string{"\r\n"} : std::string{c};
    }
    EXPECT_EQ(draw_text(text), in_text);
}

TEST(QrInText, OrdinaryTextsAndRulersAreNothing)
{
    EXPECT_EQ(draw_text("hello"), "0 texts");
    std::string rulers;
    for (int i = 0; i < 50; ++i) {
        rulers += "\u2588\u2588\u2588\u2588\u2580\u2580\u2580 50 %\n##########\n";
    }
    EXPECT_EQ(draw_text(rulers), "0 texts");
}

/// A table with a cell a module; `dark` and `light` stand in the tag of the cell.
std::string to_table(const images::GreyImage& image, std::string_view dark, std::string_view light)
{
    std::string html = "<p>Scan:</p><table cellspacing=0>";
    for (std::size_t y = 0; y < image.height; ++y) {
        html += "<tr>";
        for (std::size_t x = 0; x < image.width; ++x) {
            html += "<td " + std::string{image.at(x, y) == 0 ? dark : light} + "></td>";
        }
        html += "</tr>\n";
    }
    return html + "</table>";
}

Texts scan_html(std::string_view html)
{
    Scanner scanner;
    return texts_of(scanner.scan_html(html, far_away()));
}

TEST(QrInHtml, CellsOfTwoColoursAreRead)
{
    const auto code = draw_code(url, 1);
    const auto expected = ElementsAre("table " + std::string{url});
    EXPECT_THAT(scan_html(to_table(code, "bgcolor=black", "bgcolor=white")), expected);
    EXPECT_THAT(scan_html(to_table(code, "style='width:4px;background:#000'", "")), expected);
    EXPECT_THAT(scan_html(to_table(code, "STYLE=\"Background-Color: rgb(0, 0, 40)\"",
                                   "bgcolor=\"#FFFFFF\"")),
                expected);
    EXPECT_THAT(scan_html(to_table(inverted(code), "bgcolor=#000000", "bgcolor=#fff")), expected);
}

TEST(QrInHtml, OrdinaryTablesAndBrokenTagsAreNothing)
{
    EXPECT_THAT(scan_html(to_table(images::GreyImage{30, 30, 255}, "bgcolor=black", "")),
                IsEmpty());
    const auto table = to_table(draw_code("x", 1), "bgcolor=black", "style=\"background:");
    for (std::size_t end = 0; end < 400; ++end) {
        EXPECT_THAT(scan_html(std::string_view{table}.substr(0, end)), IsEmpty());
    }
}

/// Each was looked through to its end, which is that of all: 1.9 s for 60 KB, half an hour for 2
/// MB.
TEST(QrInHtml, TagsWithoutEndAreReadOnce)
{
    std::string html = "<table><tr ";
    while (html.size() < 2'000'000) {
        html += "<td";
    }
    EXPECT_THAT(scan_html(html), IsEmpty());
    const auto table = to_table(draw_code(url, 1), "bgcolor=black", "bgcolor=white");
    EXPECT_THAT(scan_html("a < b <" + table + html), ElementsAre("table " + std::string{url}));
}

TEST(QrLimits, AnImageWithTooManyPixelsIsAGap)
{
    Limits limits;
    limits.image_pixels_max = 10'000;
    const images::GreyImage image{101, 100, 255};
    for (const auto& file :
         {to_png(image), to_jpeg(image), to_gif({image}), to_webp(image), to_bmp(image, 24)}) {
        EXPECT_EQ(gap_of(file, limits), "limit_image_pixels");
    }
}

TEST(QrLimits, AllImagesTogetherHaveALimit)
{
    Limits limits;
    limits.total_pixels_max = 15'000;
    Scanner scanner{limits};
    const auto file = to_png(images::GreyImage{100, 100, 255});
    EXPECT_EQ(scanner.scan_image(base::as_bytes(file), far_away()).gap, "");
    EXPECT_EQ(scanner.scan_image(base::as_bytes(file), far_away()).gap, "limit_image_pixels");
}

TEST(QrLimits, MoreCodesThanTheLimitAreAGap)
{
    Limits limits;
    limits.codes_max = 1;
    const auto two = beside(draw_code_at("one", 4), draw_code_at("two", 4));
    Scanner scanner{limits};
    const auto scan = scanner.scan_image(base::as_bytes(to_png(two)), far_away());
    EXPECT_EQ(scan.codes.size(), 1U);
    EXPECT_EQ(scan.gap, "limit_qr_codes");
}

TEST(QrLimits, AnImageFullOfCornersIsAGapAndNotHoursOfWork)
{
    const auto corner = columns(rows(draw_code("x", 1), 0, 9), 0, 9);
    images::GreyImage row = corner;
    for (int i = 0; i < 100; ++i) {
        row = beside(row, corner);
    }
    images::GreyImage all = row;
    for (int i = 0; i < 50; ++i) {
        all = below(all, row);
    }
    EXPECT_EQ(gap_of(to_png(all)), "limit_qr_patterns");
    EXPECT_EQ(gap_of(to_png(inverted(all))), "limit_qr_patterns");
}

TEST(QrLimits, WithoutTimeNothingIsLookedAtAndThatIsSaid)
{
    Scanner scanner;
    const auto past = std::chrono::steady_clock::now() - std::chrono::seconds{1};
    const auto scan = scanner.scan_image(base::as_bytes(to_png(draw_code_at(url, 4))), past);
    EXPECT_EQ(scan.gap, "timed_out");
    EXPECT_THAT(scan.codes, IsEmpty());
}

std::vector<std::string> one_of_each()
{
    const auto code = draw_code("x", 1);
    return {to_png(code),  to_transparent_png(code, Kept::dark),
            to_jpeg(code), to_gif({code}),
            to_webp(code), to_bmp(code, 1)};
}

Limits small_images()
{
    Limits limits;
    limits.image_pixels_max = 20'000; // a changed header may announce millions
    return limits;
}

TEST(QrStanding, EveryPrefixOfAnImageEndsCleanly)
{
    for (const auto& file : one_of_each()) {
        for (std::size_t end = 0; end <= file.size(); ++end) {
            Scanner scanner{small_images()};
            const auto scan = scanner.scan_image(
                base::as_bytes(std::string_view{file}.substr(0, end)), far_away());
            EXPECT_TRUE(scan.gap.empty() || scan.gap == "unreadable_image" ||
                        scan.gap == "limit_image_pixels");
        }
    }
}

TEST(QrStanding, OneOctetChangedAnywhereEndsCleanly)
{
    for (const auto& file : one_of_each()) {
        for (std::size_t at = 0; at < file.size(); ++at) {
            std::string changed = file;
            changed[at] = static_cast<char>(changed[at] ^ 0x55);
            Scanner scanner{small_images()};
            EXPECT_LE(scanner.scan_image(base::as_bytes(changed), far_away()).codes.size(), 2U);
        }
    }
}

TEST(QrStanding, ACutImageOfEachFormatIsSaid)
{
    for (const auto& file : one_of_each()) {
        EXPECT_NE(gap_of(std::string_view{file}.substr(0, 24)), "limit_image_pixels");
    }
    const auto png = to_png(draw_code_at("x", 2));
    EXPECT_EQ(gap_of(std::string_view{png}.substr(0, png.size() / 2)), "unreadable_image");
}

} // namespace
} // namespace watchpost::barcodes
