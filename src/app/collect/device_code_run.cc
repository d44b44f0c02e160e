#include "app/collect/device_code_run.h"

#include <cstdio>

#include <CLI/CLI.hpp>

#include "app/collect/interruption.h"
#include "app/collect/password_file.h"
#include "app/collect/token_file.h"
#include "app/collect/token_options.h"
#include "app/command_line.h"
#include "collector/device_code.h"
#include "diag/quote.h"
#include "os/wait.h"

namespace watchpost::app {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using collector::DeviceFlow;

constexpr int exit_failed = 2;

base::Failure invalid(std::string message)
{
    return base::fail(ErrorCode::invalid_argument, Retry::never, std::move(message));
}

void show(const collector::DeviceCode& code)
{
    std::printf("Open %s in a browser and enter the code %s\n",
                diag::quote(code.verification_uri).c_str(), diag::quote(code.user_code).c_str());
    if (!code.verification_uri_complete.empty()) {
        std::printf("or open %s\n", diag::quote(code.verification_uri_complete).c_str());
    }
    std::printf("The code is good for %lld s; waiting …\n",
                static_cast<long long>(code.expires_in.count()));
    std::fflush(stdout);
}

Result<std::string> wait_for_token(DeviceFlow flow, const collector::TokenSource::Post& post,
                                   const net::Cancellation& cancellation)
{
    while (true) {
        const auto until = std::min(flow.next_at(), flow.ends_at());
        if (os::wait_until_readable(cancellation.wait_fd(), until)) {
            return base::fail(ErrorCode::cancelled, Retry::later, "interrupted");
        }
        auto answer = flow.ask(post, std::chrono::steady_clock::now());
        if (!answer) {
            return base::fail(std::move(answer).error());
        }
        if (*answer) {
            return **std::move(answer);
        }
    }
}

Result<collector::TokenRequest> to_request(TypedTokens typed)
{
    typed.from = "refresh-token";
    if (typed.device_endpoint.empty() || typed.refresh_token_file.empty()) {
        return invalid("--device-endpoint and --refresh-token-file are needed");
    }
    const auto settings = token_settings(typed);
    if (!settings) {
        return base::fail(settings.error());
    }
    collector::TokenRequest request{.settings = **settings};
    if (!typed.client_secret_file.empty()) {
        auto secret = read_password_file(typed.client_secret_file, "--client-secret-file");
        if (!secret) {
            return base::fail(std::move(secret).error());
        }
        request.client_secret = *std::move(secret);
    }
    return request;
}

Result<void> get_token(const TypedTokens& typed)
{
    const auto request = to_request(typed);
    if (!request) {
        return base::fail(request.error());
    }
    if (auto writable = check_token_file(typed.refresh_token_file); !writable) {
        return writable;
    }
    const auto interruption = Interruption::make();
    if (!interruption) {
        return base::fail(interruption.error());
    }
    const auto post = collector::https_post((*interruption)->cancellation());
    auto flow = DeviceFlow::begin(post, *request, std::chrono::steady_clock::now());
    if (!flow) {
        return base::fail(std::move(flow).error());
    }
    show(flow->code());
    const auto token = wait_for_token(*std::move(flow), post, (*interruption)->cancellation());
    if (!token) {
        return base::fail(token.error());
    }
    if (auto written = write_token_file(typed.refresh_token_file, *token); !written) {
        return written;
    }
    std::printf("The refresh token stands in %s\n", diag::quote(typed.refresh_token_file).c_str());
    return {};
}

} // namespace

int run_device_code(int argument_count, char** arguments)
{
    CLI::App cli{"Gets a refresh token: shows a code, waits until it is entered in a browser, and "
                 "writes the token to --refresh-token-file.",
                 "watchpost check device-code"};
    TypedTokens typed;
    declare_tokens(cli, typed);
    if (const auto ended = read_options(cli, argument_count, arguments)) {
        return *ended;
    }
    const auto done = get_token(typed);
    if (!done) {
        std::fprintf(stderr, "watchpost check device-code: %s\n", done.error().describe().c_str());
        return exit_failed;
    }
    return 0;
}

} // namespace watchpost::app
