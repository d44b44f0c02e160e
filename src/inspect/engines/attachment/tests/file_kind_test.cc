#include "inspect/engines/attachment/file_kind.h"

#include <string>

#include <gtest/gtest.h>

namespace watchpost::inspect::attachment {
namespace {

using namespace std::string_literals;

FileKind kind_of(const std::string& bytes)
{
    return detect_kind(base::as_bytes(bytes));
}

/// A DOS header that points to a "PE" header behind it; nothing that could run.
std::string pe_head()
{
    std::string head(0x40, '\0');
    head.replace(0, 2, "MZ");
    head[0x3C] = 0x40;
    return head + "PE\0\0"s;
}

std::string ole_head(const std::string& class_id)
{
    std::string file = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(504, '\0');
    file[30] = 9;
    return file + std::string(80, '\0') + class_id + std::string(32, '\0');
}

TEST(FileKind, KnowsThePrograms)
{
    EXPECT_EQ(kind_of(pe_head()), FileKind::windows_program);
    EXPECT_EQ(kind_of("\177ELF\2\1\1"s), FileKind::elf_program);
    EXPECT_EQ(kind_of("\xCF\xFA\xED\xFE\7\0\0\1"s), FileKind::mach_program);
    EXPECT_EQ(kind_of("\xCA\xFE\xBA\xBE\0\0\0\2"s), FileKind::mach_program);
    EXPECT_EQ(kind_of("\xCA\xFE\xBA\xBE\0\0\0\x34"s), FileKind::java_class);
    EXPECT_EQ(kind_of(ole_head("\x84\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46"s)),
              FileKind::windows_installer);
}

TEST(FileKind, ADosProgramNeedsAPlausibleHeader)
{
    EXPECT_EQ(kind_of("MZ\x90\0\3\0\0\0\4\0\0\0"s), FileKind::windows_program);
    EXPECT_EQ(kind_of("MZ is the mark of Mark Zbikowski, who designed the format."s),
              FileKind::unknown);
    EXPECT_EQ(kind_of("MZ"s), FileKind::unknown);
}

TEST(FileKind, AHeaderThatPointsOutsideIsRead)
{
    std::string head = pe_head();
    head.replace(0x3C, 4, "\xFF\xFF\xFF\xFF");
    EXPECT_EQ(kind_of(head), FileKind::unknown);
    EXPECT_EQ(kind_of(ole_head("").substr(0, 40)), FileKind::ole);
}

TEST(FileKind, KnowsWhatRunsByOtherMeans)
{
    EXPECT_EQ(kind_of("\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46rest"s),
              FileKind::windows_shortcut);
    EXPECT_EQ(kind_of("ITSF\3\0\0\0"s), FileKind::help_file);
    EXPECT_EQ(kind_of("#!/bin/sh\n"s), FileKind::unix_script);
    EXPECT_EQ(kind_of("#! is called shebang"s), FileKind::unknown);
    EXPECT_EQ(kind_of("<html><HTA:APPLICATION id=x>"s), FileKind::html_application);
    EXPECT_EQ(kind_of(std::string(32'768, '\0') + "\1CD001"s), FileKind::disk_image);
    EXPECT_EQ(kind_of("conectix"s), FileKind::disk_image);
    EXPECT_EQ(kind_of("vhdxfile"s), FileKind::disk_image);
}

TEST(FileKind, KnowsDocumentsArchivesAndPictures)
{
    EXPECT_EQ(kind_of(ole_head("")), FileKind::ole);
    EXPECT_EQ(kind_of("PK\3\4"s), FileKind::zip);
    EXPECT_EQ(kind_of("{\\rt"s), FileKind::rtf);
    EXPECT_EQ(kind_of("junk before\n%PDF-1.7"s), FileKind::pdf);
    EXPECT_EQ(kind_of(" \r\n<!DOCTYPE html>"s), FileKind::html);
    EXPECT_EQ(kind_of("\xFF\xFE<\0h\0t\0m\0l\0>\0"s), FileKind::html);
    EXPECT_EQ(kind_of("Rar!\x1A\7\1\0"s), FileKind::archive);
    EXPECT_EQ(kind_of("\x89PNG\r\n\x1A\n"s), FileKind::image);
}

TEST(FileKind, TextAndNothingAreUnknown)
{
    EXPECT_EQ(kind_of(""), FileKind::unknown);
    EXPECT_EQ(kind_of("Dear all,"), FileKind::unknown);
}

TEST(FileKind, StopsCleanlyAtEveryOffset)
{
    for (const std::string& whole :
         {pe_head(), ole_head("\x84\x10\x0C\0"s), "\xCA\xFE\xBA\xBE\0\0\0\x34"s, "%PDF-1.7"s}) {
        for (std::size_t end = 0; end <= whole.size(); ++end) {
            EXPECT_NO_FATAL_FAILURE((void)kind_of(whole.substr(0, end)));
        }
    }
}

} // namespace
} // namespace watchpost::inspect::attachment
