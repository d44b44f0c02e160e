// Some hundred archives of libarchive's own tests: each format it reads, legacy names, several
// volumes, encrypted ones, and files that once crashed it. What we make of each stands in
// libarchive_corpus.txt: "file format members reasons", the reasons of its gaps joined by commas.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "unpack/tests/corpus.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

std::map<std::string, std::string> expectations()
{
    std::ifstream file{WATCHPOST_SOURCE_DIR "/src/unpack/tests/libarchive_corpus.txt"};
    std::map<std::string, std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines[line.substr(0, line.find(' '))] = line;
    }
    return lines;
}

std::string outcome(const CorpusFile& file)
{
    Unpacked::Options options;
    options.passwords = {"wrong", "password", "12345678"};
    const auto unpacked = Unpacked::of(file.bytes, options);
    std::set<std::string> reasons;
    for (const auto& gap : unpacked.gaps) {
        reasons.insert(gap.reason);
    }
    const auto format = container_format(base::as_bytes(file.bytes));
    std::ostringstream line;
    line << file.name << ' ' << (format.empty() ? "-" : format) << ' ' << unpacked.members.size();
    for (const char* separator = " "; const auto& reason : reasons) {
        line << std::exchange(separator, ",") << reason;
    }
    return line.str();
}

TEST(LibarchiveCorpus, EachFileGivesWhatItIsKnownToHoldOrANamedReason)
{
    const auto files = libarchive_corpus();
    if (files.empty()) {
        GTEST_SKIP() << "no ../shared/corpus/attach/libarchive beside the checkout";
    }
    const auto expected = expectations();
    for (const auto& file : files) {
        const auto known = expected.find(file.name);
        EXPECT_EQ(outcome(file), known == expected.end() ? "" : known->second);
    }
    EXPECT_EQ(files.size(), expected.size());
}

TEST(LibarchiveCorpus, NamesInLegacyCharactersAreReadable)
{
    const std::map<std::string, std::string> names{
        {"test_read_format_lha_filename_cp932.lzh", "漢字.txt"},
        {"test_read_format_rar_unicode.rar", "abcdefghijklmnopqrsテスト.txt"},
        {"test_read_format_zip_filename_utf8_ru.zip", "ПРИВЕТ"},
        {"test_read_format_zip_7075_utf8_paths.zip", "File 2 - ö.txt"}};
    std::size_t seen = 0;
    for (const auto& file : libarchive_corpus()) {
        if (const auto wanted = names.find(file.name); wanted != names.end()) {
            const auto given = Unpacked::of(file.bytes).names();
            EXPECT_GE(std::ranges::count(given, wanted->second), 1) << file.name;
            ++seen;
        }
    }
    if (seen == 0) {
        GTEST_SKIP() << "no ../shared/corpus/attach/libarchive beside the checkout";
    }
}

} // namespace
} // namespace watchpost::unpack::test
