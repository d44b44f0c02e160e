// docs/threat-model.md gives a reason for each system call that an inspector may make, and for no
// other. (Those of an unpacker stand in seccomp.cc.)
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace watchpost::os {
namespace {

using Names = std::set<std::string>;

std::string read(const std::string& path)
{
    std::ifstream file{WATCHPOST_SOURCE_DIR "/" + path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// The first groups of all matches between two places of the text.
Names names_between(const std::string& text, const std::string& begin, const std::string& end,
                    const char* pattern)
{
    const auto from = text.find(begin);
    EXPECT_NE(from, std::string::npos) << begin;
    const std::string part = text.substr(from, text.find(end, from) - from);
    const std::regex expression{pattern};
    Names names;
    for (std::sregex_iterator at{part.begin(), part.end(), expression}, none; at != none; ++at) {
        names.insert((*at)[1]);
    }
    return names;
}

TEST(SeccompDocument, HasAReasonForEachCallThatIsAllowed)
{
    const auto source = read("src/os/seccomp.cc");
    const auto* const call = R"(SCMP_SYS\((\w+)\))";
    auto allowed = names_between(source, "constexpr int harmless[]", "constexpr int hostile", call);
    allowed.merge(names_between(source, "> rules_of(const", "Measure describe(", call));
    EXPECT_GT(allowed.size(), 30U);

    // The first cells of the table: `read` `fcntl(F_ADD_SEALS)`.
    std::istringstream lines{read("docs/threat-model.md")};
    std::string cells;
    bool is_in_table = false;
    for (std::string line; std::getline(lines, line);) {
        is_in_table = line.starts_with("| calls |") || (is_in_table && line.starts_with("|"));
        cells += is_in_table ? line.substr(0, line.find('|', 1)) : "";
    }
    EXPECT_THAT(names_between(cells, "|", "\n", "`(\\w+)"), testing::ContainerEq(allowed));
}

} // namespace
} // namespace watchpost::os
