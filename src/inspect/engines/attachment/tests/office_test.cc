// The small readers of Office parts: relationships, VBA, main streams.
#include <string>

#include <gtest/gtest.h>

#include "inspect/engines/attachment/office_streams.h"
#include "inspect/engines/attachment/relationships.h"
#include "inspect/engines/attachment/vba_source.h"

namespace watchpost::inspect::attachment {
namespace {

using base::as_bytes;
using namespace std::string_literals;
using unpack::decompress_vba;
using unpack::read_vba_module;
using unpack::vba_source_bytes_max;

std::vector<Relationship> relationships_of(const std::string& xml)
{
    std::vector<Relationship> found;
    RelationshipReader reader{as_bytes(xml)};
    while (auto relationship = reader.next()) {
        found.push_back(std::move(*relationship));
    }
    return found;
}

bool is_remote(const std::string& attributes)
{
    const auto found = relationships_of("<Relationship " + attributes + "/>");
    return found.size() == 1 && is_remote_template(found[0]);
}

TEST(Relationships, ATemplateOnAnotherServerIsRemote)
{
    EXPECT_TRUE(is_remote("Id=\"rId1\" Type=\"http://schemas/attachedTemplate\" "
                          "Target=\"http://evil.example/t.dotm\" TargetMode=\"External\""));
    EXPECT_TRUE(is_remote("TargetMode = 'External' Target='\\\\host\\share\\t.dotm' "
                          "Type='x/attachedTemplate'"));
    EXPECT_TRUE(is_remote("Type='x/oleObject' TargetMode='external' Target='HTTPS://e/x.html!'"));
    EXPECT_TRUE(is_remote("Type='x/frame' TargetMode='External' Target=' &#9;http://e/'"));
    EXPECT_TRUE(is_remote("Type='x/frame' TargetMode='External' Target='file://host/share/x'"));
    EXPECT_TRUE(is_remote("Type='x/attachedTemplate' TargetMode='External' "
                          "Target='&#104;ttp&#x3a;//e/t'"));
}

TEST(Relationships, WhatStaysOnTheMachineOrIsOnlyALinkIsNot)
{
    EXPECT_FALSE(is_remote("Type='x/attachedTemplate' TargetMode='External' "
                           "Target='file:///C:\\Users\\a\\Normal.dotm'"));
    EXPECT_FALSE(is_remote("Type='x/hyperlink' TargetMode='External' Target='http://a/'"));
    EXPECT_FALSE(is_remote("Type='x/attachedTemplate' Target='http://a/'"));
    EXPECT_FALSE(is_remote("Type='x/image' Target='media/1.png'"));
}

TEST(Relationships, BrokenXmlHidesNothing)
{
    const auto found = relationships_of("<Relationships><x:Relationship Target='a' Type='t' "
                                        "<Relationship\nTarget=\"b\"\n");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].target, "a");
    EXPECT_EQ(found[1].target, "b");
    EXPECT_TRUE(relationships_of("<Relationship Target=unquoted/>").empty());
    EXPECT_TRUE(relationships_of("Relationship").empty());
}

TEST(Relationships, Utf16IsRead)
{
    std::string wide = "\xFF\xFE";
    for (const char c : "<Relationship Target='wide'/>"s) {
        wide += c;
        wide += '\0';
    }
    ASSERT_EQ(relationships_of(wide).size(), 1U);
}

TEST(Relationships, NoneIsHiddenBehindManyOthers)
{
    std::string many;
    for (int i = 0; i < 50'000; ++i) {
        many += "<Relationship Target='a'/>";
    }
    const auto found = relationships_of(many + "<Relationship Target='last'/>");
    ASSERT_EQ(found.size(), 50'001U);
    EXPECT_EQ(found.back().target, "last");
}

TEST(Relationships, StopsCleanlyAtEveryOffset)
{
    const std::string whole = "<Relationship Type='t' Target='&#x41;b' TargetMode='External'/>";
    for (std::size_t end = 0; end <= whole.size(); ++end) {
        EXPECT_LE(relationships_of(whole.substr(0, end)).size(), 1U);
    }
}

/// A module stream as Office writes it: compiled code, then one uncompressed-by-luck chunk of
/// literals. `source` must begin with "Attribut" and be short.
std::string module_stream(const std::string& source, std::size_t compiled_bytes = 10)
{
    std::string tokens;
    for (std::size_t at = 0; at < source.size(); at += 8) {
        tokens += '\0' + source.substr(at, 8);
    }
    const auto header = static_cast<unsigned>(0xB000 | (tokens.size() - 1));
    return std::string(compiled_bytes, '\x7F') + '\1' + static_cast<char>(header & 0xFFU) +
           static_cast<char>(header >> 8U) + tokens;
}

// [MS-OVBA] §3.2.3 gives these octets as its third example of compression.
TEST(VbaSource, DecompressesTheExampleOfTheSpecification)
{
    const std::string container = "\x01\x03\xB0\x02\x61\x45\x00"s;
    EXPECT_EQ(decompress_vba(as_bytes(container)), std::string(73, 'a'));
}

TEST(VbaSource, TheSourceIsFoundBehindTheCompiledCode)
{
    const std::string source = "Attribute VB_Name = \"M\"\r\nSub AutoOpen()\r\nEnd Sub\r\n";
    const auto module = read_vba_module(as_bytes(module_stream(source, 100)));
    ASSERT_TRUE(module);
    EXPECT_EQ(module->source, source);
    EXPECT_EQ(module->compiled_bytes, 100U);
    EXPECT_FALSE(is_empty_module(*module));
}

TEST(VbaSource, AModuleOfAttributesAloneIsEmptyUnlessCodeWasCompiled)
{
    const std::string source = "Attribute VB_Name = \"Sheet1\"\r\nOption Explicit\r\n\r\n";
    EXPECT_TRUE(is_empty_module(*read_vba_module(as_bytes(module_stream(source)))));
    EXPECT_FALSE(is_empty_module(*read_vba_module(as_bytes(module_stream(source, 50'000)))));
}

TEST(VbaSource, DamageEndsTheTextAndIsNoCrash)
{
    const std::string whole = module_stream("Attribute VB_Name = \"M\"\r\nSub x()\r\n");
    for (std::size_t end = 0; end <= whole.size(); ++end) {
        (void)read_vba_module(as_bytes(whole.substr(0, end)));
    }
    EXPECT_EQ(decompress_vba(as_bytes("\x01\x03\xB0\xFF\xFF\xFF\x00"s)), "") << "copy from nowhere";
    EXPECT_EQ(decompress_vba(as_bytes("\x02\x03\xB0\x00"s)), "") << "no signature";
    EXPECT_FALSE(read_vba_module(as_bytes("no source here")));
}

TEST(VbaSource, ItHasALimit)
{
    std::string bomb = "\x01"s;
    for (int chunk = 0; chunk < 2000; ++chunk) {
        bomb += "\x03\xB0\x02\x61\xFF\x0F"s; // 1 + 4098 octets, cut at 4096
    }
    EXPECT_LE(decompress_vba(as_bytes(bomb)).size(), vba_source_bytes_max + 4096);
}

TEST(VbaSource, WordsCountAsWholeWordsInAnyCase)
{
    EXPECT_EQ(find_autoexec("Private Sub DOCUMENT_Open()"), "document_open");
    EXPECT_EQ(find_autoexec("Sub NotAutoOpener()"), "");
    EXPECT_EQ(find_suspicious("x = Shell(\"calc\")"), "shell");
    EXPECT_EQ(find_suspicious("sea_shells"), "");
    EXPECT_EQ(find_suspicious("Shells, then Shell"), "shell");
}

TEST(OfficeStreams, EncryptionFlagsAreReadAndBounded)
{
    EXPECT_TRUE(is_encrypted_word(as_bytes("\xEC\xA5\xC1\0\0\0\0\0\0\0\0\1"s)));
    EXPECT_FALSE(is_encrypted_word(as_bytes("\xEC\xA5\xC1\0\0\0\0\0\0\0\0\0"s)));
    EXPECT_FALSE(is_encrypted_word(as_bytes("\xEC\xA5"s)));
    EXPECT_TRUE(is_encrypted_workbook(as_bytes("\x09\x08\x02\0\0\0\x2F\0\x02\0\0\0"s)));
    EXPECT_FALSE(is_encrypted_workbook(as_bytes("\x09\x08\xFF\xFF\x2F\0\0\0"s)));
    EXPECT_FALSE(is_encrypted_workbook(as_bytes(std::string(1000, '\0'))));
}

TEST(OfficeStreams, AOneNoteEmbeddingOfAPictureIsPassed)
{
    const std::string header = "\xE7\x16\xE3\xBD\x65\x26\x11\x45\xA4\xC4\x8D\x4D\x0B\x7A\x9E\xAC"s;
    const auto object = [&](const std::string& data) {
        return header + static_cast<char>(data.size()) + std::string(19, '\0') + data;
    };
    const std::string picture = object("\x89PNG\r\n\x1A\nxx");
    const std::string batch = object("@echo off\r\nstart calc\r\n");
    EXPECT_TRUE(find_onenote_embedding(as_bytes(picture)).empty());
    EXPECT_EQ(base::as_text(find_onenote_embedding(as_bytes(picture + batch))),
              "@echo off\r\nstart calc\r\n");
    EXPECT_TRUE(find_onenote_embedding(as_bytes(header)).empty());
}

} // namespace
} // namespace watchpost::inspect::attachment
