// Replies of real servers as others have recorded them, and broken ones of the same kind: MailKit's
// for Gmail, Exchange and Zimbra, and the messages of curl's POP3 cases.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "quirk_bench.h"

namespace watchpost::test {
namespace {

const std::filesystem::path corpus = std::filesystem::path{WATCHPOST_SHARED_DIR} / "corpus/pop3";
const std::filesystem::path mailkit = corpus / "mailkit/UnitTests/Net/Pop3/Resources";

std::string with_crlf(const std::string& text)
{
    std::string all;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) {
            all += '\r';
        }
        all += text[i];
    }
    return all;
}

struct Recorded {
    std::string_view name;
    std::size_t messages;                       // the first of 1,024 octets …
    std::size_t step_octets;                    // … each other one so much longer
    std::map<std::string, std::string> replies; // command → file
    std::uint64_t collected;
    std::string_view says; // in the notes, or in the error
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's
void PrintTo(const Recorded& recorded, std::ostream* out)
{
    *out << recorded.name;
}

Pop3Script script_of(const Recorded& recorded)
{
    Pop3Script script;
    for (std::size_t i = 0; i < recorded.messages; ++i) {
        const auto number = std::to_string(i + 1);
        std::string content = "Subject: " + number + "\r\n\r\n";
        content += std::string(1'024 + i * recorded.step_octets - content.size() - 2, 'x') + "\r\n";
        script.messages.push_back({"uid" + number, std::move(content), {}, {}});
    }
    for (const auto& [command, file] : recorded.replies) {
        const auto text = with_crlf(read_file(mailkit / file));
        if (command == "(connect)") {
            script.greeting = text;
        } else {
            script.replies[command] = text;
        }
    }
    return script;
}

class RecordedReplies : public testing::TestWithParam<Recorded> {
protected:
    void SetUp() override
    {
        if (!std::filesystem::exists(mailkit)) {
            GTEST_SKIP() << "there is no ../shared with corpus/pop3/mailkit";
        }
    }
};

TEST_P(RecordedReplies, AreCollectedAsFarAsTheyCanBeUnderstood)
{
    QuirkBench bench{script_of(GetParam())};
    const auto first = bench.poll();
    EXPECT_EQ(first.collected, GetParam().collected) << error_of(first);
    EXPECT_EQ(first.cut_short + first.longer, 0U);
    EXPECT_TRUE(contains(notes_of(first) + error_of(first), GetParam().says))
        << notes_of(first) << error_of(first);
    EXPECT_EQ(bench.poll().collected, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    MailKit, RecordedReplies,
    testing::Values(
        Recorded{"gmail",
                 3,
                 1,
                 {{"(connect)", "gmail/greeting.txt"},
                  {"CAPA", "gmail/capa1.txt"},
                  {"CAPA#2", "gmail/capa2.txt"},
                  {"STAT", "gmail/stat.txt"},
                  {"UIDL", "gmail/uidl.txt"},
                  {"LIST", "gmail/list.txt"}},
                 3,
                 ""},
        Recorded{"uid_missing", 3, 1, {{"UIDL", "gmail/uidl-error1.txt"}}, 3, ""},
        Recorded{"uid_of_another", 3, 1, {{"UIDL", "gmail/uidl-error2.txt"}}, 3, "do not agree"},
        Recorded{"zimbra",
                 7,
                 1'024,
                 {{"(connect)", "comcast/greeting.txt"},
                  {"CAPA", "comcast/capa1.txt"},
                  {"STAT", "comcast/stat.txt"},
                  {"LIST", "comcast/list.txt"}},
                 7,
                 ""},
        Recorded{"size_missing", 7, 1'024, {{"LIST", "comcast/list-error1.txt"}}, 7, ""},
        Recorded{
            "line_of_another", 7, 1'024, {{"LIST", "comcast/list-error2.txt"}}, 6, "do not agree"},
        Recorded{"size_in_words", 7, 1'024, {{"LIST", "comcast/list-error3.txt"}}, 7, ""},
        Recorded{"stat_without_octets", 7, 1'024, {{"STAT", "comcast/stat-error1.txt"}}, 7, ""},
        Recorded{"stat_in_words",
                 7,
                 1'024,
                 {{"STAT", "comcast/stat-error2.txt"}},
                 0,
                 "has no message count"},
        Recorded{"stat_octets_in_words", 7, 1'024, {{"STAT", "comcast/stat-error3.txt"}}, 7, ""},
        Recorded{"exchange",
                 7,
                 1,
                 {{"(connect)", "exchange/greeting.txt"},
                  {"CAPA", "exchange/capa.txt"},
                  {"STAT", "exchange/stat.txt"},
                  {"UIDL", "exchange/uidl.txt"}},
                 7,
                 ""}),
    [](const auto& row) { return std::string{row.param.name}; });

/// What stands between the first <data…> and </data> of a case; empty where there is none.
std::string data_of(const std::filesystem::path& file)
{
    const auto text = read_file(file);
    const auto tag = text.find("<data");
    const auto begin = tag == std::string::npos ? tag : text.find('\n', tag);
    const auto end = text.find("</data>");
    return begin == std::string::npos || end == std::string::npos || end < begin
               ? ""
               : with_crlf(text.substr(begin + 1, end - begin - 1));
}

TEST(RecordedMessages, OfCurlsCasesAreStoredOctetForOctet)
{
    if (!std::filesystem::exists(corpus / "curl")) {
        GTEST_SKIP() << "there is no ../shared with corpus/pop3/curl";
    }
    Pop3Script script;
    for (const auto& file : std::filesystem::directory_iterator{corpus / "curl"}) {
        if (auto content = data_of(file.path()); !content.empty()) {
            script.messages.push_back({file.path().filename(), std::move(content), {}, {}});
        }
    }
    ASSERT_GT(script.messages.size(), 5U);
    QuirkBench bench{script};
    const auto report = bench.poll();
    EXPECT_TRUE(report.is_complete()) << error_of(report);
    EXPECT_EQ(bench.contents(), QuirkBench::contents_of(script));
}

} // namespace
} // namespace watchpost::test
