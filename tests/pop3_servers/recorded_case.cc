#include "recorded_case.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "support/temp_dir.h"

namespace watchpost::test {

namespace {

[[noreturn]] void fail(const std::string& what)
{
    std::fprintf(stderr, "recorded case: %s\n", what.c_str());
    std::abort();
}

/// Reads what RON needs here: (name: value, …) with texts, lists, maps and words.
class RonReader {
public:
    explicit RonReader(std::string text) : text_{std::move(text)} {}

    bool take(char c)
    {
        skip_blanks();
        const bool is_there = at_ < text_.size() && text_[at_] == c;
        at_ += is_there ? 1 : 0;
        return is_there;
    }

    std::string word()
    {
        skip_blanks();
        const auto begin = at_;
        while (at_ < text_.size() &&
               (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
            ++at_;
        }
        return text_.substr(begin, at_ - begin);
    }

    std::string text()
    {
        if (!take('"')) {
            fail("a text is expected at " + text_.substr(at_, 30));
        }
        std::string octets;
        for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            octets += text_[at_] == '\\' ? escaped() : text_[at_];
        }
        ++at_;
        return octets;
    }

    std::vector<std::string> list()
    {
        std::vector<std::string> texts;
        take('[');
        while (!take(']')) {
            texts.push_back(text());
            take(',');
        }
        return texts;
    }

    std::map<std::string, std::string> map()
    {
        std::map<std::string, std::string> entries;
        take('{');
        while (!take('}')) {
            const auto key = text();
            take(':');
            entries[key] = text();
            take(',');
        }
        return entries;
    }

    void skip_certificate() // Cert(…): ours is served
    {
        at_ = text_.find(')', at_) + 1;
    }

private:
    void skip_blanks()
    {
        while (at_ < text_.size()) {
            if (text_.compare(at_, 2, "//") == 0) {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
                ++at_;
            } else {
                return;
            }
        }
    }

    char escaped()
    {
        const char c = text_[++at_];
        if (c == 'x') {
            at_ += 2;
            return static_cast<char>(std::stoi(text_.substr(at_ - 1, 2), nullptr, 16));
        }
        return c == 'r' ? '\r' : c == 'n' ? '\n' : c;
    }

    std::string text_;
    std::size_t at_ = 0;
};

void override_reply(Pop3Script& script, const std::string& command, const std::string& octets)
{
    std::string verb = command;
    std::ranges::transform(verb, verb.begin(), [](unsigned char c) { return std::toupper(c); });
    if (verb != "AUTHLIST") { // AUTH without a mechanism is never sent
        script.replies[verb] = octets;
    }
    if (verb == "QUIT") {
        script.replies[verb].steps.push_back({Step::Kind::close});
    }
}

/// One field of the case; false for one that is not known.
bool take_field(RonReader& ron, const std::string& name, Pop3Script& script,
                std::string& stls_response, bool& makes_transition)
{
    if (name == "greeting") {
        script.greeting = ron.text();
    } else if (name == "capa") {
        script.capabilities = ron.list();
    } else if (name == "capa_tls") {
        script.capabilities_tls = ron.list();
    } else if (name == "capa_tls_auth") {
        script.capabilities_after_login = ron.list();
    } else if (name == "capa_auth") {
        static_cast<void>(ron.list()); // in clear nobody logs in
    } else if (name == "override_response") {
        for (const auto& [command, octets] : ron.map()) {
            override_reply(script, command, octets);
        }
    } else if (name == "hide_commands") {
        for (const auto& command : ron.list()) {
            override_reply(script, command, "-ERR unknown command\r\n");
        }
    } else if (name == "stls_response") {
        stls_response = ron.text();
    } else if (name == "stls_make_transition") {
        makes_transition = ron.word() == "true";
    } else if (name == "implicit_tls") {
        static_cast<void>(ron.word()); // false in all of them
    } else if (name == "cert") {
        ron.skip_certificate();
    } else {
        return false;
    }
    return true;
}

} // namespace

Pop3Script read_recorded_case(const std::filesystem::path& file)
{
    RonReader ron{read_file(file)};
    Pop3Script script;
    script.tls = ServerTls::stls;
    script.messages = {{"u1", "Subject: x\r\n\r\nbody\r\n", {}, {}}};
    std::string stls_response;
    bool makes_transition = true;
    ron.take('(');
    while (!ron.take(')')) {
        const auto name = ron.word();
        ron.take(':');
        if (!take_field(ron, name, script, stls_response, makes_transition)) {
            fail(file.string() + ": the field " + name + " is not known");
        }
        ron.take(',');
    }
    if (!stls_response.empty()) {
        script.replies["STLS"].steps = {{Step::Kind::say, stls_response}};
        if (makes_transition) {
            script.replies["STLS"].steps.push_back({Step::Kind::start_tls});
        }
    }
    return script;
}

std::vector<std::string> recorded_cases(const std::filesystem::path& folder)
{
    std::vector<std::string> names;
    if (std::filesystem::exists(folder)) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
            if (entry.path().extension() == ".ron") {
                auto name = std::filesystem::relative(entry.path(), folder);
                names.push_back(name.replace_extension().string());
            }
        }
    }
    std::ranges::sort(names);
    return names;
}

} // namespace watchpost::test
