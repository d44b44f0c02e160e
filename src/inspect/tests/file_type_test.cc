// What is evidently text is told without libmagic, and libmagic says the same of it.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "inspect/file_type.h"

namespace watchpost::inspect {
namespace {

using std::string_view_literals::operator""sv;

std::string evident(std::string_view text)
{
    return std::string{FileTypes::evident(base::as_bytes(text)).value_or("(ask)")};
}

TEST(FileTypes, ProseAndPagesAreEvident)
{
    const auto types = FileTypes::load().value();
    for (const auto text : {"Dear all,\r\n\r\n5 < 6 and 7 > 3.\r\n"sv, "\n\t 2026 was fine"sv,
                            "Gr\xc3\xbc\xc3\x9f"sv, "caf\xe9 au lait, s'il vous pla\xeet\n"sv}) {
        EXPECT_EQ(evident(text), "text/plain") << text;
        EXPECT_EQ(types.of(base::as_bytes(text)), "text/plain") << text;
    }
    for (const auto text : {"<html><p>x</html>"sv, "\r\n<!DOCTYPE html>\n<p>x"sv,
                            "<HEAD>\n<title>x</title>"sv, "<html>\n<body>x"sv}) {
        EXPECT_EQ(evident(text), "text/html") << text;
        EXPECT_EQ(types.of(base::as_bytes(text)), "text/html") << text;
    }
    EXPECT_EQ(evident("<body bgcolor=red>x"), "text/html"); // plain text to libmagic
}

TEST(FileTypes, WhatMayBeAnythingIsLeftToTheLibrary)
{
    for (const auto text :
         {""sv, " \n"sv, "words and <b>tags</b>"sv, "words <!-- x -->"sv, "words </p>"sv,
          "words <?php"sv, "#!/bin/sh\n"sv, "{\\rtf1 x}"sv, "%PDF-1.4\n"sv, "<svg/>"sv, "<?xml?>"sv,
          "<htmlx>"sv, "<html"sv, "MZ\0\0"sv, "GIF89a\x01\x02"sv,
          "\xff\xfe"
          "a\0"sv,
          "\xef\xbb\xbf<html>"sv, "words\x1b[2J"sv, "<html>\0"sv}) {
        EXPECT_EQ(evident(text), "(ask)") << text;
    }
}

TEST(FileTypes, AMegabyteOfProseIsLookedAtInPart)
{
    std::string text(FileTypes::looked_at_bytes_max, 'a');
    EXPECT_EQ(evident(text + "<b>"), "text/plain");
    text.back() = '<';
    EXPECT_EQ(evident(text + "b>"), "text/plain");
    text[text.size() - 2] = '<';
    text.back() = 'b';
    EXPECT_EQ(evident(text + '>'), "(ask)");
}

} // namespace
} // namespace watchpost::inspect
