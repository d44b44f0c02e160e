#include "os/seccomp_filter.h"

#include <cerrno>
#include <string>

namespace watchpost::os {

SeccompFilter::SeccompFilter(std::uint32_t otherwise)
    : context_{::seccomp_init(otherwise), ::seccomp_release}
{
    note(context_ ? 0 : -ENOMEM);
}

void SeccompFilter::set(scmp_filter_attr attribute, std::uint32_t value)
{
    if (error_ == 0) {
        note(::seccomp_attr_set(context_.get(), attribute, value));
    }
}

void SeccompFilter::add(std::uint32_t action, int call, const std::vector<Condition>& conditions)
{
    std::vector<scmp_arg_cmp> arguments;
    arguments.reserve(conditions.size());
    for (const Condition& each : conditions) {
        arguments.push_back(scmp_arg_cmp{each.argument, each.how, each.a, each.b});
    }
    if (error_ == 0) {
        note(::seccomp_rule_add_array(context_.get(), action, call,
                                      static_cast<unsigned>(arguments.size()), arguments.data()));
    }
}

base::Result<void> SeccompFilter::load(std::string_view what)
{
    if (error_ == 0) {
        note(::seccomp_load(context_.get()));
    }
    if (error_ != 0) {
        return base::fail(base::system_error(
            std::string{what} + " by seccomp (the kernel needs CONFIG_SECCOMP_FILTER, and a "
                                "container must not refuse it)",
            -error_));
    }
    return {};
}

void SeccompFilter::note(int result)
{
    if (error_ == 0 && result < 0) {
        error_ = result;
    }
}

} // namespace watchpost::os
