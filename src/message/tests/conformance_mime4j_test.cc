// Our leaves against those that mime4j's own tests expect: the tree of NAME_decoded.xml, and the
// decoded content of each leaf, which lies in NAME_decoded_1_2.txt or .bin.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "known_differences.h"
#include "message/message.h"
#include "support/temp_dir.h"

namespace watchpost::message {
namespace {

namespace fs = std::filesystem;

fs::path folder()
{
    const auto shared = watchpost::test::shared_dir();
    return shared.empty() ? shared : shared / "corpus/mime/mime4j/core/src/test/resources/testmsgs";
}

/// mime4j numbers every node, ours only those that IMAP numbers.
using LeavesByName = std::map<std::string, std::string>;

void collect(const Part& part, const std::string& name, LeavesByName& leaves)
{
    if (part.kind == PartKind::leaf) {
        std::vector<Defect> defects;
        leaves[name] = base::as_text(DecodedContent::decode(part, defects).bytes());
    }
    for (std::size_t i = 0; i < part.children.size(); ++i) {
        std::string child = name;
        child.append("_").append(std::to_string(i + 1));
        collect(*part.children[i], child, leaves);
    }
}

/// The names of the leaves in the expected tree: name="NAME_decoded_1_2.txt".
std::map<std::string, std::string> expected_leaves(const std::string& stem)
{
    const auto xml = watchpost::test::read_file(folder() / (stem + "_decoded.xml"));
    const std::string start = "name=\"" + stem + "_decoded_";
    std::map<std::string, std::string> leaves;
    for (auto at = xml.find(start); at != std::string::npos; at = xml.find(start, at + 1)) {
        const auto begin = at + start.size();
        const std::string file = xml.substr(begin, xml.find('"', begin) - begin);
        auto name = stem;
        name.append("_decoded_").append(file);
        leaves[file.substr(0, file.find('.'))] = watchpost::test::read_file(folder() / name);
    }
    return leaves;
}

void compare(const std::string& stem, test::Differences& differences)
{
    const auto raw = watchpost::test::read_file(folder() / (stem + ".msg"));
    const auto message = Message::parse(base::as_bytes(raw));
    LeavesByName ours;
    collect(message.root(), "1", ours);
    const auto theirs = expected_leaves(stem);
    for (const auto& [name, content] : theirs) {
        const auto found = ours.find(name);
        if (found == ours.end()) {
            differences.add(stem, name, "missing");
        } else {
            differences.compare(stem, name, "content", found->second, content);
        }
    }
    for (const auto& [name, content] : ours) {
        if (!theirs.contains(name)) {
            differences.add(stem, name, "additional");
        }
    }
}

TEST(MimeConformance, LeavesAreThoseThatMime4jExpects)
{
    if (folder().empty()) {
        GTEST_SKIP() << "no ../shared/corpus in this checkout";
    }
    test::Differences differences{"mime4j"};
    std::size_t compared = 0;
    for (const auto& entry : fs::directory_iterator{folder()}) {
        if (entry.path().extension() == ".msg") {
            compare(entry.path().stem(), differences);
            ++compared;
        }
    }
    EXPECT_EQ(compared, 32U);
    EXPECT_EQ(differences.check_against_table(), "");
}

} // namespace
} // namespace watchpost::message
