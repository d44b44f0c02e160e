#include "net/address_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace watchpost::net::test {
namespace {

using ::testing::ElementsAre;

class AddressMemories : public ::testing::Test {
protected:
    base::Deadline now{std::chrono::hours{1}};
    AddressMemory memory{[this] { return now; }};

    [[nodiscard]] std::vector<std::string> order(std::vector<std::string> addresses) const
    {
        return memory.put_last("mail.test", 995, std::move(addresses));
    }
    void fail(std::string_view address) { memory.note_failure("mail.test", 995, address); }
};

TEST_F(AddressMemories, WhatHasFailedComesLastAndIsNeverLeftOut)
{
    fail("a");
    EXPECT_THAT(order({"a", "b", "c"}), ElementsAre("b", "c", "a"));
    EXPECT_THAT(order({"a"}), ElementsAre("a"));
}

TEST_F(AddressMemories, OfSeveralTheOneFirstThatFailedLongestAgo)
{
    fail("a");
    fail("b");
    fail("a"); // again, and so later than b
    EXPECT_THAT(order({"a", "b", "c"}), ElementsAre("c", "b", "a"));
}

TEST_F(AddressMemories, FailureIsForgottenAfterItsTime)
{
    fail("a");
    now += AddressMemory::remembered_max - std::chrono::milliseconds{1};
    EXPECT_TRUE(memory.has_failed("mail.test", 995, "a"));
    now += std::chrono::milliseconds{1};
    EXPECT_FALSE(memory.has_failed("mail.test", 995, "a"));
    EXPECT_THAT(order({"a", "b"}), ElementsAre("a", "b"));
}

TEST_F(AddressMemories, OtherPortsAndServersAreNotConcerned)
{
    fail("a");
    EXPECT_FALSE(memory.has_failed("mail.test", 110, "a"));
    EXPECT_FALSE(memory.has_failed("other.test", 995, "a"));
}

TEST_F(AddressMemories, ForgetIsForOneServer)
{
    fail("a");
    memory.note_failure("other.test", 995, "a");
    memory.forget("mail.test", 995);
    EXPECT_FALSE(memory.has_failed("mail.test", 995, "a"));
    EXPECT_TRUE(memory.has_failed("other.test", 995, "a"));
}

TEST_F(AddressMemories, BeyondTheLimitTheOldestIsForgotten)
{
    for (std::size_t i = 0; i <= AddressMemory::addresses_max; ++i) {
        fail(std::to_string(i));
    }
    EXPECT_FALSE(memory.has_failed("mail.test", 995, "0"));
    EXPECT_TRUE(memory.has_failed("mail.test", 995, "1"));
}

void use_often(AddressMemory& memory, const std::string& address)
{
    for (int times = 0; times < 500; ++times) {
        memory.note_failure("mail.test", 995, address);
        static_cast<void>(memory.put_last("mail.test", 995, {"0", "1", "2", "3"}));
        memory.forget("other.test", 995);
    }
}

TEST(AddressMemory, IsSharedByThreads)
{
    AddressMemory memory;
    {
        std::vector<std::jthread> sessions;
        sessions.reserve(4);
        for (int i = 0; i < 4; ++i) {
            sessions.emplace_back([&memory, i] { use_often(memory, std::to_string(i)); });
        }
    }
    EXPECT_TRUE(memory.has_failed("mail.test", 995, "3"));
}

} // namespace
} // namespace watchpost::net::test
