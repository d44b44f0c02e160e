// What the built-in rules know, and what they must not take for an attack.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inspect/engines/yara/builtin_rules.h"
#include "inspect/engines/yara/yara_engine.h"
#include "message/message.h"
#include "support/collecting_sink.h"
#include "support/mail_maker.h"
#include "support/temp_dir.h"

namespace watchpost::inspect {
namespace {

using test::CollectingSink;

Budget enough_time()
{
    return {std::chrono::steady_clock::now() + std::chrono::seconds{60}};
}

std::vector<std::string> rules_that_match(Engine& engine, std::string_view bytes)
{
    CollectingSink sink;
    Leaf leaf;
    leaf.bytes = base::as_bytes(bytes);
    engine.on_leaf(leaf, enough_time(), sink);
    std::vector<std::string> rules;
    std::ranges::transform(sink.findings, std::back_inserter(rules), &verdict::Finding::rule);
    return rules;
}

std::vector<std::string> builtin_matches(std::string_view bytes)
{
    const auto engine = make_yara_engine({});
    EXPECT_TRUE(engine);
    return rules_that_match(**engine, bytes);
}

using Names = std::vector<std::string>;

TEST(BuiltinRules, KnowEicarWhereverItStands)
{
    EXPECT_EQ(builtin_matches(test::eicar()), Names{"eicar_test_file"});
    EXPECT_EQ(builtin_matches("before " + test::eicar() + "\r\n"), Names{"eicar_test_file"});
    EXPECT_EQ(builtin_matches(test::eicar().substr(1)), Names{});
}

TEST(BuiltinRules, TheirSourceIsNotTakenForEicarItself)
{
    EXPECT_THAT(builtin_matches(yara::builtin_rules()),
                testing::Not(testing::Contains("eicar_test_file")));
}

TEST(BuiltinRules, KnowAScriptThatUnpacksAProgram)
{
    const std::string stub = test::to_base64(std::string("MZ\x90\0", 4) + std::string(74, ' ') +
                                             "This program cannot be run in DOS mode");
    std::string line = stub;
    std::erase_if(line, [](char c) { return c == '\r' || c == '\n'; });
    EXPECT_EQ(builtin_matches("$b = [Convert]::FromBase64String('" + line + "')"),
              Names{"script_carries_windows_program"});
    EXPECT_EQ(builtin_matches("[Byte[]] $b = 0x4D,0x5A,0x90,0x00,0x03"),
              Names{"script_carries_windows_program"});
    EXPECT_EQ(builtin_matches(line), Names{}); // a program sent base64 is the attachment's business
}

TEST(BuiltinRules, KnowAnEncodedPowershellCommand)
{
    const std::string encoded(200, 'A');
    EXPECT_EQ(builtin_matches("cmd /c powershell.exe -nop -w hidden -enc " + encoded),
              Names{"powershell_hidden_command"});
    EXPECT_EQ(builtin_matches("use powershell -enc to pass a command"), Names{});
}

TEST(BuiltinRules, KnowAPageThatBuildsAFile)
{
    EXPECT_EQ(builtin_matches("<script>var b = new Blob([atob(data)]);"
                              "a.href = URL.createObjectURL(b); a.download = 'x.iso'; a.click();"),
              Names{"html_smuggles_file"});
    EXPECT_EQ(builtin_matches("<script>var b = new Blob([x]); URL.createObjectURL(b);"), Names{});
}

TEST(BuiltinRules, KnowTheEquationExploit)
{
    EXPECT_EQ(builtin_matches("{\\rtf1{\\object\\objupdate{\\*\\objdata 01050000"
                              "0200000B0000004571756174696F6E2E3300}}}"),
              Names{"rtf_equation_exploit"});
    EXPECT_EQ(builtin_matches("{\\rtf1{\\object{\\*\\objdata 4571756174696F6E2E33}}}"), Names{});
}

TEST(BuiltinRules, KnowTheSupportToolLink)
{
    EXPECT_EQ(builtin_matches("location.href = \"ms-msdt:/id PCWDiagnostic /skip force /param "
                              "IT_RebrowseForFile=? IT_BrowseForFile=x\""),
              Names{"support_tool_link"});
}

/// The raw message and each decoded leaf, as an inspector shows them.
void scan_message(Engine& engine, const std::string& raw, CollectingSink& sink)
{
    engine.on_message(base::as_bytes(raw), enough_time(), sink);
    const auto message = message::Message::parse(base::as_bytes(raw));
    std::vector<message::Defect> defects;
    for (const message::Part* const part : message::leaves(message)) {
        const auto content = message::DecodedContent::decode(*part, defects);
        Leaf leaf;
        leaf.path = part->path;
        leaf.bytes = content.bytes();
        engine.on_leaf(leaf, enough_time(), sink);
    }
}

TEST(BuiltinRules, RaiseNothingOnHonestMail)
{
    const auto shared = test::shared_dir();
    if (shared.empty()) {
        GTEST_SKIP() << "needs ../shared/corpus/mail/spamassassin";
    }
    const auto engine = make_yara_engine({});
    ASSERT_TRUE(engine);
    std::size_t messages = 0;
    for (const char* const folder : {"easy-ham-1", "easy-ham-2", "hard-ham-1"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{
                 shared / "corpus/mail/spamassassin" / folder}) {
            if (!entry.is_regular_file()) {
                continue;
            }
            CollectingSink sink;
            scan_message(**engine, test::read_file(entry.path()), sink);
            ++messages;
            EXPECT_TRUE(sink.findings.empty()) << entry.path() << ": " << sink.findings[0].rule;
            EXPECT_TRUE(sink.gaps.empty()) << entry.path() << ": " << sink.gaps[0].detail;
        }
    }
    EXPECT_GT(messages, 1000U);
}

TEST(RulesOfOthers, EachFileCompiles)
{
    const auto shared = test::shared_dir();
    if (shared.empty()) {
        GTEST_SKIP() << "needs ../shared/corpus/rules/sublime";
    }
    std::size_t files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator{shared / "corpus/rules/sublime/yara"}) {
        if (entry.path().extension() == ".yar") {
            ++files;
            const auto engine = make_yara_engine({.rule_files = {entry.path()}});
            EXPECT_TRUE(engine) << engine.error().describe();
        }
    }
    EXPECT_GT(files, 5U);
}

TEST(RulesOfOthers, TheirTestStringIsFound)
{
    const auto shared = test::shared_dir();
    if (shared.empty()) {
        GTEST_SKIP() << "needs ../shared/corpus/rules/sublime";
    }
    const auto path = shared / "corpus/rules/sublime/yara/sublime_standard_test_string.yar";
    const auto engine = make_yara_engine({.builtin = BuiltinRules::off, .rule_files = {path}});
    ASSERT_TRUE(engine);
    EXPECT_EQ(rules_that_match(**engine, "Sublime-Standard-Test-String").size(), 1U);
    EXPECT_EQ(rules_that_match(**engine, "another string").size(), 0U);
}

} // namespace
} // namespace watchpost::inspect
