// Single header fields against the tables of stalwart's mail-parser.
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include <nlohmann/json.hpp>

#include "known_differences.h"
#include "message/address.h"
#include "message/content_fields.h"
#include "message/date.h"
#include "message/encoded_word.h"
#include "message/message_id.h"
#include "support/temp_dir.h"

namespace watchpost::message {
namespace {

using Json = nlohmann::json;

/// The value of the first field: the texts of the table go on behind it.
std::string_view first_field(std::string_view text)
{
    for (std::size_t at = text.find('\n'); at != std::string_view::npos;
         at = text.find('\n', at + 1)) {
        if (at + 1 == text.size() || (text[at + 1] != ' ' && text[at + 1] != '\t')) {
            return text.substr(0, at);
        }
    }
    return text;
}

std::string expected_date(const Json& date)
{
    if (date.is_null()) {
        return "";
    }
    using namespace std::chrono;
    const auto number = [&](const char* name) { return date[name].get<int>(); };
    const year_month_day day{year{number("year")}, month{date["month"].get<unsigned>()},
                             std::chrono::day{date["day"].get<unsigned>()}};
    auto zone = minutes{number("tz_hour") * 60 + number("tz_minute")};
    zone = date["tz_before_gmt"].get<bool>() ? -zone : zone;
    return base::to_rfc3339(sys_days{day} + hours{number("hour")} + minutes{number("minute")} +
                            seconds{number("second")} - zone);
}

std::string our_date(const std::string& text)
{
    const auto time = parse_date(text);
    return time ? base::to_rfc3339(*time) : "";
}

void add_addresses(const Json& list, std::string& text)
{
    for (const auto& entry : list) {
        if (entry.contains("addresses")) {
            add_addresses(entry["addresses"], text);
            continue;
        }
        text += entry["name"].is_null() ? "" : entry["name"].get<std::string>();
        text += '<' + (entry["address"].is_null() ? "" : entry["address"].get<std::string>()) + '>';
    }
}

std::string our_addresses(std::string_view field)
{
    std::string text;
    for (const auto& address : parse_addresses(field, 100).addresses) {
        text += address.display_name + '<' + address.local_part;
        text += address.domain.empty() ? ">" : '@' + address.domain + '>';
    }
    return text;
}

std::string with_parameters(std::string type, const std::map<std::string, std::string>& parameters)
{
    for (const auto& [name, value] : parameters) {
        if (!value.empty()) {
            type.append("|").append(name).append("=").append(value);
        }
    }
    return type;
}

std::string expected_type(const Json& type)
{
    const bool is_readable = !type.is_null() && type["c_subtype"].is_string();
    std::map<std::string, std::string> parameters;
    if (!type.is_null() && type.contains("attributes") && !type["attributes"].is_null()) {
        for (const auto& attribute : type["attributes"]) {
            const auto name = attribute[0].get<std::string>();
            if (!name.ends_with("-language")) { // which we do not keep
                parameters[name] = attribute[1].get<std::string>();
            }
        }
    }
    return with_parameters(is_readable ? type["c_type"].get<std::string>() + '/' +
                                             type["c_subtype"].get<std::string>()
                                       : "text/plain",
                           parameters);
}

std::string our_type(std::string_view field)
{
    const std::string path;
    DefectList list{100};
    DefectLog defects{list, path};
    const auto type = parse_content_type(field, {}, defects);
    return with_parameters(type.media_type(), {type.parameters.begin(), type.parameters.end()});
}

std::string joined(const std::vector<std::string>& items)
{
    std::string text;
    for (const auto& item : items) {
        text += item + '|';
    }
    return text;
}

template <typename Ours, typename Theirs>
void compare_table(const char* table, test::Differences& differences, Ours ours, Theirs theirs)
{
    const auto file = watchpost::test::shared_dir() / "corpus/mime/stalwart/resources" /
                      (std::string{table} + ".json");
    std::size_t number = 0;
    for (const auto& row : Json::parse(watchpost::test::read_file(file))) {
        const auto text = row["header"].get<std::string>();
        const auto name = std::string{table} + '/' + std::to_string(number++);
        const auto our_value = ours(text);
        const auto their_value = theirs(row["expected"]);
        differences.compare(name, "-", "value", our_value, their_value);
    }
    EXPECT_GT(number, 0U);
}

TEST(MimeConformance, FieldsAreReadAsStalwartExpects)
{
    if (watchpost::test::shared_dir().empty()) {
        GTEST_SKIP() << "no ../shared/corpus in this checkout";
    }
    test::Differences differences{"fields"};
    compare_table("date", differences, our_date, expected_date);
    compare_table(
        "id", differences,
        [](const std::string& text) { return joined(parse_message_ids(first_field(text), 100)); },
        [](const Json& ids) {
            return joined(ids.is_null() ? std::vector<std::string>{}
                                        : ids.get<std::vector<std::string>>());
        });
    compare_table(
        "unstructured", differences,
        [](const std::string& text) { return decode_text(first_field(text)).text; },
        [](const Json& text) { return text.get<std::string>(); });
    compare_table(
        "address", differences,
        [](const std::string& text) { return our_addresses(first_field(text)); },
        [](const Json& list) {
            std::string text;
            add_addresses(list.contains("List") ? list["List"] : list["Group"], text);
            return text;
        });
    compare_table(
        "content_type", differences,
        [](const std::string& text) { return our_type(first_field(text)); }, expected_type);
    EXPECT_EQ(differences.check_against_table(), "");
}

} // namespace
} // namespace watchpost::message
