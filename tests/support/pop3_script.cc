#include "support/pop3_script.h"

#include <algorithm>
#include <ranges>

namespace watchpost::test {

namespace {

constexpr std::string_view alice_plain = "AGFsaWNlAHNlY3JldA=="; // "\0alice\0secret"

std::string verb_of(const std::string& line)
{
    return line.substr(0, line.find(' '));
}

std::string argument_of(const std::string& line)
{
    const auto space = line.find(' ');
    return space == std::string::npos ? "" : line.substr(space + 1);
}

} // namespace

bool Pop3Script::has_seen(std::string_view command) const
{
    return std::any_of(commands.begin(), commands.end(),
                       [&](const auto& seen) { return seen.starts_with(command); });
}

std::string stuffed(std::string_view content, bool stuffs_first_dot)
{
    std::string text;
    bool at_line_start = stuffs_first_dot;
    for (const char c : content) {
        text += at_line_start && c == '.' ? ".." : std::string(1, c);
        at_line_start = c == '\n' && text.ends_with("\r\n");
    }
    return text + (text.empty() || text.ends_with("\r\n") ? "" : "\r\n") + ".\r\n";
}

Pop3Dialogue::Pop3Dialogue(Pop3Script& script) : script_{script}
{
    ++script_.connections;
}

std::string Pop3Dialogue::limited(std::string octets)
{
    if (script_.octets_max && octets_said_ + octets.size() > *script_.octets_max) {
        octets.resize(*script_.octets_max - octets_said_);
        has_ended_ = true;
    }
    octets_said_ += octets.size();
    return octets;
}

std::string Pop3Dialogue::greet()
{
    return limited(script_.greeting);
}

std::string Pop3Dialogue::feed(std::string_view octets)
{
    pending_ += octets;
    std::string said;
    for (auto end = pending_.find("\r\n"); end != std::string::npos && !has_ended_;
         end = pending_.find("\r\n")) {
        const std::string line = pending_.substr(0, end);
        pending_.erase(0, end + 2);
        script_.commands.push_back(line);
        said += limited(answer(line));
    }
    return said;
}

std::string Pop3Dialogue::answer(const std::string& line)
{
    const std::string verb = verb_of(line);
    if (script_.hangs_up_at.contains(line) || script_.hangs_up_at.contains(verb)) {
        has_ended_ = true;
    }
    for (const auto& key : {line, verb}) {
        if (const auto reply = script_.replies.find(key); reply != script_.replies.end()) {
            return reply->second;
        }
    }
    return has_ended_ ? "" : answer_in_order(verb, argument_of(line));
}

std::string Pop3Dialogue::answer_in_order(const std::string& verb, const std::string& argument)
{
    if (verb == "CAPA") {
        const auto& after = script_.capabilities_after_login;
        std::string text = "+OK\r\n";
        for (const auto& line : is_logged_in_ && !after.empty() ? after : script_.capabilities) {
            text += line + "\r\n";
        }
        return text + ".\r\n";
    }
    if (verb == "QUIT") {
        return quit();
    }
    if (!is_logged_in_) {
        return log_in(verb, argument);
    }
    if (verb == "STAT") {
        return status();
    }
    if (verb == "LIST" || verb == "UIDL") {
        return list(verb == "UIDL");
    }
    if (verb == "RETR") {
        return retrieve(argument);
    }
    if (verb == "DELE") {
        return mark_deleted(argument);
    }
    return verb == "NOOP" || verb == "RSET" ? "+OK\r\n" : "-ERR unknown command\r\n";
}

std::string Pop3Dialogue::log_in(const std::string& verb, const std::string& argument)
{
    const bool is_right =
        (verb == "PASS" && user_ == script_.user && argument == script_.password) ||
        (verb == "AUTH" && argument == "PLAIN " + std::string{alice_plain}) ||
        (awaits_response_ && verb == alice_plain);
    if (is_right) {
        is_logged_in_ = true;
        return "+OK logged in\r\n";
    }
    if (verb == "USER") {
        user_ = argument;
        return "+OK\r\n";
    }
    if (verb == "AUTH" && argument == "PLAIN") {
        awaits_response_ = true;
        return "+ \r\n";
    }
    return verb == "PASS" || verb == "AUTH" || awaits_response_
               ? "-ERR [AUTH] wrong name or password\r\n"
               : "-ERR unknown command\r\n";
}

std::string Pop3Dialogue::status() const
{
    std::size_t octets = 0;
    for (const auto& message : script_.messages) {
        octets += message.content.size();
    }
    return "+OK " + std::to_string(script_.messages.size()) + " " + std::to_string(octets) + "\r\n";
}

std::string Pop3Dialogue::list(bool with_uids) const
{
    std::string text = "+OK\r\n";
    for (std::size_t i = 0; i < script_.messages.size(); ++i) {
        const auto& message = script_.messages[i];
        const auto size = message.announced.value_or(std::to_string(message.content.size()));
        text += std::to_string(i + 1) + " " + (with_uids ? message.uid : size) + "\r\n";
    }
    return text + ".\r\n";
}

std::string Pop3Dialogue::retrieve(const std::string& argument) const
{
    const std::size_t number = std::stoul("0" + argument);
    if (number < 1 || number > script_.messages.size()) {
        return "-ERR no such message\r\n";
    }
    const auto& message = script_.messages[number - 1];
    return message.reply.value_or("+OK " + std::to_string(message.content.size()) + " octets\r\n" +
                                  stuffed(message.content, script_.stuffs_first_dot));
}

std::string Pop3Dialogue::mark_deleted(const std::string& argument)
{
    deleted_.insert(std::stoul("0" + argument));
    return "+OK\r\n";
}

std::string Pop3Dialogue::quit()
{
    has_ended_ = true;
    for (const std::size_t number : deleted_ | std::views::reverse) {
        script_.messages.erase(script_.messages.begin() + static_cast<std::ptrdiff_t>(number - 1));
    }
    return "+OK bye\r\n";
}

} // namespace watchpost::test
