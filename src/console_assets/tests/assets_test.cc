#include "console_assets/assets.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace watchpost::console_assets {
namespace {

std::string text_of(const Asset& asset)
{
    std::string text;
    std::ranges::transform(asset.bytes, std::back_inserter(text),
                           [](auto byte) { return static_cast<char>(byte); });
    return text;
}

TEST(ConsoleAssets, ThePageNamesOnlyFilesThatAreThere)
{
    const auto* page = find("/index.html");
    ASSERT_NE(page, nullptr);
    const auto text = text_of(*page);
    std::size_t references = 0;
    for (auto at = text.find("=\"/"); at != std::string::npos; at = text.find("=\"/", at + 1)) {
        const auto path = text.substr(at + 2, text.find('"', at + 2) - at - 2);
        const auto* asset = find(path);
        ASSERT_NE(asset, nullptr) << path;
        EXPECT_EQ(asset->path, path);
        ++references;
    }
    EXPECT_GE(references, 3U); // icon, script, style sheet
}

TEST(ConsoleAssets, ThePageHoldsNoScriptOrStyleOfItsOwn)
{
    const auto text = text_of(*find("/index.html"));
    EXPECT_EQ(text.find("<style"), std::string::npos);
    EXPECT_EQ(text.find(" style="), std::string::npos);
    for (auto at = text.find("<script"); at != std::string::npos;
         at = text.find("<script", at + 1)) {
        const auto end = text.find('>', at);
        EXPECT_NE(text.substr(at, end - at).find(" src="), std::string::npos);
        EXPECT_EQ(text.substr(end + 1, 9), "</script>");
    }
}

TEST(ConsoleAssets, AViewOfTheConsoleIsThePage)
{
    EXPECT_EQ(find("/"), find("/index.html"));
    EXPECT_EQ(find("/alerts/01JD0000000000000000000000"), find("/index.html"));
}

TEST(ConsoleAssets, AMissingFileIsNotThePage)
{
    EXPECT_EQ(find("/assets/missing.js"), nullptr);
    EXPECT_EQ(find("/../etc/passwd.txt"), nullptr);
    EXPECT_EQ(find(""), nullptr);
}

TEST(ConsoleAssets, EveryFileHasATypeAnEtagAndBytes)
{
    EXPECT_TRUE(std::ranges::is_sorted(all(), {}, &Asset::path));
    for (const auto& asset : all()) {
        SCOPED_TRACE(std::string{asset.path});
        EXPECT_FALSE(asset.content_type.empty());
        EXPECT_TRUE(asset.etag.starts_with('"') && asset.etag.ends_with('"'));
        EXPECT_FALSE(asset.bytes.empty());
        EXPECT_EQ(asset.is_immutable, asset.path.starts_with("/assets/"));
    }
}

} // namespace
} // namespace watchpost::console_assets
