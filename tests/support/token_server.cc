#include "support/token_server.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace watchpost::test {

namespace {

constexpr const char* python = "/usr/bin/python3"; // Debian's: it has python3-oauthlib
constexpr std::chrono::seconds start_time_max{30};

} // namespace

bool TokenServer::is_installed()
{
    return run_program({python, "-c", "import oauthlib"}).exit_code == 0;
}

TokenServer::TokenServer(const CertificateFiles& certificate)
    : certificate_{certificate.certificate.empty()
                       ? make_self_signed(folder_.path(), {.name = "token-server"})
                       : certificate}
    , port_{free_port()}
    , introspection_port_{free_port()}
{
    std::filesystem::permissions(
        folder_.path(), std::filesystem::perms::group_exec | std::filesystem::perms::others_exec,
        std::filesystem::perm_options::add);
    dovecot_file_ =
        folder_.write("dovecot-oauth2.conf.ext",
                      "introspection_mode = post\nintrospection_url = http://127.0.0.1:" +
                          std::to_string(introspection_port_) +
                          "/introspect\nusername_attribute = username\nactive_attribute = active\n"
                          "active_value = true\n");
    ProgramOptions options;
    options.environment = {{"PYTHONDONTWRITEBYTECODE", "1"}};
    program_ = std::make_unique<BackgroundProgram>(
        std::vector<std::string>{python, WATCHPOST_SOURCE_DIR "/tests/token_server/token_server.py",
                                 "--certificate", certificate_.certificate, "--key",
                                 certificate_.key, "--orders", folder_ / "orders", "--log",
                                 folder_ / "requests", "--port", std::to_string(port_),
                                 "--introspection-port", std::to_string(introspection_port_)},
        folder_ / "log", options);
    if (!wait_for_port(port_, start_time_max)) {
        std::fprintf(stderr, "the token server does not start:\n%s",
                     read_file(folder_ / "log").c_str());
        std::abort();
    }
}

std::string TokenServer::address(const std::string& path) const
{
    return "https://localhost:" + std::to_string(port_) + path;
}

std::string TokenServer::dovecot_configuration() const
{
    return "auth_mechanisms = plain login xoauth2 oauthbearer\n"
           "passdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = " +
           dovecot_file_ +
           "\n}\n"
           // Else it keeps whoever was refused waiting, by address.
           "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}\n";
}

std::size_t TokenServer::count(const std::string& text) const
{
    std::istringstream lines{
        std::filesystem::exists(folder_ / "requests") ? read_file(folder_ / "requests") : ""};
    std::size_t found = 0;
    for (std::string line; std::getline(lines, line);) {
        found += line.find(text) != std::string::npos ? 1 : 0;
    }
    return found;
}

} // namespace watchpost::test
