// A real Dovecot behind real proxies: microsocks (SOCKS5) and tinyproxy (HTTP CONNECT).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include "collect_fixture.h"

namespace watchpost::test {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds start_time_max{30};

/// A proxy in the background; where it knows a name that nobody else does, by a hosts file of its
/// own.
class Proxy {
public:
    static bool are_installed()
    {
        return ::access("/usr/bin/microsocks", X_OK) == 0 &&
               ::access("/usr/bin/tinyproxy", X_OK) == 0;
    }

    static std::vector<std::string> microsocks(int port, bool wants_login)
    {
        std::vector<std::string> words{"/usr/bin/microsocks", "-i", "127.0.0.1", "-p",
                                       std::to_string(port)};
        if (wants_login) {
            words.insert(words.end(), {"-u", "ann", "-P", "proxy secret"});
        }
        return words;
    }

    static std::vector<std::string> tinyproxy(const TempDir& folder, int port, bool wants_login,
                                              int connect_port)
    {
        const auto file = folder.write(
            "tinyproxy.conf", "Port " + std::to_string(port) +
                                  "\nListen 127.0.0.1\nTimeout 60\nAllow 127.0.0.1\nMaxClients 10\n"
                                  "ConnectPort " +
                                  std::to_string(connect_port) + "\n" +
                                  (wants_login ? "BasicAuth ann secret\n" : ""));
        return {"/usr/bin/tinyproxy", "-d", "-c", file.string()};
    }

    Proxy(const TempDir& folder, const std::vector<std::string>& words, int port)
        : program_{words, folder / "proxy.log"}
    {
        if (!wait_for_port(port, start_time_max)) {
            std::fprintf(stderr, "the proxy does not start: %s\n",
                         read_file(folder / "proxy.log").c_str());
            std::abort();
        }
    }

private:
    BackgroundProgram program_;
};

struct Way {
    const char* name;
    bool is_socks;
    bool wants_login;
    const char* tls;
};

class CollectProxy : public testing::TestWithParam<Way> {
protected:
    TempDir folder;
    int port = free_port();

    std::vector<std::string> server_words(const Dovecot& dovecot) const
    {
        const bool is_implicit = std::string{GetParam().tls} == "implicit";
        return {"--server",      "127.0.0.1",
                "--tls",         GetParam().tls,
                "--certificate", "any",
                "--port",        std::to_string(is_implicit ? dovecot.tls_port() : dovecot.port()),
                "--json"};
    }
};

TEST_P(CollectProxy, MessagesComeThrough)
{
    if (!Dovecot::is_installed() || !Proxy::are_installed()) {
        GTEST_SKIP() << "needs dovecot-pop3d, microsocks and tinyproxy-bin";
    }
    const Dovecot dovecot;
    dovecot.deliver("alice", "1", mail("one"));
    dovecot.deliver("alice", "2", mail("two", 300'000));
    const Way& way = GetParam();
    auto words = server_words(dovecot);
    const Proxy proxy{folder,
                      way.is_socks
                          ? Proxy::microsocks(port, way.wants_login)
                          : Proxy::tinyproxy(folder, port, way.wants_login, std::stoi(words[7])),
                      port};
    const std::string scheme = way.is_socks ? "socks5://" : "http://";
    words.insert(words.end(), {"--proxy", scheme + (way.wants_login ? "ann@" : "") +
                                              "127.0.0.1:" + std::to_string(port)});
    if (way.wants_login) {
        const auto file =
            folder.write("proxy.password", way.is_socks ? "proxy secret\n" : "secret\n");
        words.insert(words.end(), {"--proxy-password-file", file.string()});
    }
    const Collecting collecting;
    const auto result = collecting.run(words);
    EXPECT_EQ(result.exit_code, 0) << result.err << read_file(folder / "proxy.log");
    EXPECT_EQ(collecting.stored().size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(All, CollectProxy,
                         testing::Values(Way{"socks_clear", true, false, "none"},
                                         Way{"socks_stls", true, false, "stls"},
                                         Way{"socks_login_tls", true, true, "implicit"},
                                         Way{"http_clear", false, false, "none"},
                                         Way{"http_stls", false, false, "stls"},
                                         Way{"http_login_tls", false, true, "implicit"}),
                         [](const auto& parameter) { return std::string{parameter.param.name}; });

class CollectProxyRefused : public testing::Test {
protected:
    void SetUp() override
    {
        if (!Proxy::are_installed()) {
            GTEST_SKIP() << "needs microsocks and tinyproxy-bin";
        }
    }

    TempDir folder;
    int port = free_port();
    Collecting collecting;

    ProgramResult collect(const std::string& proxy, const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> words{
            "--server", "127.0.0.1", "--port",  "1",
            "--tls",    "none",      "--proxy", proxy + std::to_string(port)};
        words.insert(words.end(), more.begin(), more.end());
        return collecting.run(words);
    }
};

TEST_F(CollectProxyRefused, PortThatTheRulesForbidIsToldInTheProxysWords)
{
    const Proxy proxy{folder, Proxy::tinyproxy(folder, port, false, 995), port};
    const auto result = collect("http://127.0.0.1:");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("proxy: "));
    EXPECT_THAT(result.err, HasSubstr(" 403 "));
    EXPECT_THAT(result.err, HasSubstr("have CONNECT to 127.0.0.1:1 allowed there"));
}

TEST_F(CollectProxyRefused, LoginThatIsMissingOrWrong)
{
    const Proxy proxy{folder, Proxy::microsocks(port, true), port};
    EXPECT_THAT(collect("socks5://127.0.0.1:").err, HasSubstr("demands a log-in, and none is set"));
    const auto file = folder.write("wrong", "wrong\n");
    EXPECT_THAT(collect("socks5://ann@127.0.0.1:", {"--proxy-password-file", file.string()}).err,
                HasSubstr("the proxy refuses the log-in"));
}

TEST_F(CollectProxyRefused, ServerThatRefusesTheProxyIsToldApartFromTheProxy)
{
    const Proxy proxy{folder, Proxy::microsocks(port, false), port};
    EXPECT_THAT(collect("socks5://127.0.0.1:").err,
                HasSubstr("the mail server refused the proxy's connection"));
}

TEST_F(CollectProxyRefused, ProxyOfTheOtherKindIsSaidSo)
{
    const Proxy proxy{folder, Proxy::microsocks(port, true), port};
    EXPECT_THAT(collect("http://127.0.0.1:").err, HasSubstr("is not HTTP"));
}

TEST_F(CollectProxyRefused, ProxyThatIsNotThereIsNamed)
{
    EXPECT_THAT(collect("socks5://127.0.0.1:").err, HasSubstr("reach the proxy"));
}

} // namespace
} // namespace watchpost::test
