// No message of the mail corpora is taken for a journal report, and nothing about it is noted.
#include <gtest/gtest.h>

#include <filesystem>

#include "copy_text.h"
#include "support/temp_dir.h"

namespace watchpost::copies {
namespace {

namespace fs = std::filesystem;

TEST(CopyCorpus, OrdinaryMailIsShownAsItCame)
{
    const auto shared = watchpost::test::shared_dir();
    if (shared.empty()) {
        GTEST_SKIP() << "needs ../shared/corpus/mail";
    }
    std::size_t messages = 0;
    for (const auto& entry : fs::recursive_directory_iterator{shared / "corpus/mail"}) {
        if (!entry.is_regular_file()) {
            continue;
        }
        const auto text = watchpost::test::read_file(entry.path());
        const auto message = message::Message::parse(base::as_bytes(text));
        const auto reading = read_copy(message, model::CopySetting::automatic);
        EXPECT_EQ(reading.shown, nullptr) << entry.path();
        EXPECT_TRUE(reading.notes.empty()) << entry.path();
        ++messages;
    }
    EXPECT_GT(messages, 100U);
}

} // namespace
} // namespace watchpost::copies
