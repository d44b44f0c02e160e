#include "pop3_server/dialogue.h"

#include <algorithm>
#include <cstdint>
#include <ranges>
#include <utility>

namespace watchpost::test {

namespace {

using Kind = Step::Kind;

std::string verb_of(const std::string& line)
{
    return line.substr(0, line.find(' '));
}

std::string argument_of(const std::string& line)
{
    const auto space = line.find(' ');
    return space == std::string::npos ? "" : line.substr(space + 1);
}

/// In one line, as SASL has it.
std::string base64(std::string_view octets)
{
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto octet =
                at + i < octets.size() ? static_cast<unsigned char>(octets[at + i]) : 0U;
            group = (group << 8U) | octet;
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text += at + i > octets.size() ? '=' : digits[(group >> (18U - 6U * i)) & 63U];
        }
    }
    return text;
}

bool ends_connection(const Step& step)
{
    return step.kind == Kind::close || step.kind == Kind::cut || step.kind == Kind::reset;
}

} // namespace

Pop3Dialogue::Pop3Dialogue(Pop3Script& script) : script_{script}, connection_{++script.connections}
{
}

std::size_t Pop3Dialogue::octets_left() const
{
    const auto own = script_.octets_max_in.find(connection_);
    const auto most = own != script_.octets_max_in.end()
                          ? own->second
                          : script_.octets_max.value_or(std::string::npos);
    return most - std::min(most, octets_said_);
}

/// Cuts what is said after so many octets: there the connection breaks.
std::vector<Step> Pop3Dialogue::limited(std::vector<Step> steps, std::size_t octets_max)
{
    std::vector<Step> result;
    for (auto& step : steps) {
        if (step.octets.size() > octets_max) {
            step.octets.resize(octets_max);
            result.push_back(std::move(step));
            result.push_back({Kind::cut});
            return result;
        }
        octets_max -= step.octets.size();
        result.push_back(std::move(step));
    }
    return result;
}

const ScriptedReply* Pop3Dialogue::scripted(const std::string& line, const std::string& verb)
{
    const auto nth_line = line + "#" + std::to_string(++times_[line]);
    const auto nth_verb = verb + "#" + std::to_string(line == verb ? times_[verb] : ++times_[verb]);
    const auto own = script_.replies_in.find(connection_);
    for (const auto* replies :
         {own == script_.replies_in.end() ? nullptr : &own->second, &script_.replies}) {
        for (const auto& key : {nth_line, line, nth_verb, verb}) {
            if (replies != nullptr && replies->contains(key)) {
                return &replies->at(key);
            }
        }
    }
    return nullptr;
}

std::vector<Step> Pop3Dialogue::greet()
{
    const auto* reply = scripted("(connect)", "(connect)");
    auto steps = limited((reply != nullptr ? *reply : script_.greeting).steps, octets_left());
    for (const auto& step : steps) {
        octets_said_ += step.octets.size();
        has_ended_ = has_ended_ || ends_connection(step);
    }
    return steps;
}

void Pop3Dialogue::note(const std::string& line)
{
    script_.commands.push_back(line);
    if (!is_encrypted_) {
        script_.clear_commands.push_back(line);
    }
}

std::vector<Step> Pop3Dialogue::feed(std::string_view octets)
{
    pending_ += octets;
    std::vector<Step> said;
    bool starts_tls = false;
    for (auto end = pending_.find("\r\n"); end != std::string::npos && !has_ended_;
         end = pending_.find("\r\n")) {
        const std::string line = pending_.substr(0, end);
        pending_.erase(0, end + 2);
        note(line);
        if (starts_tls) { // it came in clear behind STLS: heard, not obeyed
            continue;
        }
        for (auto& step : answer(line)) {
            octets_said_ += step.octets.size();
            starts_tls = starts_tls || step.kind == Kind::start_tls;
            has_ended_ = has_ended_ || ends_connection(step);
            said.push_back(std::move(step));
        }
    }
    return said;
}

std::vector<Step> Pop3Dialogue::answer(const std::string& line)
{
    const std::string verb = awaits_response_ ? "(response)" : verb_of(line);
    const bool hangs_up = script_.hangs_up_at.contains(line) || script_.hangs_up_at.contains(verb);
    const auto* reply = scripted(line, verb);
    std::vector<Step> steps;
    if (reply == nullptr) {
        steps = hangs_up ? std::vector<Step>{} : usual(line);
    } else {
        for (const auto& step : reply->steps) {
            const auto more = step.kind == Kind::usual ? usual(line) : std::vector<Step>{step};
            steps.insert(steps.end(), more.begin(), more.end());
        }
    }
    const bool goes_on =
        script_.sasl && !is_logged_in_ && !steps.empty() && steps.front().octets.starts_with("+ ");
    awaits_response_ = goes_on || (!script_.sasl && verb == "AUTH" &&
                                   argument_of(line).find(' ') == std::string::npos &&
                                   !steps.empty() && steps.front().octets.starts_with('+'));
    for (const auto& key : {line, verb}) {
        if (const auto cut = script_.cuts.find(key); cut != script_.cuts.end()) {
            steps = limited(std::move(steps), cut->second);
        }
    }
    steps = limited(std::move(steps), octets_left());
    const auto given_out = std::exchange(asked_for_, {});
    if (!given_out.empty() && std::ranges::none_of(steps, ends_connection)) {
        retrieved_.insert(given_out);
    }
    if (hangs_up) {
        steps.push_back({Kind::close});
    }
    return steps;
}

std::vector<Step> Pop3Dialogue::usual(const std::string& line)
{
    const std::string verb = verb_of(line);
    if (verb == "STLS" && script_.tls == ServerTls::stls && !is_encrypted_) {
        return {{Kind::say, "+OK begin TLS\r\n"}, {Kind::start_tls}};
    }
    std::vector<Step> steps{{Kind::say, reply_to(verb, argument_of(line))}};
    if (verb == "QUIT") {
        steps.push_back({Kind::close});
    }
    return steps;
}

std::string Pop3Dialogue::reply_to(const std::string& verb, const std::string& argument)
{
    if (verb == "CAPA") {
        return capabilities();
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
    if (verb == "RSET") {
        deleted_.clear();
    }
    return verb == "NOOP" || verb == "RSET" ? "+OK\r\n" : "-ERR unknown command\r\n";
}

std::string Pop3Dialogue::capabilities() const
{
    const auto* lines = &script_.capabilities;
    if (is_encrypted_ && !script_.capabilities_tls.empty()) {
        lines = &script_.capabilities_tls;
    }
    if (is_logged_in_ && !script_.capabilities_after_login.empty()) {
        lines = &script_.capabilities_after_login;
    }
    std::string text = "+OK\r\n";
    for (const auto& line : *lines) {
        text += line + "\r\n";
    }
    return text + ".\r\n";
}

std::string Pop3Dialogue::log_in(const std::string& verb, const std::string& argument)
{
    using namespace std::string_literals;
    if (script_.sasl && (verb == "AUTH" || awaits_response_)) {
        const auto said = script_.sasl(argument.empty() ? verb : verb + " " + argument, binding_);
        is_logged_in_ = said.starts_with("+OK");
        return said + "\r\n";
    }
    const auto plain = base64("\0"s + script_.user + "\0"s + script_.password);
    const bool is_right =
        (verb == "PASS" && user_ == script_.user && argument == script_.password) ||
        (verb == "AUTH" && argument == "PLAIN " + plain) || (awaits_response_ && verb == plain);
    if (is_right) {
        is_logged_in_ = true;
        return "+OK logged in\r\n";
    }
    if (verb == "USER") {
        user_ = argument;
        return "+OK\r\n";
    }
    if (verb == "AUTH" && argument == "PLAIN") {
        return "+ \r\n";
    }
    return verb == "PASS" || verb == "AUTH" || awaits_response_
               ? "-ERR [AUTH] wrong name or password\r\n"
               : "-ERR unknown command\r\n";
}

/// RFC 1939 §5: what this session has deleted is no longer there for it.
bool Pop3Dialogue::is_listed(std::size_t number) const
{
    return number >= 1 && number <= script_.messages.size() && !deleted_.contains(number);
}

std::string Pop3Dialogue::status() const
{
    std::size_t count = 0;
    std::size_t octets = 0;
    for (std::size_t i = 0; i < script_.messages.size(); ++i) {
        if (is_listed(i + 1)) {
            ++count;
            octets += script_.messages[i].content.size();
        }
    }
    return "+OK " + std::to_string(count) + " " + std::to_string(octets) + "\r\n";
}

std::string Pop3Dialogue::list(bool with_uids) const
{
    std::string text = "+OK\r\n";
    for (std::size_t i = 0; i < script_.messages.size(); ++i) {
        const auto& message = script_.messages[i];
        if (!is_listed(i + 1)) {
            continue;
        }
        const auto size = message.announced.value_or(std::to_string(message.content.size()));
        text += std::to_string(i + 1) + " " + (with_uids ? message.uid : size) + "\r\n";
    }
    return text + ".\r\n";
}

std::string Pop3Dialogue::retrieve(const std::string& argument)
{
    const std::size_t number = std::stoul("0" + argument);
    if (!is_listed(number)) {
        return "-ERR no such message\r\n";
    }
    const auto& message = script_.messages[number - 1];
    asked_for_ = message.uid;
    return message.reply.value_or("+OK " + std::to_string(message.content.size()) + " octets\r\n" +
                                  stuffed(message.content, script_.stuffs_first_dot));
}

std::string Pop3Dialogue::mark_deleted(const std::string& argument)
{
    const bool is_new = deleted_.insert(std::stoul("0" + argument)).second;
    return is_new ? "+OK\r\n" : "-ERR message already deleted\r\n";
}

std::string Pop3Dialogue::quit()
{
    has_ended_ = true;
    for (const std::size_t number : deleted_ | std::views::reverse) {
        if (!script_.keeps_deleted && number >= 1 && number <= script_.messages.size()) {
            script_.messages.erase(script_.messages.begin() +
                                   static_cast<std::ptrdiff_t>(number - 1));
        }
    }
    return "+OK bye\r\n";
}

void Pop3Dialogue::on_end()
{
    if (script_.hides_retrieved) {
        std::erase_if(script_.messages,
                      [&](const auto& message) { return retrieved_.contains(message.uid); });
    }
}

} // namespace watchpost::test
