#include "inspect/engines/clamav/clamd_scanner.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/assert.h"
#include "base/bytes.h"
#include "diag/quote.h"
#include "inspect/engines/clamav/clamd_connection.h"
#include "inspect/engines/clamav/clamd_reply.h"

namespace watchpost::inspect {

namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;
using namespace clamav;

using Command = std::function<Result<std::string>(ClamdConnection&, base::Deadline)>;

Result<std::string> to_result(ScanReply reply)
{
    switch (reply.outcome) {
    case ScanOutcome::clean:
        return std::string{};
    case ScanOutcome::found:
        return std::move(reply.text);
    case ScanOutcome::limit_reached:
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          "clamd stopped at its own limit: " + diag::quote(reply.text));
    case ScanOutcome::failed:
        return base::fail(ErrorCode::engine_failed, Retry::later,
                          "clamd could not scan the file: " + diag::quote(reply.text));
    case ScanOutcome::malformed:
        return base::fail(ErrorCode::engine_failed, Retry::later,
                          "clamd's reply is not understood: \"" + diag::quote(reply.text) +
                              "\"; is the socket clamd's?");
    }
    WP_UNREACHABLE("scan outcome out of range");
}

/// Callers tell three cases apart: a limit, a deadline, and an engine that does not work.
base::Error as_engine_error(base::Error error)
{
    if (error.code() == ErrorCode::timed_out || error.code() == ErrorCode::limit_exceeded ||
        error.code() == ErrorCode::engine_failed) {
        return error;
    }
    return {ErrorCode::engine_failed, Retry::later, error.describe()};
}

/// clamd moves the offset, which a passed descriptor shares with ours.
class KeptOffset {
public:
    explicit KeptOffset(int fd) noexcept : fd_{fd}, offset_{::lseek(fd, 0, SEEK_CUR)} {}
    ~KeptOffset() { ::lseek(fd_, offset_, SEEK_SET); }
    KeptOffset(const KeptOffset&) = delete;
    KeptOffset& operator=(const KeptOffset&) = delete;

private:
    int fd_;
    off_t offset_;
};

class ClamdScanner final : public LeafScanner {
public:
    explicit ClamdScanner(ClamdSettings settings) : settings_{std::move(settings)} {}

    [[nodiscard]] std::string_view name() const noexcept override { return "clamav"; }
    [[nodiscard]] Result<std::string> scan(int fd, base::Deadline deadline) override;
    [[nodiscard]] Result<std::string> version(base::Deadline deadline) override;

private:
    [[nodiscard]] Result<std::string> run(const Command& command, base::Deadline deadline);
    [[nodiscard]] Result<std::string> run_once(const Command& command, base::Deadline deadline);

    ClamdSettings settings_;
    std::optional<ClamdConnection> connection_; // kept between calls
};

Result<std::string> ClamdScanner::run_once(const Command& command, base::Deadline deadline)
{
    if (connection_ && !connection_->is_idle()) {
        connection_.reset();
    }
    if (!connection_) {
        auto opened = ClamdConnection::open(settings_.socket, deadline);
        if (!opened) {
            return base::fail(std::move(opened.error()));
        }
        connection_.emplace(std::move(*opened));
    }
    auto answer = command(*connection_, deadline);
    if (!answer) {
        connection_.reset(); // out of step: a late reply must not be taken for the next one's
    }
    return answer;
}

/// A kept session may have ended just as we wrote (clamd's restart or IdleTimeout): then once more
/// on a new one. A new session that ends is clamd's failure.
Result<std::string> ClamdScanner::run(const Command& command, base::Deadline deadline)
{
    deadline = std::min(deadline, std::chrono::steady_clock::now() + settings_.reply_time_max);
    const bool was_kept = connection_.has_value();
    auto answer = run_once(command, deadline);
    if (!answer && was_kept && answer.error().code() == ErrorCode::connection_lost) {
        answer = run_once(command, deadline);
    }
    if (!answer) {
        return base::fail(as_engine_error(std::move(answer.error())));
    }
    return answer;
}

Result<std::string> ClamdScanner::scan(int fd, base::Deadline deadline)
{
    struct stat status{};
    if (::fstat(fd, &status) != 0) {
        return base::fail(base::system_error("look at the file to scan", errno));
    }
    WP_ASSERT(S_ISREG(status.st_mode));
    if (status.st_size == 0) {
        return std::string{};
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > settings_.file_bytes_max) {
        return base::fail(ErrorCode::limit_exceeded, Retry::never,
                          base::to_readable_bytes(size) + " are more than the " +
                              base::to_readable_bytes(settings_.file_bytes_max) +
                              " that ClamAV is given");
    }
    const KeptOffset kept{fd};
    auto answer = run([fd](ClamdConnection& connection,
                           base::Deadline until) { return connection.scan_file(fd, until); },
                      deadline);
    if (!answer) {
        return answer;
    }
    return to_result(parse_scan_reply(*answer));
}

Result<std::string> ClamdScanner::version(base::Deadline deadline)
{
    auto answer = run([](ClamdConnection& connection,
                         base::Deadline until) { return connection.ask_version(until); },
                      deadline);
    if (!answer) {
        return answer;
    }
    return diag::quote(*answer);
}

} // namespace

std::unique_ptr<LeafScanner> make_clamd_scanner(const ClamdSettings& settings)
{
    return std::make_unique<ClamdScanner>(settings);
}

} // namespace watchpost::inspect
