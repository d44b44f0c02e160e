// A seccomp filter while it is being made. The only file that wraps libseccomp. Private.
#pragma once

#include <seccomp.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace watchpost::os {

/// One condition on an argument of a system call.
struct Condition {
    unsigned argument = 0;
    scmp_compare how = SCMP_CMP_EQ;
    std::uint64_t a = 0;
    std::uint64_t b = 0;
};

class SeccompFilter {
public:
    /// `otherwise`: what becomes of a call without a rule.
    explicit SeccompFilter(std::uint32_t otherwise);

    void set(scmp_filter_attr attribute, std::uint32_t value);
    void add(std::uint32_t action, int call, const std::vector<Condition>& conditions = {});

    /// From then on it holds, for ever. The first fault of all that was added is told here; `what`
    /// is what was wanted, "close the sandbox".
    [[nodiscard]] base::Result<void> load(std::string_view what);

private:
    void note(int result);

    std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
    int error_ = 0;
};

} // namespace watchpost::os
