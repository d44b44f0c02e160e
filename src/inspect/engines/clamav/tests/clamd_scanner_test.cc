// The scanner against a peer that misbehaves in every way a peer can.
#include "inspect/engines/clamav/clamd_scanner.h"

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_peer.h"
#include "verdict/gap_table.h"

namespace watchpost::inspect {
namespace {

using base::ErrorCode;
using clamav::test::PeerConnection;
using clamav::test::ScriptedPeer;
using testing::HasSubstr;
using namespace std::string_literals;
using namespace std::string_view_literals;

/// A memfd with some bytes, closed at the end.
class Sample {
public:
    explicit Sample(std::string_view content = "content")
        : fd_{::memfd_create("sample", MFD_CLOEXEC)}
    {
        EXPECT_EQ(::write(fd_, content.data(), content.size()),
                  static_cast<ssize_t>(content.size()));
    }
    ~Sample() { ::close(fd_); }
    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_;
};

base::Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds{30};
}

base::Deadline at_once()
{
    return std::chrono::steady_clock::now() + std::chrono::milliseconds{50};
}

std::unique_ptr<LeafScanner> scanner_of(const ScriptedPeer& peer)
{
    return make_clamd_scanner({.socket = peer.socket()});
}

void read_scan_command(PeerConnection& peer)
{
    peer.read_through("zFILDES\0\0"sv);
}

ScriptedPeer::Script answer(const std::string& text)
{
    return [text](PeerConnection& peer) {
        read_scan_command(peer);
        peer.send(text);
        peer.wait_for_close();
    };
}

base::Result<std::string> scan_with_answer(const std::string& text)
{
    const ScriptedPeer peer{{answer(text)}};
    const Sample sample;
    return scanner_of(peer)->scan(sample.fd(), soon());
}

TEST(ClamdScanner, TheSignatureIsReturned)
{
    EXPECT_EQ(scan_with_answer("1: fd[9]: Some.Signature FOUND\0"s).value(), "Some.Signature");
}

TEST(ClamdScanner, CleanIsAnEmptyName)
{
    EXPECT_EQ(scan_with_answer("1: fd[9]: OK\0"s).value(), "");
}

TEST(ClamdScanner, AReplyInPiecesIsPutTogether)
{
    const ScriptedPeer peer{{[](PeerConnection& connection) {
        read_scan_command(connection);
        for (const char c : "1: fd[9]: Piecemeal FOUND\0"sv) {
            connection.send({&c, 1});
        }
        connection.wait_for_close();
    }}};
    const Sample sample;
    EXPECT_EQ(scanner_of(peer)->scan(sample.fd(), soon()).value(), "Piecemeal");
}

TEST(ClamdScanner, GarbageIsAnErrorAndNeverClean)
{
    for (const std::string& text :
         {"OK\0"s, "\0"s, "1: OK\0"s, "2: fd[9]: OK\0"s, "1: fd[9]: OK\r\n\0"s,
          "1: fd[9]: OK\0002: fd[9]: OK\0"s, "\xFF\xFE\0"s, "HTTP/1.1 400 Bad Request\r\n\0"s}) {
        SCOPED_TRACE(testing::PrintToString(text));
        const auto result = scan_with_answer(text);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code(), ErrorCode::engine_failed);
        EXPECT_EQ(verdict::gap_reason(result.error().code()), "engine_unavailable");
    }
}

TEST(ClamdScanner, HostileTextOfAReplyIsQuotedInTheError)
{
    const auto result = scan_with_answer("1: fd[9]: \x1b[31mred ERROR\0"s);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().describe().find('\x1b'), std::string::npos);
}

TEST(ClamdScanner, AnEndlessReplyIsCutOff)
{
    const auto result = scan_with_answer("1: fd[9]: " + std::string(1 << 20, 'x'));
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().describe(), HasSubstr("longer than it may be"));
}

TEST(ClamdScanner, SilenceEndsAtTheDeadline)
{
    const ScriptedPeer peer{{[](PeerConnection& connection) { connection.wait_for_close(); }}};
    const Sample sample;
    const auto result = scanner_of(peer)->scan(sample.fd(), at_once());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::timed_out);
    EXPECT_EQ(verdict::gap_reason(result.error().code()), "engine_timed_out");
}

TEST(ClamdScanner, HalfAReplyAndSilenceEndsAtTheDeadline)
{
    const ScriptedPeer peer{{answer("1: fd[9]: O")}};
    const Sample sample;
    const auto result = scanner_of(peer)->scan(sample.fd(), at_once());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::timed_out);
}

TEST(ClamdScanner, ItsOwnReplyTimeHoldsWhereTheCallersIsLater)
{
    const ScriptedPeer peer{{[](PeerConnection& connection) { connection.wait_for_close(); }}};
    const Sample sample;
    const auto scanner =
        make_clamd_scanner({.socket = peer.socket(), .reply_time_max = std::chrono::seconds{0}});
    const auto result = scanner->scan(sample.fd(), soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::timed_out);
}

TEST(ClamdScanner, ALateReplyIsNotTakenForTheNextFiles)
{
    const ScriptedPeer peer{{[](PeerConnection& connection) { connection.wait_for_close(); },
                             answer("1: fd[9]: Second FOUND\0"s)}};
    const Sample sample;
    const auto scanner = scanner_of(peer);
    ASSERT_FALSE(scanner->scan(sample.fd(), at_once()));
    EXPECT_EQ(scanner->scan(sample.fd(), soon()).value(), "Second");
}

TEST(ClamdScanner, AnEarlyCloseIsAnError)
{
    const ScriptedPeer peer{{[](PeerConnection& connection) {
        read_scan_command(connection);
        connection.send("1: fd[9]: O");
    }}};
    const Sample sample;
    const auto result = scanner_of(peer)->scan(sample.fd(), soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::engine_failed);
    EXPECT_THAT(result.error().describe(), HasSubstr("closed the connection"));
}

TEST(ClamdScanner, AKeptSessionThatEndsAtTheNextCommandIsOpenedAgain)
{
    const ScriptedPeer peer{{[](PeerConnection& connection) {
                                 read_scan_command(connection);
                                 connection.send("1: fd[9]: First FOUND\0"sv);
                                 read_scan_command(connection); // and gone without a word
                             },
                             answer("1: fd[9]: Again FOUND\0"s)}};
    const Sample sample;
    const auto scanner = scanner_of(peer);
    EXPECT_EQ(scanner->scan(sample.fd(), soon()).value(), "First");
    EXPECT_EQ(scanner->scan(sample.fd(), soon()).value(), "Again");
}

TEST(ClamdScanner, OneSessionServesManyFilesInStep)
{
    const ScriptedPeer peer{{[](PeerConnection& connection) {
        for (int number = 1; number <= 3; ++number) {
            read_scan_command(connection);
            connection.send(std::to_string(number) + ": fd[9]: File." + std::to_string(number) +
                            " FOUND" + '\0');
        }
        connection.wait_for_close();
    }}};
    const Sample sample;
    const auto scanner = scanner_of(peer);
    EXPECT_EQ(scanner->scan(sample.fd(), soon()).value(), "File.1");
    EXPECT_EQ(scanner->scan(sample.fd(), soon()).value(), "File.2");
    EXPECT_EQ(scanner->scan(sample.fd(), soon()).value(), "File.3");
}

TEST(ClamdScanner, ItsLimitIsALimitAndNotAnEngineThatIsDown)
{
    const auto result =
        scan_with_answer("1: fd[9]: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0"s);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::limit_exceeded);
    EXPECT_EQ(verdict::gap_reason(result.error().code()), "engine_limit");
}

TEST(ClamdScanner, ALargerFileThanClamdLooksAtIsNotSent)
{
    const Sample sample{"eleven byte"};
    const auto scanner = make_clamd_scanner({.socket = "/nowhere", .file_bytes_max = 10});
    const auto result = scanner->scan(sample.fd(), soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::limit_exceeded);
}

TEST(ClamdScanner, WithoutClamdTheErrorNamesTheRemedy)
{
    const Sample sample;
    const auto result = make_clamd_scanner({.socket = "/nowhere/clamd"})->scan(sample.fd(), soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::engine_failed);
    EXPECT_EQ(result.error().retry(), base::Retry::later);
    EXPECT_THAT(result.error().describe(), HasSubstr("/nowhere/clamd"));
    EXPECT_THAT(result.error().describe(), HasSubstr("start clamd"));
}

TEST(ClamdScanner, APathTooLongForASocketIsAnErrorToo)
{
    const auto scanner = make_clamd_scanner({.socket = "/" + std::string(200, 'x')});
    const auto result = scanner->version(soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::engine_failed);
}

} // namespace
} // namespace watchpost::inspect
