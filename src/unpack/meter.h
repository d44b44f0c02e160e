// Counts what comes out of one container against the limits of its message.
//
// Every byte and entry passes here before it is kept, so that no declared size is ever believed.
// Also bounds the gaps: a container of 10,000 locked members must not make 10,000 lines. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "unpack/unpack.h"

namespace watchpost::unpack {

/// Why a member or a container was left before its end.
enum class Stop : std::uint8_t { none, members, member_bytes, total_bytes, ratio, timed_out };

/// The reason as it stands in Gap::reason; empty for none.
[[nodiscard]] std::string_view to_string(Stop stop) noexcept;

/// A sentence with the figure of the limit.
[[nodiscard]] std::string describe(Stop stop, const Limits& limits);

class Meter {
public:
    static constexpr std::size_t gaps_max = 100; // of one reason in one container

    /// The references are borrowed for the meter's life, which is one call of unpack().
    Meter(const Limits& limits, Usage& usage, base::Deadline deadline, std::uint64_t packed_bytes,
          MemberSink& sink);

    /// Counts an entry of any kind (folders too) before it is read; false: the container ends here
    /// and the gap is told.
    [[nodiscard]] bool admit_entry();

    struct Counted {
        base::ByteView bytes; // what the limits allow
        Stop stop = Stop::none;
    };
    /// Counts bytes of the member that was admitted last.
    [[nodiscard]] Counted count(base::ByteView bytes);

    /// Appends what the limits allow of these bytes of the member that was admitted last; the
    /// reason where it was not all.
    [[nodiscard]] Stop keep(base::ByteView bytes, base::Bytes& content);

    /// For bytes of a cut member that are read only to get past them: counted for the ratio. A
    /// limit that ends the container here is told.
    void pass_over(std::size_t count);

    /// The member is read again from its beginning (with another password).
    void restart_member() noexcept { member_bytes_ = 0; }

    /// False once the deadline has passed, which is told the first time: for work that yields no
    /// bytes.
    [[nodiscard]] bool has_time();

    /// True once the container is to be left: a limit other than that of one member was reached.
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }

    void deliver(const Member& member);
    /// For a member whose bytes are at hand: admits, counts and delivers it without a copy, and
    /// tells where it was cut.
    void deliver_whole(Member member);
    void refer(const Reference& reference) { sink_.on_reference(reference); }
    void tell(std::string member, std::string reason, std::string detail);
    void tell(std::string member, Stop stop);
    /// Says how many gaps were left out. Called once at the end.
    void close();

    [[nodiscard]] std::uint64_t entries_left() const noexcept;
    [[nodiscard]] const Limits& limits() const noexcept { return limits_; }
    [[nodiscard]] base::Deadline deadline() const noexcept { return deadline_; }

private:
    const Limits& limits_;
    Usage& usage_;
    base::Deadline deadline_;
    MemberSink& sink_;
    std::uint64_t container_bytes_max_; // what the ratio allows
    std::uint64_t container_bytes_ = 0;
    std::uint64_t member_bytes_ = 0;
    bool is_over_ = false;
    std::map<std::string, std::size_t, std::less<>> gaps_; // by reason
};

} // namespace watchpost::unpack
