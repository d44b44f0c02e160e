// What unpack() asks of a program outside and how it tells the answer, by a program that does as
// the test says. The real one: tests/system/scan_program_test.cc.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unpack/program.h"
#include "unpacked.h"

namespace watchpost::unpack::test {
namespace {

using State = ProgramOutcome::State;

class Scripted final : public Program {
public:
    ProgramOutcome open(const ProgramRequest& request, ProgramSink& sink) override
    {
        asked.push_back(std::string{request.format} + ' ' +
                        std::to_string(request.passwords.size()));
        for (const auto& member : members) {
            if (sink.on_member(member) == ProgramSink::Next::stop) {
                return {};
            }
        }
        return outcome;
    }

    std::vector<ProgramMember> members;
    ProgramOutcome outcome;
    std::vector<std::string> asked;
};

std::string udf()
{
    std::string bytes(40'000, '\0');
    bytes.replace(32'769, 5, "BEA01");
    return bytes;
}

Unpacked::Options with(Scripted& program, std::vector<std::string> passwords = {})
{
    Unpacked::Options options;
    options.program = &program;
    options.passwords = std::move(passwords);
    return options;
}

TEST(UnpackByProgram, AFormatWithoutAReaderIsOpenedByIt)
{
    Scripted program;
    program.members = {{"../a", base::as_bytes("one")}, {"b", base::as_bytes("two")}};
    const auto found = Unpacked::of(udf(), with(program, {"x"}));
    EXPECT_EQ(program.asked, std::vector<std::string>{"udf 1"});
    EXPECT_EQ(found.names(), (std::vector<std::string>{"../a", "b"}));
    EXPECT_TRUE(found.reasons().empty());
}

TEST(UnpackByProgram, WithoutAProgramItIsAGap)
{
    EXPECT_EQ(Unpacked::of(udf()).reasons(), std::vector<std::string>{"unsupported_archive"});
}

TEST(UnpackByProgram, AFormatThatTheProgramDoesNotReadIsNotAskedOfIt)
{
    Scripted program;
    const auto found = Unpacked::of("EGGA" + std::string(100, '\0'), with(program));
    EXPECT_TRUE(program.asked.empty());
    EXPECT_EQ(found.reasons(), std::vector<std::string>{"unsupported_archive"});
}

TEST(UnpackByProgram, EachEndThatIsNotCompleteIsAGapWithItsReason)
{
    const std::vector<std::pair<State, std::string>> rows{
        {State::unavailable, "unsupported_archive"},
        {State::unsupported, "unsupported_archive"},
        {State::encrypted, "encrypted_archive"},
        {State::damaged, "damaged_archive"},
        {State::timed_out, "timed_out"},
        {State::cut, "limit_member_bytes"},
        {State::too_many, "limit_members"}};
    for (const auto& [state, reason] : rows) {
        Scripted program;
        program.outcome = {state, "why", 0};
        EXPECT_EQ(Unpacked::of(udf(), with(program)).reasons(), std::vector<std::string>{reason});
    }
}

TEST(UnpackByProgram, LimitsHoldForWhatItGives)
{
    Scripted program;
    program.members = {
        {"a", base::as_bytes("123456789")}, {"b", base::as_bytes("1")}, {"c", base::as_bytes("1")}};
    auto options = with(program);
    options.limits.member_bytes_max = 4;
    options.limits.members_max = 2;
    const auto found = Unpacked::of(udf(), options);
    EXPECT_EQ(found.names(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(found.reasons(),
              (std::vector<std::string>{"limit_member_bytes: a", "limit_members"}));
}

TEST(UnpackByProgram, DamageOfAMemberIsToldBesideIt)
{
    Scripted program;
    program.members = {{"a", base::as_bytes("x"), ProgramMember::no_password, "short"}};
    const auto found = Unpacked::of(udf(), with(program));
    EXPECT_EQ(found.names(), std::vector<std::string>{"a"});
    EXPECT_EQ(found.reasons(), std::vector<std::string>{"damaged_archive: a"});
}

} // namespace
} // namespace watchpost::unpack::test
