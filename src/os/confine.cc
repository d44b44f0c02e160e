#include "os/confine.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "os/landlock.h"
#include "os/seccomp_filter.h"

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

constexpr std::uint32_t refused = SCMP_ACT_ERRNO(EPERM);
constexpr std::uint64_t type_mask = 0xf; // of the type of a socket: above are flags

std::uint64_t number(int value)
{
    return static_cast<std::uint64_t>(value);
}

/// Families above AF_INET6 (netlink, packet, vsock …) and those between.
void refuse_families(SeccompFilter& filter, bool has_internet, bool has_netlink)
{
    if (!has_internet) {
        filter.add(refused, SCMP_SYS(socket), {{0, SCMP_CMP_NE, AF_UNIX}});
        return;
    }
    for (int family = 0; family <= AF_MAX; ++family) {
        const bool is_needed = family == AF_UNIX || family == AF_INET || family == AF_INET6 ||
                               (has_netlink && family == AF_NETLINK); // the resolver's
        if (!is_needed) {
            filter.add(refused, SCMP_SYS(socket), {{0, SCMP_CMP_EQ, number(family)}});
        }
    }
}

/// Of the internet's sockets all but streams: a datagram needs no connection.
void refuse_datagrams(SeccompFilter& filter)
{
    for (const int family : {AF_INET, AF_INET6}) {
        for (const int type : {SOCK_DGRAM, SOCK_RAW}) {
            filter.add(refused, SCMP_SYS(socket),
                       {{0, SCMP_CMP_EQ, number(family)},
                        {1, SCMP_CMP_MASKED_EQ, type_mask, number(type)}});
        }
    }
}

void refuse_network(SeccompFilter& filter, Network network)
{
    refuse_families(filter, network != Network::unix_only, network == Network::connects);
    if (network == Network::listens) {
        filter.add(refused, SCMP_SYS(connect));
        refuse_datagrams(filter);
    } else {
        for (const int call : {SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4)}) {
            filter.add(refused, call);
        }
    }
}

Result<Measure> confine_calls(const Confinement& confinement)
{
    SeccompFilter filter{SCMP_ACT_ALLOW};
    for (const int call : never) {
        filter.add(refused, call);
    }
    filter.add(refused, SCMP_SYS(clone), {{0, SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER}});
    // Its arguments lie in memory, where a filter cannot look; the C library then asks for clone.
    filter.add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
    refuse_network(filter, confinement.network);
    if (!confinement.may_start_programs) {
        filter.add(refused, SCMP_SYS(execve));
        filter.add(refused, SCMP_SYS(execveat));
    }
    if (auto loaded = filter.load("confine a process"); !loaded) {
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
