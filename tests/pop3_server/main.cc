// scripted_pop3_server SCRIPT [PORT]: a Pop3Script (JSON) on 127.0.0.1, for tests that are no C++.
//
// Prints "listening PORT" and then what happens, a line each. A line on standard input is another
// script, which counts from the next command on; the end of standard input ends the server.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "pop3_server/script_json.h"
#include "pop3_server/server.h"

namespace {

using watchpost::test::parse_pop3_script;
using watchpost::test::Pop3Script;
using watchpost::test::ScriptedPop3Server;

void print(const std::string& line)
{
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

/// What happened stays; what is to come is that of `next`.
void take_over(Pop3Script& script, Pop3Script next)
{
    next.commands = std::move(script.commands);
    next.clear_commands = std::move(script.clear_commands);
    next.connections = script.connections;
    script = std::move(next);
}

int serve(const std::string& text, int port)
{
    auto script = parse_pop3_script(text);
    if (const auto* const fault = std::get_if<std::string>(&script)) {
        std::fprintf(stderr, "scripted_pop3_server: %s\n", fault->c_str());
        return 2;
    }
    ScriptedPop3Server server{std::get<Pop3Script>(script), port, print};
    print("listening " + std::to_string(server.port()));
    for (std::string line; std::getline(std::cin, line);) {
        auto next = parse_pop3_script(line);
        if (auto* const changed = std::get_if<Pop3Script>(&next)) {
            server.change([&](Pop3Script& now) { take_over(now, std::move(*changed)); });
            print("changed");
        } else {
            print("fault " + std::get<std::string>(next));
        }
    }
    return 0;
}

} // namespace

int main(int argument_count, char** arguments)
{
    if (argument_count < 2 || argument_count > 3) {
        std::fprintf(stderr, "Usage: scripted_pop3_server SCRIPT [PORT]\n");
        return 2;
    }
    std::ifstream file{arguments[1]};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    return serve(text, argument_count == 3 ? std::stoi(arguments[2]) : 0);
}
