// `watchpost spool list|export|check` on spools of our making, sound and damaged.
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spool/spool.h"
#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost {
namespace {

using spool::Spool;
using spool::SpoolId;
using testing::HasSubstr;
using testing::Not;

class SpoolCommand : public testing::Test {
protected:
    std::string folder() const { return (dir / "spool").string(); }
    std::string target() const { return (dir / "out").string(); }

    std::vector<SpoolId> fill(const std::vector<std::pair<std::string, std::string>>& messages)
    {
        const auto spool = Spool::open(folder()).value();
        std::vector<spool::Arrival> batch;
        for (const auto& [uid, content] : messages) {
            spool::Arrival arrival{spool->begin(content.size()).value(), {}};
            arrival.receipt.key.mailbox = "alice";
            arrival.receipt.uid = uid;
            arrival.receipt.announced_octets = content.size();
            EXPECT_TRUE(arrival.content->append(base::as_bytes(content)));
            batch.push_back(std::move(arrival));
        }
        return spool->commit(std::move(batch)).value();
    }

    test::ProgramResult run(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), {test::watchpost_program(), "spool"});
        return test::run_program(arguments);
    }

    std::string exported(const SpoolId& id, const std::string& suffix = ".eml")
    {
        return test::read_file(std::filesystem::path{target()} / (id.to_string() + suffix));
    }

    /// Changes the first octet of that text wherever it stands in the segment.
    void damage(const std::string& text)
    {
        const auto segment = std::filesystem::path{folder()} / "segments/0000000000000001.seg";
        std::string content = test::read_file(segment);
        const std::size_t at = content.find(text);
        ASSERT_NE(at, std::string::npos);
        content[at] = static_cast<char>(content[at] ^ 0x20);
        std::ofstream{segment, std::ios::binary} << content;
    }

    test::TempDir dir;
};

TEST_F(SpoolCommand, ListShowsEachMessageWithHostileTextQuoted)
{
    const auto ids = fill({{"u\x1b[31m1", "hello"}, {"u2", ""}});
    const auto result = run({"list", folder()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(ids[0].to_string()));
    EXPECT_THAT(result.out, HasSubstr("alice/1"));
    EXPECT_THAT(result.out, HasSubstr("u\\x1b[31m1"));
    EXPECT_THAT(result.out, HasSubstr("2 messages, 5 bytes stored"));
    EXPECT_THAT(result.out, Not(HasSubstr("\x1b")));
}

TEST_F(SpoolCommand, ListAsJsonHasALineAMessage)
{
    const auto ids = fill({{"u\"1\xff", "hello"}});
    const auto result = run({"list", "--json", folder()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
    EXPECT_THAT(result.out, HasSubstr("{\"id\":\"" + ids[0].to_string() + "\""));
    EXPECT_THAT(result.out, HasSubstr("\"uid_hex\":\"752231ff\""));
    EXPECT_THAT(result.out, HasSubstr("\"sha256\":\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7"
                                      "425e73043362938b9824\""));
    EXPECT_THAT(result.out, HasSubstr("\"content\":\"stored\""));
}

TEST_F(SpoolCommand, ExportWritesByteForByteAndForTheOwnerAlone)
{
    const std::string binary("\0\r\n.\r\n\xff\xfe lone\rCR", 16);
    const auto ids = fill({{"u1", binary}, {"big", std::string(1'000'000, 'x')}});
    const auto result = run({"export", folder(), "--to", target()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("2 messages written to "));
    EXPECT_EQ(exported(ids[0]), binary);
    EXPECT_TRUE(exported(ids[1]) == std::string(1'000'000, 'x'));
    struct stat status{};
    ASSERT_EQ(::stat((target() + "/" + ids[0].to_string() + ".eml").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(SpoolCommand, ExportOverwritesNothing)
{
    const auto ids = fill({{"u1", "new"}, {"u2", "other"}});
    dir.write("out/" + ids[0].to_string() + ".eml", "old");
    const auto result = run({"export", folder(), "--to", target()});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("exists already"));
    EXPECT_EQ(exported(ids[0]), "old");
    EXPECT_EQ(exported(ids[1]), "other");
}

TEST_F(SpoolCommand, DamagedMessageIsNamedAndTheOthersAreWritten)
{
    const auto ids = fill({{"u1", "first content"}, {"u2", "second content"}});
    damage("second");
    const auto result = run({"export", folder(), "--to", target()});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(ids[1].to_string()));
    EXPECT_EQ(exported(ids[0]), "first content");
    EXPECT_EQ(exported(ids[1], ".damaged"), "Second content");
    EXPECT_FALSE(std::filesystem::exists(target() + "/" + ids[1].to_string() + ".eml"));
}

TEST_F(SpoolCommand, CheckReadsEveryOctet)
{
    const auto ids = fill({{"u1", "first content"}, {"u2", "second content"}});
    EXPECT_EQ(run({"check", folder()}).exit_code, 0);
    damage("second");
    const auto result = run({"check", folder()});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("0000000000000001.seg, offset "));
    EXPECT_THAT(result.err, HasSubstr(ids[1].to_string()));
}

TEST_F(SpoolCommand, WorksBesideAWriter)
{
    fill({{"u1", "one"}});
    const auto writer = Spool::open(folder()).value();
    EXPECT_EQ(run({"list", folder()}).exit_code, 0);
    EXPECT_EQ(run({"check", folder()}).exit_code, 0);
    EXPECT_EQ(run({"export", folder(), "--to", target()}).exit_code, 0);
}

TEST_F(SpoolCommand, WhatIsNoSpoolCannotBeOpened)
{
    const auto missing = run({"list", folder()});
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_THAT(missing.err, HasSubstr(folder()));
    dir.write("spool/file", "");
    const auto empty = run({"check", folder()});
    EXPECT_EQ(empty.exit_code, 2);
    EXPECT_THAT(empty.err, HasSubstr("holds no spool"));
}

TEST_F(SpoolCommand, WrongUseIsExplained)
{
    EXPECT_EQ(run({}).exit_code, 2);
    EXPECT_EQ(run({"list"}).exit_code, 2);
    EXPECT_EQ(run({"frobnicate", folder()}).exit_code, 2);
    const auto help = run({"--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.out, HasSubstr("export"));
}

} // namespace
} // namespace watchpost
