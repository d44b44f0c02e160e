// An inspector that does what its message tells it: the attacker in the tests. Built for tests
// only; the same inside (run_inspector) as the product's, with other engines.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "crypto/sha256.h"
#include "ipc/channel.h"
#include "pipeline/inspector_main.h"
#include "pipeline/inspector_protocol.h"

namespace watchpost::pipeline {
namespace {

using protocol::Kind;

struct Order {
    std::string text; // of the message
    model::CopySetting copies = model::CopySetting::automatic;
    inspect::LeafExporter* exporter = nullptr;
    inspect::Report report; // to be filled
};

int messages_seen = 0;
volatile int sink = 0; // what a compiler must not leave out

void add_finding(inspect::Report& report, const std::string& rule, std::string detail)
{
    report.findings.push_back(
        {"test", "test.rule", rule, verdict::Importance::none, "", "strict", std::move(detail)});
}

void crash(Order& /*order*/)
{
    volatile int* const nowhere = nullptr;
    sink = *nowhere;
}

void crash_unless_fresh(Order& order)
{
    if (messages_seen > 1) {
        crash(order);
    }
}

void abort_with_words(Order& /*order*/)
{
    std::fputs("it is \x1b[31mnot\x1b[0m as it should be\n", stderr);
    std::abort();
}

void hang(Order& /*order*/)
{
    for (;;) {
        ::poll(nullptr, 0, -1);
    }
}

void spin(Order& /*order*/)
{
    for (;;) {
        sink = 1 - sink;
    }
}

void allocate(Order& /*order*/)
{
    std::vector<std::vector<char>> hoard;
    for (;;) {
        hoard.emplace_back(std::size_t{1} << 20U, 'x');
    }
}

void allocate_noexcept(Order& order) noexcept
{
    allocate(order);
}

void leave(Order& /*order*/)
{
    ::_exit(0);
}

void run_a_program(Order& /*order*/)
{
    char name[] = "true";
    char* const arguments[] = {name, nullptr};
    char* const none[] = {nullptr};
    ::execve("/bin/true", arguments, none);
}

void export_leaves(Order& order)
{
    for (int i = 0; i < 200; ++i) {
        const std::string path = std::to_string(i);
        order.exporter->export_leaf(path, "strict", base::as_bytes("leaf " + path));
    }
}

void export_large_leaf(Order& order)
{
    order.exporter->export_leaf("large", "strict", base::Bytes(2'000'000));
}

void export_and_hang(Order& order)
{
    order.exporter->export_leaf("1", "strict", base::as_bytes("leaf"));
    hang(order);
}

void try_to_get_out(Order& order)
{
    const auto note = [&](const char* what, bool has_failed) {
        add_finding(order.report, what, has_failed ? std::strerror(errno) : "went through");
    };
    note("open /etc/passwd", ::open("/etc/passwd", O_RDONLY) < 0);
    note("create a file", ::open("/tmp/watchpost-escape", O_WRONLY | O_CREAT, 0600) < 0);
    note("internet socket", ::socket(AF_INET, SOCK_STREAM, 0) < 0);
    note("unix socket", ::socket(AF_UNIX, SOCK_STREAM, 0) < 0);
    note("fork", ::fork() < 0);
    note("signal the parent", ::kill(::getppid(), 0) < 0);
    note("make code", ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                             0) == MAP_FAILED);
    const rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
    note("raise a limit", ::setrlimit(RLIMIT_DATA, &limit) < 0);
    std::string open_fds;
    for (int fd = 0; fd < 100; ++fd) {
        open_fds += ::fcntl(fd, F_GETFD) >= 0 ? std::to_string(fd) + " " : "";
    }
    add_finding(order.report, "descriptors", open_fds);
    for (char** entry = environ; *entry != nullptr; ++entry) {
        add_finding(order.report, "environment", *entry);
    }
}

// --- Frames that the product's inspector never sends ---

void send_raw(Kind kind, base::ByteView payload, std::span<const int> fds = {})
{
    ipc::Channel channel{os::UniqueFd{3}, ipc::Limits{}};
    const auto sent =
        channel.send(static_cast<std::uint16_t>(kind), payload, fds, base::Deadline::max());
    ::_exit(sent && ::poll(nullptr, 0, -1) < 0 ? 0 : 1); // waits to be killed
}

base::Bytes leaf_header()
{
    return protocol::encode(protocol::Leaf{static_cast<std::uint64_t>(messages_seen), "1", "x"});
}

void send_garbage(Order& /*order*/)
{
    std::array<char, 7> text{"GET /\n"};
    iovec part{text.data(), text.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    sink = static_cast<int>(::sendmsg(3, &header, 0));
    ::poll(nullptr, 0, -1);
}

void send_unknown_kind(Order& /*order*/)
{
    send_raw(static_cast<Kind>(99), {});
}

void send_broken_report(Order& /*order*/)
{
    send_raw(Kind::report, base::Bytes(100, std::byte{0xFF}));
}

void send_report_of_another(Order& order)
{
    send_raw(Kind::report, protocol::encode_report(77, order.report));
}

void send_ready_again(Order& /*order*/)
{
    send_raw(Kind::ready, protocol::encode(protocol::Ready{}));
}

void send_open_leaf(Order& /*order*/)
{
    const int file = ::memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    send_raw(Kind::leaf, leaf_header(), std::array{file});
}

void send_a_socket(Order& /*order*/)
{
    send_raw(Kind::leaf, leaf_header(), std::array{3});
}

void send_too_many_descriptors(Order& /*order*/)
{
    send_raw(Kind::leaf, leaf_header(), std::array{0, 1, 2});
}

using Action = void (*)(Order&);

void tell_copies(Order& order)
{
    add_finding(order.report, "copies", std::string{model::to_string(order.copies)});
}

const std::map<std::string, Action>& actions()
{
    static const std::map<std::string, Action> table{
        {"how do copies arrive", tell_copies},
        {"crash", crash},
        {"crash on something bad", crash},
        {"crash unless fresh", crash_unless_fresh},
        {"abort", abort_with_words},
        {"hang", hang},
        {"spin", spin},
        {"allocate", allocate},
        {"allocate noexcept", allocate_noexcept},
        {"leave", leave},
        {"run a program", run_a_program},
        {"export a leaf and hang", export_and_hang},
        {"export leaves", export_leaves},
        {"export a large leaf", export_large_leaf},
        {"try to get out", try_to_get_out},
        {"send garbage", send_garbage},
        {"send an unknown kind", send_unknown_kind},
        {"send a broken report", send_broken_report},
        {"send a report of another message", send_report_of_another},
        {"send ready again", send_ready_again},
        {"send an open leaf", send_open_leaf},
        {"send a socket", send_a_socket},
        {"send too many descriptors", send_too_many_descriptors},
    };
    return table;
}

/// "piece <id> <number> <total> <content>".
void be_a_piece(Order& order)
{
    std::istringstream words{order.text};
    std::string word;
    inspect::PieceInfo piece;
    words >> word >> piece.id >> piece.number >> piece.total;
    piece.content = crypto::sha256(base::as_bytes(order.text));
    order.report.pieces.push_back(piece);
    order.report.not_inspected.push_back({"", "", "partial_message", piece.id});
}

/// Several messages at once: their texts, and a reason for an alert.
void tell_joined(Order& order, const std::vector<std::uint64_t>& lengths)
{
    std::string texts;
    std::size_t at = 0;
    for (const std::uint64_t length : lengths) {
        texts += '[' + order.text.substr(at, length) + ']';
        at += length;
    }
    order.report.findings.push_back(
        {"test", "test.rule", "joined", verdict::Importance::high, "1", "strict", texts});
}

inspect::Report obey(base::ByteView raw, const inspect::InspectionOrder& asked,
                     inspect::LeafExporter* exporter)
{
    ++messages_seen;
    Order order{std::string{base::as_text(raw)}, asked.copies, exporter, {}};
    order.report.message.subject = order.text.substr(0, 100);
    add_finding(order.report, "seen", std::to_string(messages_seen));
    if (!asked.pieces.empty()) {
        tell_joined(order, asked.pieces);
    } else if (order.text.starts_with("piece ")) {
        be_a_piece(order);
    }
    if (const auto found = actions().find(order.text); found != actions().end()) {
        found->second(order);
    }
    return std::move(order.report);
}

base::Result<Prepared> prepare(base::ByteView configuration)
{
    const auto text = base::as_text(configuration);
    if (text == "refuse") {
        return base::fail(base::Error{base::ErrorCode::invalid_argument, base::Retry::never,
                                      "rules.yar line 3: unexpected \"}\""}
                              .during("compile rules"));
    }
    if (text == "crash") {
        std::abort();
    }
    if (text == "hang") {
        ::poll(nullptr, 0, -1);
    }
    return Prepared{.inspect = Inspect{obey}, .rule_count = 0};
}

} // namespace
} // namespace watchpost::pipeline

int main()
{
    watchpost::pipeline::run_inspector(watchpost::pipeline::prepare);
}
