#include "os/confine.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "os/landlock.h"

namespace watchpost::os {
namespace {

using base::Result;

// What nobody of us does, and what breaks out of a user or a name space.
constexpr int never[] = {SCMP_SYS(ptrace),
                         SCMP_SYS(process_vm_readv),
                         SCMP_SYS(process_vm_writev),
                         SCMP_SYS(mount),
                         SCMP_SYS(umount2),
                         SCMP_SYS(move_mount),
                         SCMP_SYS(open_tree),
                         SCMP_SYS(fsopen),
                         SCMP_SYS(pivot_root),
                         SCMP_SYS(chroot),
                         SCMP_SYS(unshare),
                         SCMP_SYS(setns),
                         SCMP_SYS(bpf),
                         SCMP_SYS(perf_event_open),
                         SCMP_SYS(init_module),
                         SCMP_SYS(finit_module),
                         SCMP_SYS(delete_module),
                         SCMP_SYS(kexec_load),
                         SCMP_SYS(kexec_file_load),
                         SCMP_SYS(add_key),
                         SCMP_SYS(request_key),
                         SCMP_SYS(keyctl),
                         SCMP_SYS(userfaultfd),
                         SCMP_SYS(io_uring_setup),
                         SCMP_SYS(io_uring_enter),
                         SCMP_SYS(io_uring_register),
                         SCMP_SYS(open_by_handle_at),
                         SCMP_SYS(swapon),
                         SCMP_SYS(swapoff),
                         SCMP_SYS(reboot),
                         SCMP_SYS(settimeofday),
                         SCMP_SYS(clock_settime),
                         SCMP_SYS(acct)};

constexpr scmp_datum_t type_mask = 0xf; // of the type of a socket: above are flags

scmp_arg_cmp first_argument(scmp_compare how, scmp_datum_t a, scmp_datum_t b = 0)
{
    return {.arg = 0, .op = how, .datum_a = a, .datum_b = b};
}

class DenyList {
public:
    DenyList() : context_{::seccomp_init(SCMP_ACT_ALLOW), ::seccomp_release}
    {
        if (!context_) {
            error_ = -ENOMEM;
        }
    }

    void refuse(int call) { note(add(call, 0, nullptr)); }
    void refuse_where(int call, const scmp_arg_cmp& condition) { note(add(call, 1, &condition)); }

    /// Of the internet's sockets all but streams: a datagram needs no connection.
    void refuse_datagrams()
    {
        for (const int family : {AF_INET, AF_INET6}) {
            for (const int type : {SOCK_DGRAM, SOCK_RAW}) {
                const scmp_arg_cmp conditions[] = {
                    first_argument(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)),
                    {.arg = 1,
                     .op = SCMP_CMP_MASKED_EQ,
                     .datum_a = type_mask,
                     .datum_b = static_cast<scmp_datum_t>(type)}};
                note(add(SCMP_SYS(socket), 2, conditions));
            }
        }
    }

    /// Its arguments lie in memory, where a filter cannot look; libraries then use clone().
    void hide_clone3()
    {
        if (error_ == 0) {
            note(::seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
        }
    }

    Result<void> load()
    {
        if (error_ == 0) {
            note(::seccomp_load(context_.get()));
        }
        if (error_ != 0) {
            return base::fail(base::system_error(
                "confine a process by seccomp (the kernel needs CONFIG_SECCOMP_FILTER)", -error_));
        }
        return {};
    }

private:
    int add(int call, unsigned count, const scmp_arg_cmp* conditions)
    {
        return error_ != 0 ? error_
                           : ::seccomp_rule_add_array(context_.get(), SCMP_ACT_ERRNO(EPERM), call,
                                                      count, conditions);
    }

    void note(int result)
    {
        if (error_ == 0 && result != 0 && result != -EDOM) { // a call that this machine lacks
            error_ = result;
        }
    }

    std::unique_ptr<void, decltype(&::seccomp_release)> context_;
    int error_ = 0;
};

/// Families above AF_INET6 (netlink, packet, vsock …) and those between.
void refuse_families(DenyList& list, bool has_internet, bool has_netlink)
{
    if (!has_internet) {
        list.refuse_where(SCMP_SYS(socket), first_argument(SCMP_CMP_NE, AF_UNIX));
        return;
    }
    for (int family = 0; family <= AF_MAX; ++family) {
        const bool is_needed = family == AF_UNIX || family == AF_INET || family == AF_INET6 ||
                               (has_netlink && family == AF_NETLINK); // the resolver's
        if (!is_needed) {
            list.refuse_where(SCMP_SYS(socket),
                              first_argument(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
        }
    }
}

void refuse_network(DenyList& list, Network network)
{
    refuse_families(list, network != Network::unix_only, network == Network::connects);
    if (network == Network::listens) {
        list.refuse(SCMP_SYS(connect));
        list.refuse_datagrams();
    } else {
        for (const int call : {SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4)}) {
            list.refuse(call);
        }
    }
}

Result<Measure> confine_calls(const Confinement& confinement)
{
    DenyList list;
    for (const int call : never) {
        list.refuse(call);
    }
    list.refuse_where(SCMP_SYS(clone),
                      first_argument(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
    list.hide_clone3();
    refuse_network(list, confinement.network);
    if (!confinement.may_start_programs) {
        list.refuse(SCMP_SYS(execve));
        list.refuse(SCMP_SYS(execveat));
    }
    if (auto loaded = list.load(); !loaded) {
        return base::fail(std::move(loaded.error()));
    }
    return Measure{"seccomp", Measure::State::in_force,
                   confinement.may_start_programs ? "a deny-list" : "a deny-list, no programs"};
}

LandlockRules to_rules(const Confinement& confinement)
{
    LandlockRules rules;
    rules.may_start_programs = confinement.may_start_programs;
    rules.may_bind = confinement.network == Network::listens;
    rules.may_connect = confinement.network == Network::connects;
    rules.may_write = confinement.may_write;
    rules.may_write.emplace_back("/dev/null");
    return rules;
}

} // namespace

Result<std::vector<Measure>> confine(const Confinement& confinement)
{
    std::vector<Measure> measures;
    auto folders = restrict_by_landlock(to_rules(confinement));
    if (!folders) {
        return base::fail(std::move(folders.error()));
    }
    measures.push_back(std::move(*folders));
    auto calls = confine_calls(confinement);
    if (!calls) {
        return base::fail(std::move(calls.error()));
    }
    measures.push_back(std::move(*calls));
    return measures;
}

} // namespace watchpost::os
