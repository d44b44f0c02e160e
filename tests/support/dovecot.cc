#include "support/dovecot.h"

#include <arpa/inet.h>
#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace watchpost::test {

namespace fs = std::filesystem;

namespace {

constexpr const char* program = "/usr/sbin/dovecot";
constexpr const char* pop3_program = "/usr/lib/dovecot/pop3";
constexpr std::chrono::seconds start_time_max{30};

bool is_root()
{
    return ::geteuid() == 0;
}

/// Dovecot reads no mail as root.
const passwd& mail_user()
{
    static const passwd user = is_root() ? *::getpwnam("nobody") : *::getpwuid(::geteuid());
    return user;
}

std::string internal_user()
{
    return is_root() ? "dovecot" : ::getpwuid(::geteuid())->pw_name;
}

std::string internal_group()
{
    return is_root() ? "dovecot" : ::getgrgid(::getegid())->gr_name;
}

void hand_over(const fs::path& path)
{
    if (is_root() && ::chown(path.c_str(), mail_user().pw_uid, mail_user().pw_gid) != 0) {
        std::perror("chown");
        std::abort();
    }
}

/// True where "+OK" comes within two seconds.
bool is_greeted(const std::string& address, int port)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
        return false;
    }
    const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::array<char, 3> greeting{};
    pollfd wait{fd, POLLIN, 0};
    const bool greeted = fd >= 0 && ::connect(fd, found->ai_addr, found->ai_addrlen) == 0 &&
                         ::poll(&wait, 1, 2'000) == 1 &&
                         ::read(fd, greeting.data(), greeting.size()) == 3 &&
                         greeting == std::array{'+', 'O', 'K'};
    ::close(fd);
    ::freeaddrinfo(found);
    return greeted;
}

/// Dovecot has its ports before its processes answer, and it stops badly in between.
bool wait_for_greeting(const std::string& address, int port)
{
    const auto deadline = std::chrono::steady_clock::now() + start_time_max;
    while (!is_greeted(address, port)) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        ::poll(nullptr, 0, 20);
    }
    return true;
}

} // namespace

bool Dovecot::is_installed()
{
    return ::access(program, X_OK) == 0 && ::access(pop3_program, X_OK) == 0;
}

Dovecot::Dovecot(const DovecotOptions& options)
    : mail_{options.mail.empty() ? folder_.path() / "mail" : options.mail}
    , port_{free_port()}
    , tls_port_{free_port()}
    , certificate_{options.certificate}
{
    fs::permissions(folder_.path(), fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add); // the mail user passes through
    if (certificate_.certificate.empty()) {
        certificate_ = make_self_signed(folder_.path());
    }
    std::string passwords;
    for (const auto& user : options.users) {
        make_maildir(user);
        passwords += user.name + ":{" + user.scheme + "}" + user.password + "::::::\n";
    }
    folder_.write("passwd", passwords);
    const auto file = folder_.write("dovecot.conf", configuration(options));
    program_ = std::make_unique<BackgroundProgram>(
        std::vector<std::string>{program, "-F", "-c", file}, folder_ / "dovecot.log");
    if (!wait_for_greeting(options.addresses.front(), port_)) {
        std::fprintf(stderr, "Dovecot does not start:\n%s", log().c_str());
        std::abort();
    }
}

std::string Dovecot::configuration(const DovecotOptions& options) const
{
    const std::string folder = folder_.path();
    const std::string uid = std::to_string(mail_user().pw_uid);
    const std::string gid = std::to_string(mail_user().pw_gid);
    std::string addresses;
    for (const auto& address : options.addresses) {
        addresses += (addresses.empty() ? "" : ", ") + address;
    }
    return "base_dir = " + folder + "/run\nstate_dir = " + folder + "/state\nlog_path = " + folder +
           "/dovecot.log\nprotocols = pop3\nlisten = " + addresses +
           "\ndefault_internal_user = " + internal_user() +
           "\ndefault_internal_group = " + internal_group() +
           "\ndefault_login_user = " + internal_user() + "\nssl = yes\nssl_cert = <" +
           certificate_.certificate.string() + "\nssl_key = <" + certificate_.key.string() +
           "\ndisable_plaintext_auth = no\nauth_mechanisms = plain login\nmail_location = "
           "maildir:" +
           mail_.string() + "/%u\nfirst_valid_uid = 1\nauth_failure_delay = 0\n" +
           "passdb {\n  driver = passwd-file\n  args = " + folder + "/passwd\n}\n" +
           "userdb {\n  driver = static\n  args = uid=" + uid + " gid=" + gid + " home=" + folder +
           "\n}\nservice anvil {\n  chroot =\n}\nservice stats {\n  chroot =\n}\n" +
           "service pop3-login {\n  chroot =\n  inet_listener pop3 {\n    port = " +
           std::to_string(port_) +
           "\n  }\n  inet_listener pop3s {\n    port = " + std::to_string(tls_port_) +
           "\n  }\n}\n" + options.configuration + "\n";
}

fs::path Dovecot::maildir(std::string_view user) const
{
    return mail_ / user;
}

void Dovecot::make_maildir(const DovecotOptions::User& user) const
{
    for (const char* part : {"cur", "new", "tmp"}) {
        fs::create_directories(maildir(user.name) / part);
        hand_over(maildir(user.name) / part);
    }
    hand_over(maildir(user.name));
}

fs::path Dovecot::deliver(std::string_view user, std::string_view name,
                          std::string_view content) const
{
    const auto file = maildir(user) / "new" / name;
    std::ofstream out{file, std::ios::binary};
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    hand_over(file);
    return file;
}

std::vector<fs::path> Dovecot::messages(std::string_view user) const
{
    std::vector<fs::path> files;
    for (const char* part : {"cur", "new"}) {
        for (const auto& entry : fs::directory_iterator{maildir(user) / part}) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end(),
              [](const fs::path& a, const fs::path& b) { return a.filename() < b.filename(); });
    return files;
}

/// Its children outlive their parent; one that is stopped starts no further ones.
void Dovecot::kill() const
{
    program_->send_signal(SIGSTOP);
    for (const auto& entry : fs::directory_iterator{"/proc"}) {
        std::ifstream in{entry.path() / "status"}; // it may be gone by now
        const std::string status{std::istreambuf_iterator<char>{in}, {}};
        if (status.find("\nPPid:\t" + std::to_string(program_->pid()) + "\n") !=
            std::string::npos) {
            ::kill(static_cast<pid_t>(std::stol(entry.path().filename())), SIGKILL);
        }
    }
    program_->send_signal(SIGKILL);
}

std::string Dovecot::log() const
{
    return read_file(folder_ / "dovecot.log");
}

} // namespace watchpost::test
