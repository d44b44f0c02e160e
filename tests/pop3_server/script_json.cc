#include "pop3_server/script_json.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace watchpost::test {

namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& what)
{
    throw std::invalid_argument{what};
}

/// Each character is the octet of that number, so that JSON can hold any octets.
std::string octets_of(const json& value)
{
    if (!value.is_string()) {
        fail("text is expected in place of " + value.dump());
    }
    std::string octets;
    const auto& text = value.get_ref<const std::string&>();
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto first = static_cast<unsigned char>(text[at]);
        if (first < 0x80U) {
            octets += text[at];
        } else if (first <= 0xC3U) { // U+0080 to U+00FF: two octets of UTF-8
            const auto second = static_cast<unsigned char>(text[++at]);
            octets += static_cast<char>(((first & 0x03U) << 6U) | (second & 0x3FU));
        } else {
            fail("a character beyond U+00FF is no octet: " + value.dump());
        }
    }
    return octets;
}

std::string repeated(const json& pair)
{
    const std::string text = octets_of(pair.at(0));
    std::string all;
    for (auto times = pair.at(1).get<std::size_t>(); times > 0; --times) {
        all += text;
    }
    return all;
}

Step::Kind deed_of(const std::string& word)
{
    static const std::map<std::string, Step::Kind> deeds{
        {"usual", Step::Kind::usual}, {"await_client", Step::Kind::await_client},
        {"pause", Step::Kind::pause}, {"start_tls", Step::Kind::start_tls},
        {"close", Step::Kind::close}, {"cut", Step::Kind::cut},
        {"reset", Step::Kind::reset},
    };
    const auto found = deeds.find(word);
    if (found == deeds.end()) {
        fail("there is nothing to do called \"" + word + "\"");
    }
    return found->second;
}

Step step_of(const json& value)
{
    if (value.is_string()) {
        return {Step::Kind::say, octets_of(value)};
    }
    if (value.contains("repeat")) {
        return {Step::Kind::say, repeated(value["repeat"])};
    }
    return {deed_of(value.at("do").get<std::string>())};
}

ScriptedReply reply_of(const json& value)
{
    ScriptedReply reply;
    if (!value.is_array()) {
        reply.steps.push_back(step_of(value));
        return reply;
    }
    for (const auto& each : value) {
        reply.steps.push_back(step_of(each));
    }
    return reply;
}

ScriptedReplies replies_of(const json& value)
{
    ScriptedReplies replies;
    for (const auto& [command, reply] : value.items()) {
        replies[command] = reply_of(reply);
    }
    return replies;
}

std::string content_of(const json& value)
{
    if (value.contains("file")) {
        std::ifstream file{value["file"].get<std::string>(), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    return value.contains("repeat") ? repeated(value["repeat"]) : octets_of(value.at("content"));
}

std::vector<ScriptedMessage> messages_of(const json& value)
{
    std::vector<ScriptedMessage> messages;
    if (value.is_number_unsigned()) { // so many small ones
        for (std::size_t i = 1; i <= value.get<std::size_t>(); ++i) {
            const auto name = "u" + std::to_string(i);
            messages.push_back({name, "Subject: " + name + "\r\n\r\n.body\r\n", {}, {}});
        }
        return messages;
    }
    for (const auto& each : value) {
        ScriptedMessage message{octets_of(each.at("uid")), content_of(each), {}, {}};
        if (each.contains("announced")) {
            message.announced = octets_of(each["announced"]);
        }
        if (each.contains("reply")) {
            message.reply = octets_of(each["reply"]);
        }
        messages.push_back(std::move(message));
    }
    return messages;
}

std::vector<std::string> lines_of(const json& value)
{
    std::vector<std::string> lines;
    for (const auto& each : value) {
        lines.push_back(octets_of(each));
    }
    return lines;
}

ServerTls tls_of(const json& value)
{
    static const std::map<std::string, ServerTls> modes{
        {"none", ServerTls::none}, {"stls", ServerTls::stls}, {"implicit", ServerTls::implicit}};
    const auto found = modes.find(value.get<std::string>());
    if (found == modes.end()) {
        fail("TLS is none, stls or implicit");
    }
    return found->second;
}

using Setter = std::function<void(Pop3Script&, const json&)>;

const std::map<std::string, Setter>& setters()
{
    using Script = Pop3Script;
    static const std::map<std::string, Setter> all{
        {"messages", [](Script& s, const json& v) { s.messages = messages_of(v); }},
        {"user", [](Script& s, const json& v) { s.user = octets_of(v); }},
        {"password", [](Script& s, const json& v) { s.password = octets_of(v); }},
        {"greeting", [](Script& s, const json& v) { s.greeting = reply_of(v); }},
        {"capabilities", [](Script& s, const json& v) { s.capabilities = lines_of(v); }},
        {"capabilities_tls", [](Script& s, const json& v) { s.capabilities_tls = lines_of(v); }},
        {"capabilities_after_login",
         [](Script& s, const json& v) { s.capabilities_after_login = lines_of(v); }},
        {"replies", [](Script& s, const json& v) { s.replies = replies_of(v); }},
        {"replies_in",
         [](Script& s, const json& v) {
             for (const auto& [number, replies] : v.items()) {
                 s.replies_in[static_cast<unsigned>(std::stoul(number))] = replies_of(replies);
             }
         }},
        {"hangs_up_at",
         [](Script& s, const json& v) {
             const auto lines = lines_of(v);
             s.hangs_up_at = {lines.begin(), lines.end()};
         }},
        {"cuts",
         [](Script& s, const json& v) { s.cuts = v.get<std::map<std::string, std::size_t>>(); }},
        {"octets_max", [](Script& s, const json& v) { s.octets_max = v.get<std::size_t>(); }},
        {"octets_max_in",
         [](Script& s, const json& v) {
             for (const auto& [number, octets] : v.items()) {
                 s.octets_max_in[static_cast<unsigned>(std::stoul(number))] =
                     octets.get<std::size_t>();
             }
         }},
        {"stuffs_first_dot", [](Script& s, const json& v) { v.get_to(s.stuffs_first_dot); }},
        {"keeps_deleted", [](Script& s, const json& v) { v.get_to(s.keeps_deleted); }},
        {"hides_retrieved", [](Script& s, const json& v) { v.get_to(s.hides_retrieved); }},
        {"tls", [](Script& s, const json& v) { s.tls = tls_of(v); }},
        {"certificate", [](Script& s, const json& v) { s.certificate = octets_of(v); }},
        {"key", [](Script& s, const json& v) { s.key = octets_of(v); }},
        {"about", [](Script&, const json&) {}}, // for people
    };
    return all;
}

} // namespace

std::variant<Pop3Script, std::string> parse_pop3_script(const std::string& text)
{
    std::string field = "the script";
    try {
        const auto value = json::parse(text, nullptr, true, true); // with comments
        if (!value.is_object()) {
            fail("it is no object");
        }
        Pop3Script script;
        for (const auto& [name, part] : value.items()) {
            field = name;
            const auto setter = setters().find(name);
            if (setter == setters().end()) {
                fail("there is no such field");
            }
            setter->second(script, part);
        }
        return script;
    } catch (const std::exception& fault) {
        return field + ": " + fault.what();
    }
}

Pop3Script pop3_script(const std::string& text)
{
    auto parsed = parse_pop3_script(text);
    if (const auto* const fault = std::get_if<std::string>(&parsed)) {
        std::fprintf(stderr, "POP3 script: %s\n", fault->c_str());
        std::abort();
    }
    return std::get<Pop3Script>(std::move(parsed));
}

} // namespace watchpost::test
