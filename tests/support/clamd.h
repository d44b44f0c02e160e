// A real clamd for tests: on a unix socket in a folder of its own, with signatures of the test, no
// network. Ended by its process id.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/program.h"
#include "support/temp_dir.h"

namespace watchpost::test {

struct ClamdOptions {
    std::string user;       // to run as; only root can ask for another than its own
    std::string more_lines; // of clamd.conf
};

class Clamd {
public:
    /// False where there is no clamd; then the test calls GTEST_SKIP.
    [[nodiscard]] static bool is_installed();

    /// Starts it and waits until it answers. `signatures` is a folder of data base files (.hsb,
    /// .ndb, .ldb …); clamd does not start with an empty one.
    explicit Clamd(const std::filesystem::path& signatures, const ClamdOptions& options = {});

    [[nodiscard]] const std::filesystem::path& socket() const noexcept { return socket_; }
    [[nodiscard]] bool is_ready() const noexcept { return is_ready_; }
    [[nodiscard]] std::string log() const;

    void stop();  // the socket stays behind, as after a crash
    void start(); // again, on the same socket

private:
    TempDir folder_;
    std::filesystem::path socket_;
    std::unique_ptr<BackgroundProgram> process_;
    bool is_ready_ = false;
};

} // namespace watchpost::test
