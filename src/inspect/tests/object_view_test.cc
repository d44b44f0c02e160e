#include "inspect/object_view.h"

#include <gtest/gtest.h>

#include "ipc/wire.h"

namespace watchpost::inspect {
namespace {

base::Bytes to_content(std::string_view text)
{
    const auto bytes = base::as_bytes(text);
    return {bytes.begin(), bytes.end()};
}

ObjectView full_view(ViewForm form = ViewForm::text)
{
    ObjectView view;
    view.form = form;
    view.real_type = "text/plain";
    view.charset = "iso-8859-1";
    view.size = 12;
    view.sha1 = std::string(40, 'a');
    view.md5 = std::string(32, 'b');
    view.was_cut = true;
    view.content = to_content("hello \xc3\xbcwelt"); // 12 octets
    return view;
}

ObjectView image_view()
{
    auto view = full_view(ViewForm::image);
    view.width = 3;
    view.height = 2;
    view.content = to_content("\x89PNG\r\n\x1a\n…");
    return view;
}

bool is_refused(const ObjectView& view)
{
    const auto decoded = decode_view(encode_view(view), view.form);
    return !decoded && decoded.error().code() == base::ErrorCode::protocol_violation;
}

TEST(ObjectViewCodec, EachFormComesBackAsItWasSent)
{
    for (const auto form : {ViewForm::whole, ViewForm::text, ViewForm::octets}) {
        const auto view = full_view(form);
        EXPECT_EQ(decode_view(encode_view(view), form).value(), view);
    }
    EXPECT_EQ(decode_view(encode_view(image_view()), ViewForm::image).value(), image_view());
    ObjectView fault;
    fault.form = ViewForm::image;
    fault.fault = "It cannot be drawn.";
    EXPECT_EQ(decode_view(encode_view(fault), ViewForm::image).value(), fault);
}

TEST(ObjectViewCodec, StopsCleanlyAtEveryOffset)
{
    const auto whole = encode_view(full_view());
    for (std::size_t end = 0; end < whole.size(); ++end) {
        SCOPED_TRACE(end);
        EXPECT_FALSE(decode_view(base::ByteView{whole}.first(end), ViewForm::text));
    }
    auto longer = whole;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(decode_view(longer, ViewForm::text));
}

TEST(ObjectViewCodec, AFormThatNobodyAskedForIsRefused)
{
    EXPECT_FALSE(decode_view(encode_view(full_view(ViewForm::whole)), ViewForm::text));
}

TEST(ObjectViewCodec, WhatIsNotWhatItsFormPromisesIsRefused)
{
    auto no_utf8 = full_view();
    no_utf8.content = to_content("\xff");
    EXPECT_TRUE(is_refused(no_utf8));
    auto no_png = image_view();
    no_png.content = to_content("<svg onload=alert(1)>");
    EXPECT_TRUE(is_refused(no_png));
    auto wide = image_view();
    wide.width = view_image_side_max + 1;
    EXPECT_TRUE(is_refused(wide));
    auto short_one = full_view(ViewForm::whole);
    short_one.size = 13;
    EXPECT_TRUE(is_refused(short_one));
    auto no_digest = full_view();
    no_digest.md5 = "<b>";
    EXPECT_TRUE(is_refused(no_digest));
    auto both = full_view();
    both.fault = "It cannot be shown.";
    EXPECT_TRUE(is_refused(both));
}

TEST(ObjectViewCodec, MoreThanAFormMayHoldIsRefused)
{
    auto octets = full_view(ViewForm::octets);
    octets.content.assign(view_octets_max + 1, std::byte{'a'});
    octets.size = octets.content.size();
    EXPECT_TRUE(is_refused(octets));
    auto text = full_view();
    text.content.assign(3 * view_text_bytes_max + 1, std::byte{'a'});
    EXPECT_TRUE(is_refused(text));
}

TEST(ObjectWishCodec, AWishComesBackAsItWasSentAndAnythingElseIsRefused)
{
    ObjectWish wish{"2!a", "bare_cr", {}, ViewForm::image};
    wish.sha256.fill(7);
    const auto whole = encode_wish(wish);
    EXPECT_EQ(decode_wish(whole).value(), wish);
    for (std::size_t end = 0; end < whole.size(); ++end) {
        EXPECT_FALSE(decode_wish(base::ByteView{whole}.first(end))) << end;
    }
    ipc::WireWriter writer;
    writer.put_text("1");
    writer.put_text("strict");
    writer.put_text("short");
    writer.put_u8(9);
    EXPECT_FALSE(decode_wish(writer.take()));
}

TEST(ViewForms, HaveNamesThatAreReadBack)
{
    for (const auto form : {ViewForm::whole, ViewForm::text, ViewForm::octets, ViewForm::image}) {
        EXPECT_EQ(parse_view_form(to_string(form)), form);
    }
    EXPECT_EQ(parse_view_form("html"), std::nullopt);
}

} // namespace
} // namespace watchpost::inspect
