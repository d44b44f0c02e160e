#include "inspect/engines/yara/yara_engine.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/collecting_sink.h"
#include "support/mail_maker.h"
#include "support/temp_dir.h"

namespace watchpost::inspect {
namespace {

using base::ErrorCode;
using test::CollectingSink;
using testing::HasSubstr;
using testing::Not;
using verdict::Importance;

Budget enough_time()
{
    return {std::chrono::steady_clock::now() + std::chrono::seconds{60}};
}

class YaraEngine : public testing::Test {
protected:
    /// An engine with this rule file and nothing built in.
    base::Result<std::unique_ptr<Engine>> make(std::string_view rules)
    {
        return make_yara_engine(
            {.builtin = BuiltinRules::off, .rule_files = {folder_.write("test.yar", rules)}});
    }

    static CollectingSink scan(Engine& engine, std::string_view bytes,
                               const Budget& budget = enough_time())
    {
        CollectingSink sink;
        Leaf leaf;
        leaf.path = "1.2";
        leaf.reading = "lenient";
        leaf.bytes = base::as_bytes(bytes);
        engine.on_leaf(leaf, budget, sink);
        return sink;
    }

    std::string error_of(std::string_view rules)
    {
        const auto engine = make(rules);
        EXPECT_FALSE(engine);
        return engine ? std::string{} : engine.error().describe();
    }

    test::TempDir folder_;
};

TEST_F(YaraEngine, AMatchTellsRulePlaceAndEvidence)
{
    const auto engine =
        make("rule found_it { meta: description = \"The word.\" importance = \"low\" "
             "strings: $a = \"needle\" condition: $a }");
    const auto sink = scan(**engine, "hay needle hay");
    ASSERT_EQ(sink.findings.size(), 1U);
    EXPECT_EQ(sink.findings[0].engine, "yara");
    EXPECT_EQ(sink.findings[0].id, "yara.match");
    EXPECT_EQ(sink.findings[0].rule, "found_it");
    EXPECT_EQ(sink.findings[0].part, "1.2");
    EXPECT_EQ(sink.findings[0].reading, "lenient");
    EXPECT_EQ(sink.findings[0].importance, Importance::low);
    EXPECT_EQ(sink.findings[0].detail,
              "The word. (rules " + (folder_ / "test.yar").string() + "; at $a 4)");
    EXPECT_TRUE(sink.gaps.empty());
}

TEST_F(YaraEngine, BytesThatNoRuleKnowsGiveNothing)
{
    const auto engine = make("rule r { strings: $a = \"needle\" condition: $a }");
    const auto sink = scan(**engine, "hay");
    EXPECT_TRUE(sink.findings.empty());
    EXPECT_TRUE(sink.gaps.empty());
}

TEST_F(YaraEngine, TheRawMessageIsScannedAsTheWhole)
{
    const auto engine = make("rule r { strings: $a = \"Subject: needle\" condition: $a }");
    CollectingSink sink;
    (*engine)->on_message(base::as_bytes("Subject: needle\r\n\r\n"), enough_time(), sink);
    ASSERT_EQ(sink.findings.size(), 1U);
    EXPECT_EQ(sink.findings[0].part, "");
}

TEST_F(YaraEngine, WhatStandsInWrappedLinksIsScanned)
{
    const auto engine = make("rule r { strings: $a = \"https://a.example/\" condition: $a }");
    CollectingSink sink;
    (*engine)->on_links(
        {{"https://w.example/?u=1", "", "href", "1.2", {{"W", "https://a.example/"}}},
         {"https://a.example/", "", "href", "1.3"}},
        enough_time(), sink);
    ASSERT_EQ(sink.findings.size(), 1U);
    EXPECT_EQ(sink.findings[0].part, "1.2");
    EXPECT_EQ(sink.findings[0].rule, "r");
}

TEST_F(YaraEngine, ImportanceComesFromTheMetadata)
{
    const auto importance_of = [this](std::string_view metadata) {
        const auto engine =
            make("rule r { meta: x = 1 " + std::string{metadata} + " condition: true }");
        return scan(**engine, "x").findings.at(0).importance;
    };
    EXPECT_EQ(importance_of("importance = \"medium\""), Importance::medium);
    EXPECT_EQ(importance_of("severity = \"LOW\""), Importance::low);
    EXPECT_EQ(importance_of("severity = \"low\" importance = \"high\""), Importance::high);
    EXPECT_EQ(importance_of("severity = \"critical\""), Importance::high);
    EXPECT_EQ(importance_of("severity = \"informational\""), Importance::none);
    EXPECT_EQ(importance_of("severity = \"whatever\""), Importance::high);
    EXPECT_EQ(importance_of("severity = 3"), Importance::high);
    EXPECT_EQ(importance_of(""), Importance::high);
}

TEST_F(YaraEngine, TheCompilersMessagesAreTheError)
{
    const auto engine = make("rule good { condition: true }\nrule bad { condition: $missing }\n");
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(engine.error().retry(), base::Retry::never);
    EXPECT_THAT(engine.error().describe(), HasSubstr("do not compile"));
    EXPECT_THAT(engine.error().describe(),
                HasSubstr((folder_ / "test.yar").string() + ":2: undefined string \"$missing\""));
}

TEST_F(YaraEngine, BrokenSyntaxIsRefusedWithItsLine)
{
    EXPECT_THAT(error_of("rule r {\n condition:\n  true and\n}\n"), HasSubstr("test.yar:4: "));
    EXPECT_THAT(error_of("rule r { strings: $a = /(/ condition: $a }"), HasSubstr("test.yar:1: "));
    EXPECT_THAT(error_of("import \"nosuch\"\nrule r { condition: true }"), HasSubstr("nosuch"));
    EXPECT_THAT(error_of("\x7f"
                         "ELF"),
                HasSubstr("test.yar:1: "));
}

TEST_F(YaraEngine, CompiledRulesAreRefused)
{
    EXPECT_THAT(error_of(std::string_view{"YARA\0\1", 6}), HasSubstr("NUL octet"));
}

TEST_F(YaraEngine, IncludeIsRefusedSinceItReadsFilesOfOthers)
{
    const auto other = folder_.write("other.yar", "rule other { condition: true }");
    EXPECT_THAT(error_of("include \"" + other.string() + "\"\n"), HasSubstr("test.yar:1: "));
    EXPECT_THAT(error_of("include \"other.yar\"\n"), HasSubstr("includes are disabled"));
}

TEST_F(YaraEngine, TheImportanceOfAFileIsThatOfARuleThatNamesNone)
{
    const auto path = folder_.write("mine.yar", "rule silent { condition: true }\n"
                                                "rule loud { meta: importance = \"high\" "
                                                "condition: true }\n");
    const auto engine = make_yara_engine({.builtin = BuiltinRules::off,
                                          .rule_files = {},
                                          .files = {{path, "mine.yar", Importance::low}}});
    ASSERT_TRUE(engine);
    EXPECT_EQ((*engine)->rule_count(), 2U);
    const auto sink = scan(**engine, "x");
    ASSERT_EQ(sink.findings.size(), 2U);
    EXPECT_EQ(sink.findings[0].importance, Importance::low);
    EXPECT_EQ(sink.findings[1].importance, Importance::high);
    EXPECT_THAT(sink.findings[0].detail, HasSubstr("rules mine.yar"));
}

TEST_F(YaraEngine, AFileThatCannotBeReadIsNamed)
{
    const auto engine = make_yara_engine({.rule_files = {folder_ / "missing.yar"}});
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code(), ErrorCode::not_found);
    EXPECT_THAT(engine.error().describe(), HasSubstr("missing.yar"));
    const auto folder = make_yara_engine({.rule_files = {folder_.path()}});
    ASSERT_FALSE(folder);
    EXPECT_THAT(folder.error().describe(), HasSubstr("not a regular file"));
}

TEST_F(YaraEngine, ARuleFileHasALimit)
{
    const auto path = folder_.write("large.yar", "rule r { condition: true }");
    const auto engine = make_yara_engine({.rule_files = {path}, .rule_file_bytes_max = 10});
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code(), ErrorCode::limit_exceeded);
    EXPECT_TRUE(make_yara_engine({.rule_files = {path}, .rule_file_bytes_max = 26}));
}

TEST_F(YaraEngine, TheSameRuleNameInTwoFilesIsTwoRules)
{
    const auto engine =
        make_yara_engine({.builtin = BuiltinRules::off,
                          .rule_files = {folder_.write("a.yar", "rule same { condition: true }"),
                                         folder_.write("b.yar", "rule same { condition: true }")}});
    ASSERT_TRUE(engine);
    EXPECT_EQ(scan(**engine, "x").findings.size(), 2U);
}

TEST_F(YaraEngine, MoreMatchesThanTheLimitAreAGap)
{
    std::string rules;
    for (int i = 0; i < 5; ++i) {
        rules += "rule r" + std::to_string(i) + " { condition: true }\n";
    }
    const auto engine = make_yara_engine({.builtin = BuiltinRules::off,
                                          .rule_files = {folder_.write("many.yar", rules)},
                                          .matches_max = 3});
    const auto sink = scan(**engine, "x");
    EXPECT_EQ(sink.findings.size(), 3U);
    ASSERT_EQ(sink.gaps.size(), 1U);
    EXPECT_EQ(sink.gaps[0].reason, "limit_matches");
    EXPECT_EQ(sink.gaps[0].engine, "yara");
    EXPECT_EQ(scan(**engine, "again").findings.size(), 3U);
}

TEST_F(YaraEngine, AStringThatMatchesEverywhereIsAGapAndNotSilence)
{
    const auto engine = make("rule r { strings: $a = \"aa\" condition: #a > 5000000 }");
    const auto sink = scan(**engine, std::string(3'000'000, 'a'));
    EXPECT_TRUE(sink.findings.empty());
    ASSERT_EQ(sink.gaps.size(), 1U);
    EXPECT_EQ(sink.gaps[0].reason, "limit_matches");
    EXPECT_THAT(sink.gaps[0].detail, HasSubstr("$a"));
}

TEST_F(YaraEngine, WithoutTimeLeftNothingIsScannedAndThatIsSaid)
{
    const auto engine = make("rule r { condition: true }");
    const auto sink = scan(**engine, "x", {std::chrono::steady_clock::now()});
    EXPECT_TRUE(sink.findings.empty());
    ASSERT_EQ(sink.gaps.size(), 1U);
    EXPECT_EQ(sink.gaps[0].reason, "engine_timed_out");
    EXPECT_EQ(sink.gaps[0].part, "1.2");
}

TEST_F(YaraEngine, ARuleThatTakesForEverIsStoppedAndTheEngineGoesOn)
{
    const auto engine = make("rule slow { condition: uint8(0) == 0x78 and "
                             "for any i in (0..9999999999) : (uint8(i) == 256) }\n"
                             "rule quick { strings: $a = \"y\" condition: $a }");
    const auto sink =
        scan(**engine, "x", {std::chrono::steady_clock::now() + std::chrono::milliseconds{10}});
    ASSERT_EQ(sink.gaps.size(), 1U);
    EXPECT_EQ(sink.gaps[0].reason, "engine_timed_out");
    const auto next = scan(**engine, "y");
    EXPECT_EQ(next.findings.size(), 1U);
    EXPECT_TRUE(next.gaps.empty());
}

TEST_F(YaraEngine, HostileTextOfARuleIsQuoted)
{
    const auto engine = make("rule r { meta: description = \"red \\x1b[31m\" condition: true }");
    const auto sink = scan(**engine, "x");
    EXPECT_THAT(sink.findings.at(0).detail, Not(HasSubstr("\x1b")));
}

TEST_F(YaraEngine, ManyStringsAreCutInTheDetail)
{
    std::string rule = "rule r { strings: ";
    for (int i = 0; i < 20; ++i) {
        rule += "$s" + std::to_string(i) + " = \"word" + std::to_string(i) + "\" ";
    }
    const auto engine = make(rule + "condition: any of them }");
    std::string text;
    for (int i = 0; i < 20; ++i) {
        text += "word" + std::to_string(i) + ' ';
    }
    EXPECT_THAT(scan(**engine, text).findings.at(0).detail, testing::EndsWith(", …)"));
}

/// In a child that may open nothing at all, as behind the sandbox: the number of findings.
int findings_without_files(Engine& engine, std::string_view bytes)
{
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_NOFILE, &none);
        CollectingSink sink;
        Leaf leaf;
        leaf.bytes = base::as_bytes(bytes);
        engine.on_leaf(leaf, enough_time(), sink);
        ::_exit(sink.gaps.empty() ? static_cast<int>(sink.findings.size()) : 99);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(YaraEngine, AScanOpensNoFileWhateverModulesTheRulesUse)
{
    const auto engine =
        make("import \"pe\" import \"elf\" import \"hash\" import \"math\" import \"dotnet\"\n"
             "import \"magic\" import \"time\" import \"console\"\n"
             "rule by_magic { condition: magic.mime_type() == \"text/plain\" }\n"
             "rule by_hash { condition: hash.md5(0, filesize) != \"\" and not pe.is_pe }\n"
             "rule by_math { condition: math.entropy(0, filesize) < 8 and time.now() > 0 }\n");
    ASSERT_TRUE(engine) << engine.error().describe();
    // UBSan opens pipes where it meets a type for the first time; another engine shows it ours.
    ASSERT_THAT(scan(**make("rule r { condition: true }"), "x").findings, testing::SizeIs(1));
    EXPECT_EQ(findings_without_files(**engine, "just some words of text\n"), 3);
}

} // namespace
} // namespace watchpost::inspect
