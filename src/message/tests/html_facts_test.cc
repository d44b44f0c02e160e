// What stands in a document beside its text: forms, scripts, files, and where links really lead.
#include <gtest/gtest.h>

#include "message/address_parts.h"
#include "message/base64.h"
#include "message/html.h"

namespace watchpost::message {
namespace {

/// "name=content|…"
std::string objects_of(std::string_view html)
{
    std::string result;
    for (const auto& object : read_html(html).objects) {
        result += result.empty() ? "" : "|";
        result += object.name + '=' + std::string{base::as_text(object.content)};
    }
    return result;
}

TEST(HtmlFacts, ControlsAroundAnAddressAreDroppedAsBrowsersDoIt)
{
    const auto reading = read_html("<a href='&#1;javascript:f()'>x</a>"
                                   "<a href='&#31;https://e.example/&#2;'>y</a>");
    EXPECT_EQ(reading.facts.script_addresses, 1U);
    ASSERT_EQ(reading.links.size(), 2U);
    EXPECT_EQ(reading.links[0].href, "javascript:f()");
    EXPECT_EQ(reading.links[1].href, "https://e.example/");
}

TEST(HtmlForms, ActionMethodAndPasswordFields)
{
    const auto facts = read_html("<form action=' https://e/\n' method=POST><input type=Password>"
                                 "</form><form><input type=text></form>")
                           .facts;
    ASSERT_EQ(facts.forms.size(), 2U);
    EXPECT_EQ(facts.forms[0].action, "https://e/");
    EXPECT_EQ(facts.forms[0].method, "post");
    EXPECT_EQ(facts.forms[0].password_fields, 1U);
    EXPECT_EQ(facts.forms[1].method, "get");
    EXPECT_EQ(facts.forms[1].password_fields, 0U);
}

TEST(HtmlForms, FieldWithoutAFormAndFormInATable)
{
    const auto alone = read_html("<input type=password>").facts.forms;
    ASSERT_EQ(alone.size(), 1U);
    EXPECT_EQ(alone[0].method, "");
    const auto table =
        read_html("<table><form action=x><tr><td><input type=password></table>").facts.forms;
    ASSERT_EQ(table.size(), 1U);
    EXPECT_EQ(table[0].action, "x");
    EXPECT_EQ(table[0].password_fields, 1U);
}

TEST(HtmlScripts, AreCountedByKind)
{
    const auto facts = read_html("<script>1</script><script src=x></script>"
                                 "<script type='application/ld+json'>{}</script>"
                                 "<body onload='go()'><a href=' Java\nScript:go()'>x</a>"
                                 "<svg onload=go()><script>2</script></svg><img src=blob:x>")
                           .facts;
    EXPECT_EQ(facts.inline_scripts, 2U);
    EXPECT_EQ(facts.loaded_scripts, 1U);
    EXPECT_EQ(facts.event_handlers, 2U);
    EXPECT_EQ(facts.script_addresses, 1U);
    EXPECT_EQ(facts.svg_scripts, 2U);
    EXPECT_EQ(facts.blob_addresses, 1U);
}

TEST(HtmlSmuggling, NeedsAFileAndAWayOut)
{
    using Words = std::vector<std::string>;
    const auto words = [](std::string_view html) { return read_html(html).facts.smuggling; };
    EXPECT_EQ(words("<script>b = new Blob([atob(s)]); a.href = URL.createObjectURL(b)</script>"),
              (Words{"new blob", "atob(", "createobjecturl"}));
    EXPECT_EQ(words("<a download=x.zip id=a></a><script>atob(x)</script>"),
              (Words{"atob(", "download attribute"}));
    EXPECT_EQ(words("<body onload='navigator.msSaveBlob(b)'>"), Words{"mssaveblob"});
    EXPECT_EQ(words("<script>atob(x)</script>"), Words{});
    EXPECT_EQ(words("<a download href=x>y</a>"), Words{});
}

TEST(HtmlObjects, ContentOfDataAddresses)
{
    EXPECT_EQ(objects_of("<img src='data:text/plain;base64,aGVs\nbG8='>"), "data 1=hello");
    EXPECT_EQ(objects_of("<a download=a.exe href=' DATA:,MZ%41'>x</a>"), "a.exe=MZA");
    EXPECT_EQ(objects_of("<p style=\"background:url('data:image/gif,GIF')\">"), "data 1=GIF");
    EXPECT_EQ(objects_of("<style>p{background:url(data:image/gif;base64,R0lG)}</style>"),
              "data 1=GIF");
    EXPECT_EQ(objects_of("<script>x='data:text/html,<p>hi</p>'</script>"), "data 1=<p>hi</p>");
    EXPECT_EQ(objects_of("<iframe srcdoc='<b>x</b>'></iframe>"), "page 1.html=<b>x</b>");
    EXPECT_EQ(objects_of("<img src=x alt='our data: 1, 2, 3'>"), "");
}

TEST(HtmlObjects, WhatScriptsHoldAsDigitsListsAndEscapes)
{
    const std::string content = "MZ" + std::string(70, '\x01');
    const auto bytes = base::as_bytes(content);
    const std::string base64 = encode_base64(bytes);
    const std::string expected = "script data 1=" + content;
    const auto script = [](const std::string& text) { return "<script>" + text + "</script>"; };

    EXPECT_EQ(objects_of(script("var a = '" + base64 + "';")), expected);
    EXPECT_EQ(
        objects_of(script("a=\"" + base64.substr(0, 30) + "\" +\n '" + base64.substr(30) + "'")),
        expected);
    EXPECT_EQ(objects_of(script("a=`" + base::to_hex(bytes) + "`")), expected);
    std::string numbers;
    std::string escapes;
    std::string percent;
    for (const std::byte octet : bytes) {
        const std::string hex = base::to_hex(base::ByteView{&octet, 1});
        numbers += std::to_string(std::to_integer<int>(octet)) + ", ";
        escapes += "\\x" + hex;
        percent += '%' + hex;
    }
    EXPECT_EQ(objects_of(script("new Uint8Array([" + numbers + "])")), expected);
    EXPECT_EQ(objects_of(script("a='" + escapes + "'")), expected);
    EXPECT_EQ(objects_of(script("unescape('" + percent + "')")), expected);
    EXPECT_EQ(objects_of("<body onload=\"go('" + base64 + "')\">"), expected);
    EXPECT_EQ(objects_of(script("// it's\nvar a = 'a short one'; [1,2,3]")), "");
}

TEST(HtmlObjects, AreFoundInWhatIsNotParsed)
{
    HtmlLimits limits;
    limits.guard.depth_max = 1;
    const auto reading = read_html("<div><div><a href='data:,MZ/;,x'></a>"
                                   "<a href=\"data:text/plain;base64,aGVsbG8=\">",
                                   limits);
    EXPECT_TRUE(reading.was_cut);
    ASSERT_FALSE(reading.objects.empty());
    EXPECT_EQ(base::as_text(reading.objects.back().content), "hello");
}

TEST(HtmlObjects, LimitIsSaid)
{
    HtmlLimits limits;
    limits.objects_max = 1;
    EXPECT_FALSE(read_html("<img src='data:,a'>", limits).objects_were_cut);
    const auto reading = read_html("<img src='data:,a'><img src='data:,b'>", limits);
    EXPECT_EQ(reading.objects.size(), 1U);
    EXPECT_TRUE(reading.objects_were_cut);
    limits.forms_max = 1;
    EXPECT_TRUE(read_html("<form></form><form></form>", limits).links_were_cut);
}

TEST(HtmlBase, AloneLeadsNowhere)
{
    const auto facts = read_html("<base href='https://e.example/'><form></form>").facts;
    EXPECT_EQ(facts.refresh, "");
    EXPECT_EQ(facts.forms.at(0).action, "");
}

TEST(HtmlBase, FirstOneCountsForAllLinks)
{
    const auto reading =
        read_html("<a href='../x?q#f'>x</a><base href='https://evil.example/a/b/c'>"
                  "<base href='https://other.example/'><form action=/post>"
                  "<meta http-equiv=refresh content='0;url=next'>");
    EXPECT_EQ(reading.links.at(0).href, "https://evil.example/a/x?q#f");
    EXPECT_EQ(reading.links.at(0).written, "../x?q#f");
    EXPECT_EQ(reading.facts.forms.at(0).action, "https://evil.example/post");
    EXPECT_EQ(reading.facts.refresh, "https://evil.example/a/b/next");
    EXPECT_EQ(reading.facts.base, "https://evil.example/a/b/c");
}

struct Resolved {
    const char* address;
    const char* expected;
};

// RFC 3986 §5.4: the base is http://a/b/c/d;p?q.
TEST(AddressParts, ExamplesOfTheRfc)
{
    for (const auto& [address, expected] : std::initializer_list<Resolved>{
             {"g:h", "g:h"},
             {"g", "http://a/b/c/g"},
             {"./g", "http://a/b/c/g"},
             {"g/", "http://a/b/c/g/"},
             {"/g", "http://a/g"},
             {"//g", "http://g"},
             {"?y", "http://a/b/c/d;p?y"},
             {"g?y", "http://a/b/c/g?y"},
             {"g#s", "http://a/b/c/g#s"},
             {";x", "http://a/b/c/;x"},
             {"", "http://a/b/c/d;p?q"},
             {".", "http://a/b/c/"},
             {"..", "http://a/b/"},
             {"../..", "http://a/"},
             {"../../../g", "http://a/g"},
             {"g/../h", "http://a/b/c/h"},
             {"\\g", "http://a/g"}, // as browsers do
         }) {
        EXPECT_EQ(resolve_address(address, "http://a/b/c/d;p?q"), expected) << address;
    }
    EXPECT_EQ(resolve_address("x", "mailto:a@b"), "x");
    EXPECT_EQ(resolve_address("x", "x/y"), "x");
}

TEST(AddressParts, ShownAddressOfAnotherHost)
{
    const auto is_told = [](std::string_view shown, std::string_view href) {
        return read_html("<a href='" + std::string{href} + "'>" + std::string{shown} + "</a>")
            .links.at(0)
            .names_another_host;
    };
    EXPECT_TRUE(is_told("www.bank.example", "https://evil.example/"));
    EXPECT_TRUE(is_told("https://bank.example/log in", "https://bank.example.evil.example/"));
    EXPECT_TRUE(is_told("bank.example/login", "//evil.example/"));
    EXPECT_FALSE(is_told("www.bank.example", "https://bank.example/"));
    EXPECT_FALSE(is_told("bank.example", "https://login.bank.example/"));
    EXPECT_FALSE(is_told("m\xc3\xbcller.example", "https://xn--mller-kva.example/"));
    EXPECT_FALSE(is_told("click here", "https://evil.example/"));
    EXPECT_FALSE(is_told("invoice.pdf", "https://evil.example/"));
    EXPECT_FALSE(is_told("ann@bank.example", "https://evil.example/"));
    EXPECT_FALSE(is_told("www.bank.example", "mailto:a@evil.example"));
}

} // namespace
} // namespace watchpost::message
