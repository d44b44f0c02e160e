// Our tree against the one that stalwart's mail-parser expects: kinds, types, places in the raw
// message and contents, each message with LF and with CR LF.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>

#include <nlohmann/json.hpp>

#include "known_differences.h"
#include "message/charset.h"
#include "message/message.h"
#include "support/temp_dir.h"

namespace watchpost::message {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// The expectations were made from messages whose line ends are all of one kind.
std::string with_line_end(const std::string& text, std::string_view line_end)
{
    std::string result;
    for (const char c : text) {
        if (c == '\n') {
            result += line_end;
        } else if (c != '\r') {
            result += c;
        }
    }
    return result;
}

class Comparison {
public:
    Comparison(std::string file, const std::string& raw, test::Differences& differences)
        : file_{std::move(file)}
        , raw_{raw}
        , differences_{differences}
    {
    }

    void compare_message(const Json& message, const Part& root)
    {
        compare_part(message["parts"], 0, root);
    }

private:
    void compare_part(const Json& parts, std::size_t index, const Part& part);
    void compare_children(const Json& parts, const Json& ids, const Part& part);
    void compare_content(const Json& body, const Part& part);
    void compare_place(const Json& expected, const Part& part);
    void add(const Part& part, std::string_view aspect)
    {
        differences_.add(file_, name(part), aspect);
    }
    static std::string name(const Part& part)
    {
        return part.kind == PartKind::multipart ? part.path + '*' : part.path;
    }

    std::string file_;
    const std::string& raw_;
    test::Differences& differences_;
};

std::optional<std::pair<std::string, std::string>> declared_type(const Json& expected)
{
    for (const auto& field : expected["headers"]) {
        if (field["name"] == "content_type" && field["value"].is_object() &&
            field["value"].contains("ContentType")) {
            const auto& type = field["value"]["ContentType"];
            if (type.contains("c_subtype") && type["c_subtype"].is_string()) {
                return std::pair{type["c_type"].get<std::string>(),
                                 type["c_subtype"].get<std::string>()};
            }
        }
    }
    return std::nullopt;
}

void Comparison::compare_part(const Json& parts, std::size_t index, const Part& part)
{
    const Json& expected = parts.at(index);
    const Json& body = expected["body"];
    if (const auto type = declared_type(expected)) {
        if (part.content_type.type != type->first || part.content_type.subtype != type->second) {
            add(part, "type");
        }
    }
    const bool is_multipart = body.contains("Multipart");
    const bool is_message = body.contains("Message");
    if (is_multipart != (part.kind == PartKind::multipart) ||
        is_message != (part.kind == PartKind::message)) {
        add(part, "kind");
        return;
    }
    compare_place(expected, part);
    if (is_multipart) {
        compare_children(parts, body["Multipart"], part);
    } else if (is_message) {
        if (part.children.empty()) {
            add(part, "missing");
        } else {
            compare_message(body["Message"], *part.children.front());
        }
    } else {
        compare_content(body, part);
    }
}

void Comparison::compare_children(const Json& parts, const Json& ids, const Part& part)
{
    if (ids.size() != part.children.size()) {
        add(part, "parts");
        return;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        compare_part(parts, ids[i].get<std::size_t>(), *part.children[i]);
    }
}

/// Offsets count from the start of the raw message; those inside a decoded one have no place there.
void Comparison::compare_place(const Json& expected, const Part& part)
{
    const auto view = base::as_text(part.raw_content);
    const std::less<> before;
    const char* const begin = raw_.data();
    if (before(view.data(), begin) || before(begin + raw_.size(), view.data())) {
        return;
    }
    const auto content_begin = static_cast<std::size_t>(view.data() - begin);
    if (content_begin != expected["offset_body"].get<std::size_t>()) {
        add(part, "begin");
    }
    if (content_begin + view.size() != expected["offset_end"].get<std::size_t>()) {
        add(part, "end");
    }
}

void Comparison::compare_content(const Json& body, const Part& part)
{
    std::vector<Defect> defects;
    const auto decoded = DecodedContent::decode(part, defects);
    const auto bytes = base::as_text(decoded.bytes());
    for (const char* const kind : {"Text", "Html"}) {
        if (body.contains(kind)) {
            const auto text = to_utf8(bytes, part.content_type.parameter("charset")).text;
            differences_.compare(file_, name(part), "content", text, body[kind].get<std::string>());
        }
    }
    for (const char* const kind : {"Binary", "InlineBinary"}) {
        if (body.contains(kind)) {
            const auto expected = body[kind].get<std::vector<std::uint8_t>>();
            differences_.compare(file_, name(part), "content", std::string{bytes},
                                 std::string(expected.begin(), expected.end()));
        }
    }
}

void compare_file(const fs::path& message, std::string_view line_end,
                  test::Differences& differences)
{
    const auto raw = with_line_end(watchpost::test::read_file(message), line_end);
    auto expected = message;
    expected.replace_extension(line_end == "\n" ? ".json" : ".crlf.json");
    const auto tree = Json::parse(watchpost::test::read_file(expected));
    const auto parsed = Message::parse(base::as_bytes(raw));
    const auto name = message.parent_path().filename() / expected.stem();
    Comparison{name.string(), raw, differences}.compare_message(tree, parsed.root());
}

TEST(MimeConformance, TreesAreThoseThatStalwartExpects)
{
    const auto shared = watchpost::test::shared_dir();
    if (shared.empty()) {
        GTEST_SKIP() << "no ../shared/corpus in this checkout";
    }
    test::Differences differences{"stalwart"};
    std::size_t compared = 0;
    for (const auto& entry :
         fs::recursive_directory_iterator{shared / "corpus/mime/stalwart/resources/eml"}) {
        if (entry.path().extension() == ".eml") {
            compare_file(entry.path(), "\n", differences);
            compare_file(entry.path(), "\r\n", differences);
            compared += 2;
        }
    }
    EXPECT_EQ(compared, 60U);
    EXPECT_EQ(differences.check_against_table(), "");
}

} // namespace
} // namespace watchpost::message
