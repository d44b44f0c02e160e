#include "control/control.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "api/api.h"
#include "console_assets/assets.h"
#include "control/console_certificate.h"
#include "control/live_backend.h"
#include "control/reception.h"
#include "control/rule_files.h"
#include "control/service_board.h"
#include "http/server.h"
#include "net/server_name.h"
#include "node/state_folder.h"
#include "os/replace_file.h"
#include "os/wait.h"
#include "store/sqlite/sqlite_store.h"
#include "store/writer.h"

namespace watchpost::control {
namespace {

using base::Result;

constexpr mode_t mask_of_the_store = 077; // it holds hashes of passwords and what mail was about
constexpr mode_t mask_of_the_rest = 027;

Result<std::unique_ptr<store::Store>> open_store(const node::StateFolder& folder)
{
    ::umask(mask_of_the_store);
    auto store = store::open_sqlite_store(folder.store().string());
    ::umask(mask_of_the_rest);
    if (!store) {
        return base::fail(std::move(store.error()).during("open " + folder.store().string()));
    }
    return store;
}

Result<secrets::PublicKey> read_public_key(const node::StateFolder& folder)
{
    constexpr std::size_t bytes_max = 4096;
    const std::string name = folder.collector_public_key().filename();
    return os::open_folder(folder.keys())
        .and_then([&](const auto& keys) { return os::read_whole_file(*keys, name, bytes_max); })
        .and_then([](std::string text) {
            while (!text.empty() && text.back() == '\n') {
                text.pop_back();
            }
            return secrets::parse_public_key(text);
        })
        .map_error([&](base::Error error) {
            return std::move(error).during("read " + folder.collector_public_key().string());
        });
}

/// How browsers may call this machine.
std::vector<std::string> own_names(const std::string& address)
{
    std::set<std::string> names{"localhost", "127.0.0.1", "::1"};
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0 && host.front() != '\0') {
        names.insert(host.data());
    }
    if (address != "0.0.0.0" && address != "::") {
        names.insert(address);
    }
    return {names.begin(), names.end()};
}

std::string url_of(const std::string& address, std::uint16_t port)
{
    return "https://" + net::to_host_and_port(address, port);
}

/// Everything that control consists of, in the order in which it is made; ~Control says how it
/// ends.
class Control {
public:
    Control(const ControlSettings& settings, const diag::Log& log)
        : settings_{settings}
        , folder_{settings.state}
        , log_{log}
    {
    }
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    Result<void> open();
    Result<void> listen();
    void serve(int stop_fd);

private:
    [[nodiscard]] http::ServerSettings server_settings() const;
    Result<void> greet();

    const ControlSettings& settings_;
    const node::StateFolder folder_;
    const diag::Log& log_;
    const console_assets::ConsoleAssets assets_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<ConsoleCertificates> certificates_;
    std::unique_ptr<RuleFiles> rules_;
    std::optional<store::Writer> writer_;
    std::optional<ServiceBoard> board_;
    std::optional<LiveBackend> backend_;
    std::optional<api::Api> api_;
    std::optional<Reception> reception_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<hub::Listener> listener_;
};

/// When the loop has ended, so that no request comes any more. Threads end before what they use:
/// first those of the links, which fails what the API waits for, then those of the API, whose
/// answers go to the loop.
Control::~Control()
{
    if (listener_) {
        listener_->stop();
    }
    reception_.reset();
    api_.reset();
    server_.reset();
    listener_.reset();
}

Result<void> Control::open()
{
    auto store = open_store(folder_);
    if (!store) {
        return base::fail(std::move(store.error()));
    }
    store_ = *std::move(store);
    auto certificates = ConsoleCertificates::open(folder_.tls(), own_names(settings_.address));
    if (!certificates) {
        return base::fail(std::move(certificates.error()));
    }
    certificates_ = *std::move(certificates);
    auto rules = RuleFiles::open(folder_.rules());
    if (!rules) {
        return base::fail(std::move(rules.error()));
    }
    rules_ = *std::move(rules);
    const auto key = read_public_key(folder_);
    if (!key) {
        return base::fail(key.error());
    }
    writer_.emplace(*store_);
    board_.emplace(settings_.product_version, settings_.state, settings_.warnings);
    backend_.emplace(*store_, *board_, *rules_, *key, log_);
    api::ApiSettings api;
    api.product_version = settings_.product_version;
    api.is_demo = settings_.is_demo;
    api_.emplace(api, *writer_, *backend_, *certificates_, &assets_, &log_);
    reception_.emplace(settings_.users, *writer_, *api_, *backend_, *board_, log_);
    return {};
}

http::ServerSettings Control::server_settings() const
{
    http::ServerSettings server;
    server.address = settings_.address;
    server.port = settings_.port;
    server.certificate_pem = certificates_->pem();
    server.key_pem = certificates_->pem();
    return server;
}

Result<void> Control::listen()
{
    auto server = http::Server::make(server_settings(),
                                     [this](http::Request request, http::Responder responder) {
                                         api_->handle(std::move(request), std::move(responder));
                                     });
    if (!server) {
        return base::fail(
            std::move(server.error())
                .during("serve the console (--listen chooses another address or port)"));
    }
    server_ = *std::move(server);
    certificates_->on_replaced([this](const std::string& certificate, const std::string& key) {
        return server_->use_certificate(certificate, key);
    });
    auto listener = hub::Listener::make(folder_.socket(), reception_->service());
    if (!listener) {
        return base::fail(std::move(listener.error()));
    }
    listener_ = *std::move(listener);
    backend_->attach(*listener_);
    reception_->attach(*listener_);
    listener_->start();
    return greet();
}

/// The account is made when everything else stands, so that its password is not lost in a start
/// that failed.
Result<void> Control::greet()
{
    const auto password = api::make_first_account(*writer_);
    if (!password) {
        return base::fail(base::Error{password.error()}.during("make the first account"));
    }
    const std::string url = url_of(settings_.address, server_->port());
    std::printf("Watchpost is ready: %s\n", url.c_str());
    if (*password) {
        std::printf("First sign-in: user admin, password %s (shown once)\n", (*password)->c_str());
    }
    std::fflush(stdout);
    log_.write("control.listening", {{"address", url}});
    return {};
}

void Control::serve(int stop_fd)
{
    std::jthread stopper{[&] {
        static_cast<void>(os::wait_until_readable(stop_fd, base::Deadline::max()));
        server_->stop();
    }};
    server_->run();
}

} // namespace

Result<void> run_control(const ControlSettings& settings, const diag::Log& log, int stop_fd)
{
    Control control{settings, log};
    return control.open().and_then([&] { return control.listen(); }).map([&] {
        control.serve(stop_fd);
    });
}

} // namespace watchpost::control
