#include "collector/server_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace watchpost::collector {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

net::CertificateInfo certificate(const std::string& subject, const std::string& from,
                                 const std::string& until)
{
    net::CertificateInfo made;
    made.subject = subject;
    made.not_before = from;
    made.not_after = until;
    return made;
}

std::string warning(std::vector<net::CertificateInfo> chain, const std::string& now)
{
    PollReport report;
    report.link.tls.chain = std::move(chain);
    return certificate_warning(report, base::parse_rfc3339(now).value());
}

const auto yearly = certificate("CN=mail", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");

TEST(CertificateWarning, ComesThirtyDaysBeforeTheEnd)
{
    EXPECT_THAT(warning({yearly}, "2026-12-01T23:59:59Z"), IsEmpty());
    EXPECT_THAT(warning({yearly}, "2026-12-02T00:00:00Z"), HasSubstr("CN=mail ends at"));
    EXPECT_THAT(warning({yearly}, "2026-12-02T00:00:00Z"), HasSubstr("in 30 days"));
    EXPECT_THAT(warning({yearly}, "2027-01-01T00:00:00Z"), HasSubstr("has ended at"));
}

TEST(CertificateWarning, OfAShortLivedOneComesInTheLastThirdOfItsTime)
{
    const auto brief = certificate("CN=brief", "2026-01-01T00:00:00Z", "2026-01-07T00:00:00Z");
    EXPECT_THAT(warning({brief}, "2026-01-04T23:59:59Z"), IsEmpty());
    EXPECT_THAT(warning({brief}, "2026-01-05T00:00:00Z"), HasSubstr("in 2 days"));
}

TEST(CertificateWarning, NamesTheOneOfTheChainThatEndsFirst)
{
    const auto issuer = certificate("CN=issuer", "2020-01-01T00:00:00Z", "2026-12-20T00:00:00Z");
    EXPECT_THAT(warning({yearly, issuer}, "2026-12-15T00:00:00Z"), HasSubstr("CN=issuer"));
    EXPECT_THAT(warning({issuer, yearly}, "2026-12-15T00:00:00Z"), HasSubstr("CN=issuer"));
}

TEST(CertificateWarning, SaysNothingWhereThereIsNothingToRead)
{
    EXPECT_THAT(warning({}, "2026-12-15T00:00:00Z"), IsEmpty());
    EXPECT_THAT(warning({certificate("CN=odd", "", "never")}, "2026-12-15T00:00:00Z"), IsEmpty());
    EXPECT_THAT(
        warning({certificate("CN=odd", "", "2026-12-20T00:00:00Z")}, "2026-12-15T00:00:00Z"),
        HasSubstr("CN=odd"));
}

} // namespace
} // namespace watchpost::collector
