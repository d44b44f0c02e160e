// Where the service keeps what: the layout of the state folder, and who owns which part of it.
//
//   store/watchpost.sqlite  tls/  run/control.sock  rules/   control's
//   spool/                                                   the collector's; the pipeline reads
//   content/                                                 the pipeline's
//   keys/collector.key, keys/collector.pub                   the supervisor's, as is the root:
//                                                            nobody else may rename what is in it
//
// Where the processes have users of their own, these share one group, by which they enter the
// folder. Thread-safe.
#pragma once

#include <filesystem>

#include "base/error.h"
#include "os/user.h"

namespace watchpost::node {

class StateFolder {
public:
    explicit StateFolder(std::filesystem::path root) : root_{std::move(root)} {}

    [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }
    [[nodiscard]] std::filesystem::path stores() const { return root_ / "store"; }
    [[nodiscard]] std::filesystem::path store() const { return stores() / "watchpost.sqlite"; }
    [[nodiscard]] std::filesystem::path tls() const { return root_ / "tls"; }
    [[nodiscard]] std::filesystem::path keys() const { return root_ / "keys"; }
    [[nodiscard]] std::filesystem::path collector_key() const { return keys() / "collector.key"; }
    [[nodiscard]] std::filesystem::path collector_public_key() const
    {
        return keys() / "collector.pub";
    }
    [[nodiscard]] std::filesystem::path run() const { return root_ / "run"; }
    [[nodiscard]] std::filesystem::path socket() const { return run() / "control.sock"; }
    [[nodiscard]] std::filesystem::path rules() const { return root_ / "rules"; }
    [[nodiscard]] std::filesystem::path spool() const { return root_ / "spool"; }
    [[nodiscard]] std::filesystem::path content() const { return root_ / "content"; }

private:
    std::filesystem::path root_;
};

/// As whom the children of the supervisor run.
struct ServiceUsers {
    os::User control;
    os::User collector;
    os::User pipeline;

    [[nodiscard]] bool are_one() const noexcept
    {
        return control.uid == collector.uid && control.uid == pipeline.uid;
    }
};

/// Makes what is missing, with its owners and modes. The error names the folder and the remedy.
[[nodiscard]] base::Result<void> prepare(const StateFolder& folder, const ServiceUsers& users);

} // namespace watchpost::node
