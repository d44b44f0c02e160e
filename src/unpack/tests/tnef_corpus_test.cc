// TNEF of many writers: MimeKit's test data, each beside the files that other readers find in it.
// Every one of those files must be among what we give, bytes and name.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "support/temp_dir.h"
#include "unpack/tests/unpacked.h"

namespace watchpost::unpack::test {
namespace {

namespace fs = std::filesystem;

/// The files were stored with line ends of another system than those in the streams.
std::string without_returns(std::string text)
{
    std::erase(text, '\r');
    return text;
}

/// Theirs begin with the 16 octets that say what kind of object follows; it is no part of the file
/// ([MS-OXTNEF] §2.1.3.4).
bool begins_with_interface(std::string_view id)
{
    return id == "MAPI_OBJECT/Untitled_Attachment" || id.starts_with("winmail/Untitled");
}

/// A letter in base64 stands behind the last attribute of "panic".
const std::map<std::string, std::string>& known_gaps()
{
    static const std::map<std::string, std::string> all{{"panic", "damaged_archive"}};
    return all;
}

std::string reasons_of(const std::vector<Gap>& gaps)
{
    std::string text;
    for (const auto& gap : gaps) {
        text += (text.empty() ? "" : ", ") + gap.reason;
    }
    return text;
}

bool is_among(std::string_view id, std::string content, const std::vector<KeptMember>& found)
{
    constexpr std::size_t interface_bytes = 16;
    if (begins_with_interface(id)) {
        content.erase(0, interface_bytes);
    }
    const auto wanted = without_returns(std::move(content));
    return std::ranges::any_of(
        found, [&](const auto& member) { return without_returns(member.content) == wanted; });
}

/// Members of the stream and of the messages in it.
void add_all(std::string_view bytes, std::vector<KeptMember>& found, std::vector<Gap>& gaps)
{
    const auto unpacked = Unpacked::of(bytes);
    gaps.insert(gaps.end(), unpacked.gaps.begin(), unpacked.gaps.end());
    for (const auto& member : unpacked.members) {
        found.push_back(member);
        if (container_format(base::as_bytes(member.content)) == "tnef") {
            add_all(member.content, found, gaps);
        }
    }
}

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension)
{
    std::vector<fs::path> found;
    if (fs::is_directory(folder)) {
        for (const auto& file : fs::directory_iterator{folder}) {
            if (file.is_regular_file() &&
                (extension.empty() || file.path().extension() == extension)) {
                found.push_back(file.path());
            }
        }
    }
    std::ranges::sort(found);
    return found;
}

TEST(TnefCorpus, EveryFileThatMimeKitFindsIsGiven)
{
    const auto streams = files_in(
        watchpost::test::shared_dir() / "corpus/mime/mimekit/UnitTests/TestData/tnef", ".tnef");
    if (streams.empty()) {
        GTEST_SKIP() << "no ../shared/corpus/mime/mimekit beside the checkout";
    }
    std::size_t expected = 0;
    for (const auto& stream : streams) {
        std::vector<KeptMember> found;
        std::vector<Gap> gaps;
        add_all(watchpost::test::read_file(stream), found, gaps);
        const auto name = stream.stem().string();
        const auto known = known_gaps().find(name);
        EXPECT_EQ(reasons_of(gaps), known == known_gaps().end() ? "" : known->second) << name;
        for (const auto& file : files_in(fs::path{stream}.replace_extension(), "")) {
            const auto id = name + "/" + file.filename().string();
            EXPECT_TRUE(is_among(id, watchpost::test::read_file(file), found)) << id;
            ++expected;
        }
    }
    EXPECT_EQ(streams.size(), 19U);
    EXPECT_EQ(expected, 49U);
}

} // namespace
} // namespace watchpost::unpack::test
