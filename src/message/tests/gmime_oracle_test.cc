// GMime as a second opinion on every message of the corpora: each leaf that it finds is among ours,
// with the same decoded octets; and reading a message twice gives the same.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include <gmime/gmime.h>

#include "known_differences.h"
#include "message_text.h"
#include "support/temp_dir.h"

namespace watchpost::message {
namespace {

namespace fs = std::filesystem;

template <typename T>
struct Unref {
    void operator()(T* object) const noexcept { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref<T>>;

using Contents = std::vector<std::string>;

std::string decoded(GMimePart* part)
{
    GMimeDataWrapper* const content = g_mime_part_get_content(part);
    if (content == nullptr) {
        return {};
    }
    const Owned<GMimeStream> sink{g_mime_stream_mem_new()};
    g_mime_data_wrapper_write_to_stream(content, sink.get());
    const GByteArray* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(sink.get()));
    return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

void collect(GMimeObject* /*parent*/, GMimeObject* object, void* contents)
{
    if (GMIME_IS_PART(object)) {
        static_cast<Contents*>(contents)->push_back(decoded(GMIME_PART(object)));
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage* const inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        if (inner != nullptr) {
            g_mime_message_foreach(inner, collect, contents);
        }
    }
}

Contents leaves_of_gmime(const std::string& raw)
{
    const Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(raw.data(), raw.size())};
    const Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    g_mime_parser_set_format(parser.get(),
                             raw.starts_with("From ") ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
    const Owned<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), nullptr)};
    Contents contents;
    if (message) {
        g_mime_message_foreach(message.get(), collect, &contents);
    }
    return contents;
}

/// Takes away where GMime is known to differ: it keeps white space at the end of quoted-printable
/// lines, which RFC 2045 §6.7 has us delete, and the CR of the line end before a last delimiter.
std::string comparable(std::string_view content)
{
    std::string text;
    for (const char c : content) {
        if (c == '\n') {
            while (!text.empty() &&
                   (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
                text.pop_back();
            }
        }
        text += c;
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
        text.pop_back();
    }
    return text;
}

std::multiset<std::string> our_leaves(const std::string& raw)
{
    const test::Parsed parsed{raw};
    std::multiset<std::string> contents;
    for (const Part* const part : leaves(parsed.message())) {
        std::vector<Defect> defects;
        const auto content = DecodedContent::decode(*part, defects);
        contents.insert(comparable(base::as_text(content.bytes())));
    }
    return contents;
}

void compare(const std::string& name, const std::string& raw, test::Differences& differences)
{
    auto ours = our_leaves(raw);
    std::size_t number = 0;
    for (const auto& content : leaves_of_gmime(raw)) {
        ++number;
        const auto found = ours.find(comparable(content));
        if (found == ours.end()) {
            differences.add(name, std::to_string(number), "missing");
        } else {
            ours.erase(found);
        }
    }
}

class GmimeOracle : public testing::Test {
protected:
    static void SetUpTestSuite() { g_mime_init(); }
    static void TearDownTestSuite() { g_mime_shutdown(); }

    /// Every file below the folder, messages or not: what is none is read as one, too.
    template <typename Visit>
    static std::size_t for_each_message(Visit visit)
    {
        std::size_t count = 0;
        for (const std::string_view folder : {"mime", "mail"}) {
            const auto root = watchpost::test::shared_dir() / "corpus" / folder;
            for (const auto& entry : fs::recursive_directory_iterator{root}) {
                if (entry.is_regular_file()) {
                    visit(fs::relative(entry.path(), root).string(),
                          watchpost::test::read_file(entry.path()));
                    ++count;
                }
            }
        }
        return count;
    }
};

TEST_F(GmimeOracle, FindsNoLeafThatWeDoNot)
{
    if (watchpost::test::shared_dir().empty()) {
        GTEST_SKIP() << "no ../shared/corpus in this checkout";
    }
    test::Differences differences{"gmime"};
    const auto compared = for_each_message([&](const std::string& name, const std::string& raw) {
        if (!name.ends_with(".json") && !name.ends_with(".xml")) {
            compare(name, raw, differences);
        }
    });
    EXPECT_GT(compared, 2'000U);
    EXPECT_EQ(differences.check_against_table(), "");
}

TEST_F(GmimeOracle, EveryMessageIsReadTheSameTwice)
{
    if (watchpost::test::shared_dir().empty()) {
        GTEST_SKIP() << "no ../shared/corpus in this checkout";
    }
    for_each_message([&](const std::string& name, const std::string& raw) {
        const test::Parsed once{raw};
        const test::Parsed again{raw};
        EXPECT_EQ(test::describe(once.message()), test::describe(again.message())) << name;
    });
}

} // namespace
} // namespace watchpost::message
