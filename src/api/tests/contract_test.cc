#include "api/tests/contract.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/permissions.h"
#include "api/tests/shape.h"
#include "api/tests/yaml.h"

namespace watchpost::api {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const test::Contract& contract()
{
    static const test::Contract one;
    return one;
}

TEST(Contract, AndTableNameTheSameRoutesInTheSameOrder)
{
    std::vector<test::Operation> table;
    for (const Permission& row : permission_table()) {
        table.push_back(
            {std::string{row.operation}, std::string{row.method}, std::string{row.pattern}});
    }
    EXPECT_THAT(table, testing::ContainerEq(contract().operations()));
}

TEST(Contract, RefusesAnAnswerOfAnotherShape)
{
    const auto faults = [](int status, const char* type, const char* body) {
        return testing::PrintToString(contract().faults("listOfficers", status, type, body));
    };
    EXPECT_EQ(faults(200, "application/json", R"({"items":[]})"), "{}");
    EXPECT_THAT(faults(200, "application/json", R"({})"), HasSubstr("lacks items"));
    EXPECT_THAT(faults(200, "application/json", R"({"items":[{"id":"x","name":"y"}]})"),
                HasSubstr("pattern"));
    EXPECT_THAT(faults(200, "text/html", ""), HasSubstr("is text/html"));
    EXPECT_THAT(faults(418, "application/json", "{}"), HasSubstr("no such status"));
    EXPECT_THAT(faults(200, "application/json", "{"), HasSubstr("no JSON"));
}

TEST(Contract, AnAnswerWithoutContentHasNoBody)
{
    EXPECT_THAT(contract().faults("signOut", 204, "", ""), IsEmpty());
    EXPECT_FALSE(contract().faults("signOut", 204, "", "x").empty());
}

TEST(Contract, WhatIsWrittenOnlyIsClosedToForeignProperties)
{
    EXPECT_THAT(contract().faults("SignIn", {{"user", "a"}, {"password", "b"}}), IsEmpty());
    EXPECT_FALSE(contract().faults("SignIn", {{"user", "a"}, {"password", "b"}, {"x", 1}}).empty());
    EXPECT_FALSE(contract().faults("Settings", {{"separate_duties", "yes"}}).empty());
}

/// Names of the properties of that schema, also of those that it is made of.
std::vector<std::string> properties(const nlohmann::ordered_json& schemas, const std::string& name)
{
    std::vector<std::string> names;
    const auto add = [&](const nlohmann::ordered_json& schema) {
        for (const auto& [property, value] : schema["properties"].items()) {
            names.push_back(property);
        }
    };
    if (!schemas[name].contains("allOf")) {
        add(schemas[name]);
        return names;
    }
    for (const auto& part : schemas[name]["allOf"]) {
        add(part.contains("$ref") ? schemas["Alert"] : part);
    }
    return names;
}

TEST(Contract, EachFieldOfAnAlertAndOfAnObjectIsInTheDocument)
{
    std::ostringstream yaml;
    yaml << std::ifstream{WATCHPOST_SOURCE_DIR "/schema/openapi.yaml"}.rdbuf();
    std::ostringstream document;
    document << std::ifstream{WATCHPOST_SOURCE_DIR "/docs/message-data-model.md"}.rdbuf();
    const auto schemas = test::yaml_to_json(yaml.str())["components"]["schemas"];
    const auto expect_documented = [&](const std::string& schema, const std::string& prefix) {
        const auto names = properties(schemas, schema);
        EXPECT_FALSE(names.empty()) << schema;
        for (const std::string& name : names) {
            const bool is_there = document.str().find("\n| `" + prefix + name) != std::string::npos;
            EXPECT_TRUE(is_there) << schema << ": " << prefix << name;
        }
    };
    expect_documented("AlertDetail", "");
    expect_documented("Finding", "findings[].");
    expect_documented("NotInspected", "not_inspected[].");
    expect_documented("Defect", "defects[].");
    expect_documented("PartInfo", "parts[].");
    expect_documented("Reading", "readings[].");
    expect_documented("ObjectView", "");
}

TEST(Shape, SaysWhichKeywordItDoesNotKnow)
{
    const auto faults = test::shape_faults({}, {{"oneOf", {}}}, 1, "here");
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_THAT(faults[0], HasSubstr("oneOf"));
}

TEST(Yaml, ReadsScalarsByTheCoreSchemaAndResolvesAliases)
{
    const auto json = test::yaml_to_json("a: &x [1, \"1\", off, true]\nb: *x\n");
    EXPECT_EQ(json.dump(), R"({"a":[1,"1","off",true],"b":[1,"1","off",true]})");
    EXPECT_THROW(static_cast<void>(test::yaml_to_json("a: [")), std::runtime_error);
}

} // namespace
} // namespace watchpost::api
