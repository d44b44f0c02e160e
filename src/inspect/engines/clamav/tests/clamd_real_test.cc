// The scanner against a real clamd with signatures of ours and of the shared corpus.
#include "inspect/engines/clamav/clamd_scanner.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "crypto/sha256.h"
#include "support/clamd.h"
#include "support/mail_maker.h"
#include "support/temp_dir.h"

namespace watchpost::inspect {
namespace {

using testing::HasSubstr;

constexpr std::string_view marker = "watchpost marker of the clamav tests";

base::Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds{60};
}

/// A memfd as the pipeline passes it: sealed, so that nobody can change it while it is scanned.
class SealedFile {
public:
    explicit SealedFile(std::string_view content)
        : fd_{::memfd_create("leaf", MFD_CLOEXEC | MFD_ALLOW_SEALING)}
    {
        EXPECT_EQ(::write(fd_, content.data(), content.size()),
                  static_cast<ssize_t>(content.size()));
        EXPECT_EQ(
            ::fcntl(fd_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL), 0);
    }
    ~SealedFile() { ::close(fd_); }
    SealedFile(const SealedFile&) = delete;
    SealedFile& operator=(const SealedFile&) = delete;
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_;
};

void write_signatures(const test::TempDir& folder)
{
    const std::string eicar = test::eicar();
    folder.write("ours.hsb", crypto::to_hex(crypto::sha256(base::as_bytes(eicar))) + ':' +
                                 std::to_string(eicar.size()) + ":Watchpost.Test.Eicar:73\n");
    folder.write("ours.ndb",
                 "Watchpost.Test.Marker:0:*:" + base::to_hex(base::as_bytes(marker)) + '\n');
    ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
    ASSERT_EQ(::chmod((folder / "ours.hsb").c_str(), 0644), 0);
    ASSERT_EQ(::chmod((folder / "ours.ndb").c_str(), 0644), 0);
}

class RealClamd : public testing::Test {
protected:
    void SetUp() override
    {
        if (!test::Clamd::is_installed()) {
            GTEST_SKIP() << "clamd is not installed (Debian: clamav-daemon)";
        }
        write_signatures(signatures_);
    }

    std::unique_ptr<LeafScanner> start(const test::ClamdOptions& options = {})
    {
        clamd_ = std::make_unique<test::Clamd>(signatures_.path(), options);
        EXPECT_TRUE(clamd_->is_ready()) << clamd_->log();
        return make_clamd_scanner({.socket = clamd_->socket()});
    }

    test::TempDir signatures_;
    std::unique_ptr<test::Clamd> clamd_;
};

// clamd appends ".UNOFFICIAL" to signatures that are not signed by its makers.
TEST_F(RealClamd, FindsEicarByItsHashAndAMarkerByItsBytes)
{
    const auto scanner = start();
    const SealedFile eicar{test::eicar()};
    EXPECT_EQ(scanner->scan(eicar.fd(), soon()).value(), "Watchpost.Test.Eicar.UNOFFICIAL");
    const SealedFile marked{"text before, " + std::string{marker} + ", text behind"};
    EXPECT_EQ(scanner->scan(marked.fd(), soon()).value(), "Watchpost.Test.Marker.UNOFFICIAL");
    const SealedFile harmless{"nothing of note"};
    EXPECT_EQ(scanner->scan(harmless.fd(), soon()).value(), "");
}

TEST_F(RealClamd, TheOffsetOfTheFileStaysWhereItWas)
{
    const auto scanner = start();
    const SealedFile marked{marker};
    ASSERT_EQ(::lseek(marked.fd(), 7, SEEK_SET), 7);
    EXPECT_EQ(scanner->scan(marked.fd(), soon()).value(), "Watchpost.Test.Marker.UNOFFICIAL");
    EXPECT_EQ(::lseek(marked.fd(), 0, SEEK_CUR), 7);
}

TEST_F(RealClamd, AnEmptyFileIsClean)
{
    const auto scanner = start();
    const SealedFile empty{""};
    EXPECT_EQ(scanner->scan(empty.fd(), soon()).value(), "");
}

TEST_F(RealClamd, TellsItsVersionInTheSameSession)
{
    const auto scanner = start();
    EXPECT_THAT(scanner->version(soon()).value(), HasSubstr("ClamAV "));
    const SealedFile eicar{test::eicar()};
    EXPECT_EQ(scanner->scan(eicar.fd(), soon()).value(), "Watchpost.Test.Eicar.UNOFFICIAL");
    EXPECT_THAT(scanner->version(soon()).value(), HasSubstr("ClamAV "));
}

TEST_F(RealClamd, ScansGoOnAfterARestart)
{
    const auto scanner = start();
    const SealedFile eicar{test::eicar()};
    EXPECT_EQ(scanner->scan(eicar.fd(), soon()).value(), "Watchpost.Test.Eicar.UNOFFICIAL");

    clamd_->stop();
    const auto while_down = scanner->scan(eicar.fd(), soon());
    ASSERT_FALSE(while_down);
    EXPECT_EQ(while_down.error().code(), base::ErrorCode::engine_failed);

    clamd_->start();
    ASSERT_TRUE(clamd_->is_ready()) << clamd_->log();
    EXPECT_EQ(scanner->scan(eicar.fd(), soon()).value(), "Watchpost.Test.Eicar.UNOFFICIAL");
}

TEST_F(RealClamd, AFileBeyondClamdsLimitIsAnErrorWhereClamdSaysSo)
{
    const auto scanner = start({.user = {}, .more_lines = "MaxFileSize 1M\nAlertExceedsMax yes\n"});
    const SealedFile large{std::string(std::size_t{2} << 20U, 'x')};
    const auto result = scanner->scan(large.fd(), soon());
    ASSERT_FALSE(result) << "clean: " << *result;
    EXPECT_EQ(result.error().code(), base::ErrorCode::limit_exceeded);
}

TEST_F(RealClamd, NeedsNoRightToOpenTheFileItself)
{
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can run clamd as another user";
    }
    const auto scanner = start({.user = "nobody", .more_lines = {}});
    const test::TempDir ours; // mode 0700: nobody cannot enter
    const auto path = ours.write("secret", test::eicar());
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    EXPECT_EQ(scanner->scan(file, soon()).value(), "Watchpost.Test.Eicar.UNOFFICIAL");
    ::close(file);
    const SealedFile sealed{test::eicar()};
    EXPECT_EQ(scanner->scan(sealed.fd(), soon()).value(), "Watchpost.Test.Eicar.UNOFFICIAL");
}

/// The octets that a signature of one plain pattern wants: "Name;Engine…,Target:0;0;HEX".
std::string content_for(const std::filesystem::path& ldb, std::string_view name)
{
    std::ifstream file{ldb};
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name)) {
            const auto bytes = base::parse_hex(line.substr(line.rfind(';') + 1));
            return bytes ? std::string{base::as_text(*bytes)} : std::string{};
        }
    }
    return {};
}

TEST(RealSignatures, TwinclamsFindsWhatItsSignaturesDescribe)
{
    const auto shared = test::shared_dir();
    if (shared.empty() || !test::Clamd::is_installed()) {
        GTEST_SKIP() << "needs ../shared/corpus/rules/twinclams and clamd";
    }
    constexpr std::string_view name = "TwinWave.DROPADABASE.MIMIREFLECTIONS.B64.1.20191220";
    const auto folder = shared / "corpus/rules/twinclams";
    const std::string content = content_for(folder / "twinclams.ldb", name);
    ASSERT_FALSE(content.empty());

    const test::Clamd clamd{folder};
    ASSERT_TRUE(clamd.is_ready()) << clamd.log();
    const auto scanner = make_clamd_scanner({.socket = clamd.socket()});
    const SealedFile matching{"Sub x()\n" + content + "\nEnd Sub\n"};
    EXPECT_EQ(scanner->scan(matching.fd(), soon()).value(), std::string{name} + ".UNOFFICIAL");
    const SealedFile harmless{"Sub x()\nEnd Sub\n"};
    EXPECT_EQ(scanner->scan(harmless.fd(), soon()).value(), "");
}

} // namespace
} // namespace watchpost::inspect
