#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inspect/password_candidates.h"
#include "inspect/password_cues.h"

namespace watchpost::inspect::test {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

using Texts = std::vector<std::string>;

Texts texts_of(const PasswordCandidates& candidates)
{
    Texts texts;
    for (const auto& password : candidates.in_order()) {
        texts.push_back(password.text);
    }
    return texts;
}

/// A text too long for every word of it to be tried.
std::string letter(std::string_view sentence)
{
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += "filler ";
    }
    return text + "\n\n" + std::string{sentence} + "\n\nfar away\n";
}

PasswordFacts known_facts()
{
    PasswordFacts facts;
    facts.sent_at = base::parse_rfc3339("2026-03-05T10:00:00Z");
    facts.file_names = {"Invoice 7.zip"};
    facts.addresses = {"bob@example.org"};
    return facts;
}

Texts candidates_of(std::string_view text)
{
    PasswordCandidates candidates;
    candidates.read_text(text, "test", known_facts());
    return texts_of(candidates);
}

struct Sentence {
    std::string_view text;
    std::string_view password;
};

class PasswordSentences : public testing::TestWithParam<Sentence> {};

TEST_P(PasswordSentences, GiveThePassword)
{
    EXPECT_THAT(candidates_of(letter(GetParam().text)), Contains(GetParam().password));
}

INSTANTIATE_TEST_SUITE_P(Forms, PasswordSentences,
                         testing::Values(Sentence{"Password: 8812", "8812"},
                                         Sentence{"PASSWORD = S3cret!", "S3cret!"},
                                         Sentence{"The password is 'two words'.", "two words"},
                                         Sentence{"Password for the attached file: abc.", "abc"},
                                         Sentence{"Use the pass code\n\n  4711\n", "4711"},
                                         Sentence{"Zx81-q is the password", "Zx81-q"},
                                         Sentence{"open it with pw 1234, please", "1234"},
                                         Sentence{"PIN: 0815", "0815"},
                                         Sentence{"Pass phrase: a long one", "a long one"},
                                         Sentence{"unlock with (77aa)", "77aa"},
                                         Sentence{"password:\u00A0nbsp1", "nbsp1"},
                                         Sentence{"Your password: \u201Cinside\u201D", "inside"},
                                         Sentence{"password is <b7>", "b7"}));

INSTANTIATE_TEST_SUITE_P(
    Languages, PasswordSentences,
    testing::Values(
        Sentence{"Das Kennwort lautet Winter24", "Winter24"},
        Sentence{"ZIP-PASSWORT: geheim", "geheim"}, Sentence{"Archivpasswort „Igel9“", "Igel9"},
        Sentence{"Le mot de passe est « Paris75 »", "Paris75"},
        Sentence{"La CONTRASEÑA del archivo es: toro5", "toro5"},
        Sentence{"Senha: abc123", "abc123"}, Sentence{"A palavra-passe é lisboa1", "lisboa1"},
        Sentence{"la parola d'ordine: roma", "roma"}, Sentence{"Wachtwoord: tulp8", "tulp8"},
        Sentence{"Lösenord: abba4", "abba4"}, Sentence{"Adgangskode: koge2", "koge2"},
        Sentence{"Passord: fjord3", "fjord3"}, Sentence{"Salasana: sauna1", "sauna1"},
        Sentence{"Hasło: kot55", "kot55"}, Sentence{"Heslo je: praha9", "praha9"},
        Sentence{"Jelszó: duna6", "duna6"}, Sentence{"Şifre: ankara06", "ankara06"},
        Sentence{"ПАРОЛЬ: Москва1", "Москва1"}, Sentence{"архив с паролем 5566", "5566"},
        Sentence{"Κωδικός: athina2", "athina2"}, Sentence{"Mật khẩu: hanoi1", "hanoi1"},
        Sentence{"解压密码：8899", "8899"}, Sentence{"密碼是abc123。", "abc123"},
        Sentence{"パスワードは1234です", "1234"}, Sentence{"パスワード「sakura」", "sakura"},
        Sentence{"비밀번호: seoul7", "seoul7"}, Sentence{"كلمة المرور: 9900", "9900"},
        Sentence{"סיסמה: 2468", "2468"}));

INSTANTIATE_TEST_SUITE_P(
    Meanings, PasswordSentences,
    testing::Values(Sentence{"The password is the year.", "2026"},
                    Sentence{"Das Passwort ist das aktuelle Jahr", "2026"},
                    Sentence{"Le mot de passe est l'année", "2026"},
                    Sentence{"пароль - текущий год", "2026"}, Sentence{"密码是今年", "2026"},
                    Sentence{"The password is today's date", "05.03.2026"},
                    Sentence{"password: date as DDMMYYYY", "05032026"},
                    Sentence{"The password is the file name", "Invoice 7"},
                    Sentence{"the password is your e-mail address", "bob@example.org"},
                    Sentence{"the password is the domain of your email", "example.org"}));

TEST(PasswordCandidates, TextWithoutACueGivesNone)
{
    EXPECT_THAT(candidates_of(letter("Shopping with 8812 and 'quoted' words")), IsEmpty());
}

TEST(PasswordCandidates, EveryWordOfAShortTextIsTried)
{
    EXPECT_THAT(candidates_of("see file, 7788"), Contains("7788"));
}

TEST(PasswordCandidates, WhatIsPointedAtComesBeforeWhatIsNear)
{
    const auto found = candidates_of(letter("the password that Bob2 uses: abc"));
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front(), "abc");
    EXPECT_THAT(found, Contains("Bob2"));
}

TEST(PasswordCandidates, NamesOfFilesAreReadByTheirPieces)
{
    PasswordCandidates candidates;
    candidates.read_file_name("invoice_pass-1234.zip");
    EXPECT_EQ(texts_of(candidates).front(), "1234");
    EXPECT_THAT(texts_of(candidates), Contains("invoice_pass-1234"));
}

TEST(PasswordCandidates, AreBoundedAndTheBestRemain)
{
    std::string text;
    for (int i = 0; i < 1'000; ++i) {
        text += "password near" + std::to_string(i) + "\n\n";
    }
    PasswordCandidates candidates;
    candidates.read_text(text, "first", {});
    candidates.read_text(letter("password: \"the one\""), "second", {});
    const auto found = candidates.in_order();
    EXPECT_EQ(found.size(), PasswordCandidates::count_max);
    EXPECT_EQ(found.front().text, "the one");
    EXPECT_EQ(found.front().source, "second");
}

TEST(PasswordCandidates, OrderIsTheSameEachTime)
{
    const auto text = letter("password: a1 b2 c3 \"d4\" (e5) the year, code f6 key g7");
    EXPECT_EQ(candidates_of(text), candidates_of(text));
}

/// The three standing tests: a text in pieces is no concern of this reader; it is cut anywhere.
TEST(PasswordCandidates, TextCutAnywhereIsReadToItsEnd)
{
    const std::string text = "ПАРОЛЬ: «x1», パスワード「y2」 password=\u00A0\"z3";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        for (const auto& found : candidates_of(std::string_view{text}.substr(0, size))) {
            EXPECT_THAT(found, Not(IsEmpty()));
            EXPECT_LE(found.size(), PasswordCandidates::password_bytes_max);
        }
    }
}

TEST(PasswordCues, FoldingKeepsThePlaces)
{
    const std::string text = "ÄÉ×Þ ŁŞŠ ΑΩ АПРЯЁ パ A";
    EXPECT_EQ(fold_case(text), "äé×þ łşš αω апряё パ a");
    EXPECT_EQ(fold_case(text).size(), text.size());
}

TEST(PasswordCues, WordsThatContainAShortCueAreNone)
{
    EXPECT_THAT(find_password_cues("shopping spinning encoder keyboard passing", 10), IsEmpty());
    EXPECT_EQ(find_password_cues("die zip-passwörter und kennwörter", 10).size(), 1U);
}

TEST(PasswordCues, AreBounded)
{
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += "pin pw ";
    }
    EXPECT_EQ(find_password_cues(text, 10).size(), 10U);
}

} // namespace
} // namespace watchpost::inspect::test
