// Every zip of zip_ambiguities.cc: the payload comes out, under every name and in every reading
// that zip_ambiguities.tsv gives.
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "support/mail_maker.h"
#include "unpack/tests/unpacked.h"
#include "unpack/tests/zip_ambiguities.h"
#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

using Names = std::vector<std::string>;

struct Row {
    Names names;      // under which the payload must come out
    std::string told; // "yes" where a gap must say that programs differ, "no" where none may
};

const std::map<std::string, Row, std::less<>>& manifest()
{
    static const auto rows = [] {
        std::map<std::string, Row, std::less<>> read;
        std::ifstream file{WATCHPOST_SOURCE_DIR "/src/unpack/tests/zip_ambiguities.tsv"};
        for (std::string line; std::getline(file, line);) {
            if (line.empty() || line.starts_with('#')) {
                continue;
            }
            std::istringstream fields{line};
            std::string id;
            std::string names;
            Row row;
            std::getline(fields, id, '\t');
            std::getline(fields, names, '\t');
            std::getline(fields, row.told, '\t');
            std::istringstream split{names};
            for (std::string name; std::getline(split, name, ',');) {
                row.names.push_back(name);
            }
            read.emplace(id, row);
        }
        return read;
    }();
    return rows;
}

bool holds(const Unpacked& unpacked, const std::string& name, const std::string& payload)
{
    return std::ranges::any_of(unpacked.members, [&](const KeptMember& member) {
        const bool has_name =
            member.name.substr(0, member.name.find('\0')) == name || member.other_name == name;
        return has_name && member.content.find(payload) != std::string::npos;
    });
}

class ZipAmbiguities : public testing::TestWithParam<ZipAmbiguity> {};

TEST_P(ZipAmbiguities, ThePayloadComesOutInEveryReading)
{
    const auto row = manifest().find(GetParam().id);
    ASSERT_NE(row, manifest().end()) << "no line in zip_ambiguities.tsv";
    const auto payload = watchpost::test::eicar();
    const auto unpacked = Unpacked::of(GetParam().make(payload));
    for (const auto& name : row->second.names) {
        EXPECT_TRUE(holds(unpacked, name, payload)) << name << " of " << unpacked.names().size();
    }
    EXPECT_EQ(unpacked.gaps.empty() ? "no" : "yes", row->second.told);
}

TEST_P(ZipAmbiguities, StopsCleanlyAtEveryOffset)
{
    const auto zip = GetParam().make(watchpost::test::eicar());
    for (std::size_t size = 0; size < zip.size(); ++size) {
        const auto unpacked = Unpacked::of(zip.substr(0, size));
        EXPECT_LE(unpacked.usage.bytes, 20 * zip.size());
    }
}

TEST_P(ZipAmbiguities, LimitOfMembersIsAGap)
{
    Unpacked::Options options;
    options.limits.members_max = 1;
    const auto zip = GetParam().make(watchpost::test::eicar());
    if (Unpacked::of(zip).usage.members > 1) {
        const auto reasons = Unpacked::of(zip, options).reasons();
        EXPECT_NE(std::ranges::find(reasons, "limit_members"), reasons.end());
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, ZipAmbiguities, testing::ValuesIn(zip_ambiguities()),
                         [](const auto& kind) {
                             std::string name{kind.param.id};
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(ZipAmbiguityManifest, HasNoLineWithoutAZip)
{
    for (const auto& [id, row] : manifest()) {
        EXPECT_TRUE(std::ranges::count(zip_ambiguities(), id, &ZipAmbiguity::id) == 1) << id;
    }
    EXPECT_EQ(manifest().size(), zip_ambiguities().size());
}

/// Kind c3: a count of 16 bits that has run over. The first and the last of 65,537 come out.
TEST(ZipAmbiguityManifest, CountThatRanOverHidesNothing)
{
    std::vector<ZipPart> parts(65'537, ZipPart{"", ""});
    parts.front() = {"first.txt", "1"};
    parts.back() = {"last.txt", "2"};
    Unpacked::Options options;
    options.limits.members_max = 100'000;
    const auto unpacked = Unpacked::of(make_zip(parts), options);
    EXPECT_EQ(unpacked.content("first.txt"), "1");
    EXPECT_EQ(unpacked.content("last.txt"), "2");
}

} // namespace
} // namespace watchpost::unpack::test
