#include "support/clamd.h"

#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace watchpost::test {

namespace {

constexpr const char* program = "/usr/sbin/clamd";

/// The other user has to reach the folder, make the socket in it and write its temporary files.
void give_to(const std::filesystem::path& folder, const std::string& user)
{
    const passwd* const entry = ::getpwnam(user.c_str());
    if (entry == nullptr || ::chown(folder.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
        std::perror("give the folder to the user of clamd");
        std::abort();
    }
}

} // namespace

bool Clamd::is_installed()
{
    return ::access(program, X_OK) == 0;
}

Clamd::Clamd(const std::filesystem::path& signatures, const ClamdOptions& options)
    : socket_{folder_ / "clamd.sock"}
{
    std::string config = "Foreground yes\n"
                         "LocalSocket " +
                         socket_.string() +
                         "\nLocalSocketMode 666\n"
                         "FixStaleSocket yes\n"
                         "MaxThreads 2\n"
                         "ConcurrentDatabaseReload no\n"
                         "DatabaseDirectory " +
                         signatures.string() + "\nTemporaryDirectory " + folder_.path().string() +
                         '\n' + options.more_lines;
    if (!options.user.empty()) {
        config += "User " + options.user + '\n';
        give_to(folder_.path(), options.user);
    }
    folder_.write("clamd.conf", config);
    std::filesystem::permissions(folder_ / "clamd.conf", std::filesystem::perms{0644});
    start();
}

void Clamd::start()
{
    process_ = std::make_unique<BackgroundProgram>(
        std::vector<std::string>{program, "--config-file=" + (folder_ / "clamd.conf").string()},
        folder_ / "clamd.log");
    is_ready_ = wait_for_unix_socket(socket_, std::chrono::seconds{60});
}

void Clamd::stop()
{
    process_->send_signal(SIGKILL);
    process_->wait();
    is_ready_ = false;
}

std::string Clamd::log() const
{
    return read_file(folder_ / "clamd.log");
}

} // namespace watchpost::test
