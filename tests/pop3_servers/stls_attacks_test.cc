// What is known to be done to STLS on its way: the NO STARTTLS cases with their outcomes as
// docs/pop3-servers.md states them, curl's cases, and the certificates of the same suite.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "quirk_bench.h"
#include "recorded_case.h"

namespace watchpost::test {
namespace {

using base::ErrorCode;
using collector::TlsMode;

const std::filesystem::path cases_folder =
    std::filesystem::path{WATCHPOST_SHARED_DIR} / "corpus/pop3/fake-mail-server/testcases/pop3";

/// "case | outcome" rows of the page's section, by case.
std::map<std::string, std::string> stated_outcomes()
{
    std::map<std::string, std::string> outcomes;
    std::istringstream page{
        read_file(std::filesystem::path{WATCHPOST_SOURCE_DIR} / "docs/pop3-servers.md")};
    bool is_there = false;
    for (std::string line; std::getline(page, line);) {
        is_there = line.starts_with("## ") ? line == "## Attacks on STLS" : is_there;
        const auto name_end = line.find("` | ");
        if (is_there && line.starts_with("| `") && name_end != std::string::npos) {
            const auto outcome = line.substr(name_end + 4);
            outcomes[line.substr(3, name_end - 3)] = outcome.substr(0, outcome.find(" |"));
        }
    }
    return outcomes;
}

/// A CA and a certificate of its for 127.0.0.1, made once.
struct Authority {
    TempDir folder;
    CertificateFiles issuer = make_self_signed(
        folder.path(), {.name = "ca", .subject_names = "", .days = 2, .is_ca = true});
    CertificateFiles server = make_issued(folder.path(), issuer);
};

const Authority& authority()
{
    static const Authority one;
    return one;
}

/// The mailbox of a careful administrator whose CA is uploaded: STLS, only trusted.
struct Careful {
    explicit Careful(Pop3Script script) : bench{std::move(script)}
    {
        serve(authority().server);
        bench.settings.tls_mode = TlsMode::stls;
        bench.settings.tls.ca_file = authority().issuer.certificate;
        bench.limits.tls_time_max = std::chrono::milliseconds{2'000};
        bench.limits.reply_time_max = std::chrono::milliseconds{2'000};
    }

    void serve(const CertificateFiles& files)
    {
        bench.server.change([&](Pop3Script& script) {
            script.certificate = files.certificate;
            script.key = files.key;
        });
    }

    QuirkBench bench;
};

std::string_view outcome_of(const collector::PollReport& report)
{
    if (!report.error) {
        return "collected over TLS";
    }
    if (report.link.step == collector::LinkStep::tls && contains(error_of(report), "tampering")) {
        return "tampering";
    }
    switch (report.error->code()) {
    case ErrorCode::tls_failed:
        return contains(error_of(report), "refuses STLS") ? "STLS refused" : "no TLS";
    case ErrorCode::certificate_rejected:
        return "certificate refused";
    case ErrorCode::protocol_violation:
        return "protocol broken";
    case ErrorCode::refused_by_server:
    case ErrorCode::busy:
        return "refused by the server";
    case ErrorCode::timed_out:
    case ErrorCode::connection_lost:
        return "no TLS";
    default:
        return "other";
    }
}

void expect_no_secret_in_clear(const Pop3Script& script)
{
    for (const auto& command : script.clear_commands) {
        EXPECT_TRUE(command == "CAPA" || command == "STLS" || command == "QUIT") << command;
    }
}

TEST(StlsAttack, EveryNoStartTlsCaseEndsAsThePageStates)
{
    const auto cases = recorded_cases(cases_folder);
    if (cases.empty()) {
        GTEST_SKIP() << "the corpus is not here";
    }
    EXPECT_EQ(cases.size(), 43U);
    const auto stated = stated_outcomes();
    EXPECT_EQ(stated.size(), cases.size());
    for (const auto& name : cases) {
        SCOPED_TRACE(name);
        Careful careful{read_recorded_case(cases_folder / (name + ".ron"))};
        const auto report = careful.bench.poll();
        const auto outcome = outcome_of(report);
        const auto row = stated.find(name);
        EXPECT_EQ(row == stated.end() ? "(no row)" : row->second, outcome) << error_of(report);
        EXPECT_EQ(error_of(report).find('\x1b'), std::string::npos);
        const auto script = careful.bench.server.script();
        expect_no_secret_in_clear(script);
        EXPECT_TRUE(script.clear_commands.size() < script.commands.size() ||
                    outcome != "collected over TLS");
    }
}

TEST(StlsAttack, InjectedRepliesBehindTheOneToStlsEndTheLink_Curl982)
{
    Careful careful{pop3_script(R"({"messages": 1, "capabilities": ["STLS", "USER"], "replies": {
        "STLS": "-ERR currently unavailable\r\n+OK user accepted\r\n+OK authenticated\r\n",
        "PASS": "-ERR Authentication credentials invalid\r\n"}})")};
    const auto report = careful.bench.poll();
    EXPECT_TRUE(report.error);
    EXPECT_FALSE(report.has_logged_in);
    EXPECT_EQ(careful.bench.server.script().commands, (std::vector<std::string>{"CAPA", "STLS"}));
}

TEST(StlsAttack, WithoutCapaStlsIsDemandedAllTheSame_Curl985)
{
    Careful careful{pop3_script(
        R"({"messages": 1, "tls": "none", "replies": {"CAPA": "-ERR Not implemented\r\n"}})")};
    const auto report = careful.bench.poll();
    EXPECT_EQ(outcome_of(report), "STLS refused") << error_of(report);
    expect_no_secret_in_clear(careful.bench.server.script());
}

TEST(StlsAttack, BytesInjectedBehindTheOkEndTheLinkAtEverySplit)
{
    const std::string injected = "+OK\r\n+OK user accepted\r\n+OK authenticated\r\n";
    for (std::size_t octets = 1; octets <= injected.size(); octets += 4) {
        auto script = pop3_script(R"({"messages": 1, "tls": "stls"})");
        script.replies["STLS"].steps = {
            {Step::Kind::say, "+OK begin\r\n" + injected.substr(0, octets)},
            {Step::Kind::start_tls}};
        Careful careful{std::move(script)};
        const auto report = careful.bench.poll();
        EXPECT_TRUE(report.error);
        EXPECT_FALSE(report.has_logged_in) << octets;
        expect_no_secret_in_clear(careful.bench.server.script());
    }
}

TEST(StlsAttack, BytesInjectedALittleLaterBreakTheHandshake)
{
    auto script = pop3_script(R"({"messages": 1, "tls": "stls"})");
    script.replies["STLS"].steps = {{Step::Kind::say, "+OK begin\r\n"},
                                    {Step::Kind::pause},
                                    {Step::Kind::say, "+OK user accepted\r\n"},
                                    {Step::Kind::start_tls}};
    Careful careful{std::move(script)};
    const auto report = careful.bench.poll();
    EXPECT_TRUE(report.error);
    EXPECT_FALSE(report.has_logged_in);
    expect_no_secret_in_clear(careful.bench.server.script());
}

TEST(StlsAttack, WhatWasAnnouncedInClearIsForgotten)
{
    Careful careful{pop3_script(R"({"messages": 1, "tls": "stls",
        "capabilities": ["STLS", "SASL LOGIN"], "capabilities_tls": ["SASL PLAIN"]})")};
    const auto report = careful.bench.poll();
    EXPECT_EQ(report.link.mechanism, "PLAIN") << error_of(report);
}

/// T_1 to T_4 of the same suite, whose files name certificates that are not in it.
TEST(StlsAttack, CertificatesOfTheSuiteAreRefusedBeforeAnySecret)
{
    const std::vector<CertificateWish> wishes{
        {.name = "self", .subject_names = "IP:127.0.0.1", .days = 2, .is_ca = false},
        {.name = "other-host", .subject_names = "DNS:example.com", .days = 2, .is_ca = false},
        {.name = "expired", .subject_names = "IP:127.0.0.1", .days = -1, .is_ca = false}};
    for (const auto& wish : wishes) {
        Careful careful{pop3_script(R"({"messages": 1, "tls": "stls"})")};
        careful.serve(wish.name == "self"
                          ? make_self_signed(careful.bench.folder.path(), wish)
                          : make_issued(careful.bench.folder.path(), authority().issuer, wish));
        const auto report = careful.bench.poll();
        EXPECT_EQ(outcome_of(report), "certificate refused") << wish.name << error_of(report);
        EXPECT_EQ(careful.bench.server.script().commands,
                  (std::vector<std::string>{"CAPA", "STLS"}));
    }
    Careful unknown_root{pop3_script(R"({"messages": 1, "tls": "stls"})")};
    unknown_root.bench.settings.tls.ca_file.clear();
    EXPECT_EQ(outcome_of(unknown_root.bench.poll()), "certificate refused");
}

} // namespace
} // namespace watchpost::test
