#include "inspect/object_viewer.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "barcodes/tests/code_maker.h"
#include "inspect/inspection.h"
#include "support/mail_maker.h"

namespace watchpost::inspect {
namespace {

using watchpost::test::attachment_part;
using watchpost::test::make_message;
using watchpost::test::make_zip;
using watchpost::test::text_part;

constexpr std::string_view png_signature = "\x89PNG\r\n\x1a\n";

/// What a viewer finds in the message, and no other engine looks at it.
std::optional<ObjectView> look_for(const std::string& message, ObjectWish wish)
{
    auto made = std::make_unique<ObjectViewer>(std::move(wish));
    const ObjectViewer& viewer = *made;
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(std::move(made));
    const auto inspection = Inspection::prepare({}, std::move(engines)).value();
    const InspectionOrder order{std::chrono::steady_clock::now() + std::chrono::minutes{1}};
    const auto report = inspection->run(base::as_bytes(message), order, nullptr);
    EXPECT_TRUE(report.findings.empty());
    return viewer.view();
}

ObjectWish wish_for(std::string path, std::string_view content, ViewForm form)
{
    return {std::move(path), "strict", crypto::sha256(base::as_bytes(content)), form};
}

ObjectView view_of(std::string_view content, ViewForm form)
{
    Leaf leaf;
    leaf.bytes = base::as_bytes(content);
    return make_view(leaf, form);
}

std::string_view text_of(const ObjectView& view)
{
    return base::as_text(view.content);
}

TEST(ObjectViewer, AFileOfAnArchiveIsTakenOutAsItIs)
{
    const auto message =
        make_message({text_part("hi"), attachment_part("a.zip", make_zip({{"x.bin", "A\0B"}}))});
    const auto view = look_for(message, wish_for("2!x.bin", "A", ViewForm::whole));
    ASSERT_TRUE(view);
    EXPECT_EQ(text_of(*view), "A");
    EXPECT_EQ(view->size, 1U);
    EXPECT_EQ(view->sha1, "6dcd4ce23d88e2ee9568ba546c007c63d9131c1b");
    EXPECT_EQ(view->md5, "7fc56270e7a70fa81a5935b72eacbe29");
}

TEST(ObjectViewer, WhatIsElsewhereOrHasAnotherDigestIsNotTaken)
{
    const auto message = make_message({text_part("hi"), attachment_part("a.bin", "AAAA")});
    EXPECT_TRUE(look_for(message, wish_for("2", "AAAA", ViewForm::text)));
    EXPECT_FALSE(look_for(message, wish_for("1", "AAAA", ViewForm::text)));
    EXPECT_FALSE(look_for(message, wish_for("2", "BBBB", ViewForm::text)));
    auto other = wish_for("2", "AAAA", ViewForm::text);
    other.reading = "bare_cr";
    EXPECT_FALSE(look_for(message, other));
}

TEST(ObjectViewer, ATextIsDecodedByItsDeclaredCharset)
{
    const std::string message = "Content-Type: text/plain; charset=iso-8859-5\r\n\r\n\xbf\xd8";
    const auto view = look_for(message, wish_for("1", "\xbf\xd8", ViewForm::text));
    ASSERT_TRUE(view);
    EXPECT_EQ(text_of(*view), "Пи");
    EXPECT_EQ(view->charset, "iso-8859-5");
    EXPECT_FALSE(view->was_cut);
}

TEST(ObjectViews, EachFormKeepsToItsLimitAndSaysThatItWasCut)
{
    const std::string large(view_text_bytes_max + 1, 'a');
    const auto text = view_of(large, ViewForm::text);
    EXPECT_EQ(text.content.size(), view_text_bytes_max);
    EXPECT_TRUE(text.was_cut);
    const auto octets = view_of(large, ViewForm::octets);
    EXPECT_EQ(octets.content.size(), view_octets_max);
    EXPECT_TRUE(octets.was_cut);
    EXPECT_EQ(octets.size, large.size());
    EXPECT_FALSE(view_of("short", ViewForm::octets).was_cut);
}

TEST(ObjectViews, EachKindOfImageIsEncodedAnew)
{
    const auto code = barcodes::test::draw_code("x");
    for (const auto& file : {barcodes::test::to_png(code), barcodes::test::to_jpeg(code),
                             barcodes::test::to_cmyk_jpeg(code), barcodes::test::to_gif({code}),
                             barcodes::test::to_webp(code), barcodes::test::to_bmp(code, 24)}) {
        const auto view = view_of(file, ViewForm::image);
        EXPECT_EQ(view.fault, "");
        EXPECT_EQ(view.width, code.width);
        EXPECT_EQ(view.height, code.height);
        EXPECT_TRUE(text_of(view).starts_with(png_signature));
        EXPECT_TRUE(decode_view(encode_view(view), ViewForm::image));
    }
}

TEST(ObjectViews, ALargeImageIsMadeToFit)
{
    const auto view =
        view_of(barcodes::test::to_png(images::GreyImage{3'000, 30, 100}), ViewForm::image);
    EXPECT_EQ(view.width, view_image_side_max);
    EXPECT_EQ(view.height, 10U);
}

TEST(ObjectViews, WhatIsNoImageOrTooLargeSaysSo)
{
    EXPECT_NE(view_of("<svg/>", ViewForm::image).fault, "");
    auto huge = barcodes::test::to_bmp(images::GreyImage{4, 4, 0}, 24);
    huge.replace(18, 8, std::string{"\xff\xff\0\0\xff\xff\0\0", 8}); // width and height
    const auto view = view_of(huge, ViewForm::image);
    EXPECT_NE(view.fault.find("too many pixels"), std::string::npos) << view.fault;
    EXPECT_TRUE(view.content.empty());
}

TEST(ObjectViews, AnObjectBeyondTheLimitIsNotHandedOut)
{
    const std::string huge(object_bytes_max + 1, 'a');
    const auto view = view_of(huge, ViewForm::whole);
    EXPECT_NE(view.fault.find("64"), std::string::npos) << view.fault;
    EXPECT_TRUE(view.content.empty());
    EXPECT_EQ(view_of(huge.substr(1), ViewForm::whole).content.size(), object_bytes_max);
}

} // namespace
} // namespace watchpost::inspect
