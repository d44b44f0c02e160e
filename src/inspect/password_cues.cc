#include "inspect/password_cues.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace watchpost::inspect {
namespace {

using std::string_view;

enum class Place : std::uint8_t {
    word,    // stands by itself: "pin", not "shopping"
    stem,    // may be a part of a word, and go on: "Archivpasswort", "паролем"
    unspaced // of a script without blanks between words: what follows may be the password
};

struct CueWord {
    string_view word; // folded
    Place place;
};

constexpr auto cue_words = std::to_array<CueWord>({
    // English
    {"password", Place::stem},
    {"passwd", Place::stem},
    {"passcode", Place::stem},
    {"passphrase", Place::stem},
    {"pass phrase", Place::stem},
    {"pass code", Place::stem},
    {"passkey", Place::stem},
    {"pwd", Place::word},
    {"pw", Place::word},
    {"psw", Place::word},
    {"pass", Place::word},
    {"pin", Place::word},
    {"code", Place::word},
    {"key", Place::word},
    {"unlock", Place::word},
    {"decrypt", Place::stem},
    // German
    {"passwort", Place::stem},
    {"kennwort", Place::stem},
    {"kennwörter", Place::stem},
    {"zugangscode", Place::stem},
    {"schlüssel", Place::stem},
    // French
    {"mot de passe", Place::stem},
    {"mots de passe", Place::stem},
    {"mdp", Place::word},
    // Spanish, Portuguese, Italian, Catalan, Romanian, Turkish
    {"contraseñ", Place::stem},
    {"contrasen", Place::stem},
    {"contrasenya", Place::stem},
    {"clave", Place::word},
    {"senha", Place::stem},
    {"palavra-passe", Place::stem},
    {"palavra passe", Place::stem},
    {"parola", Place::stem},
    {"parolă", Place::stem},
    {"şifre", Place::stem},
    {"sifre", Place::word},
    // Dutch, Swedish, Danish, Norwegian, Finnish, Estonian, Latvian, Lithuanian
    {"wachtwoord", Place::stem},
    {"lösenord", Place::stem},
    {"adgangskode", Place::stem},
    {"kodeord", Place::stem},
    {"passord", Place::stem},
    {"salasana", Place::stem},
    {"parool", Place::stem},
    {"parole", Place::word},
    {"slaptažod", Place::stem},
    // Polish, Czech, Slovak, Hungarian, Croatian, Slovenian
    {"hasło", Place::stem},
    {"hasła", Place::stem},
    {"hasłem", Place::stem},
    {"haslo", Place::word},
    {"heslo", Place::stem},
    {"heslem", Place::stem},
    {"jelszó", Place::stem},
    {"jelszo", Place::stem},
    {"jelszav", Place::stem},
    {"lozink", Place::stem},
    {"geslo", Place::stem},
    // Russian, Ukrainian, Bulgarian, Serbian; Greek
    {"парол", Place::stem},
    {"код", Place::word},
    {"лозинк", Place::stem},
    {"κωδικ", Place::stem},
    {"συνθηματικ", Place::stem},
    // Vietnamese, Indonesian, Hindi, Thai, Arabic, Persian, Hebrew
    {"mật khẩu", Place::stem},
    {"kata sandi", Place::stem},
    {"पासवर्ड", Place::stem},
    {"รหัสผ่าน", Place::unspaced},
    {"كلمة المرور", Place::stem},
    {"كلمة السر", Place::stem},
    {"رمز عبور", Place::stem},
    {"סיסמ", Place::stem},
    // Chinese, Japanese, Korean
    {"密码", Place::unspaced},
    {"密碼", Place::unspaced},
    {"口令", Place::unspaced},
    {"解压码", Place::unspaced},
    {"提取码", Place::unspaced},
    {"パスワード", Place::unspaced},
    {"ﾊﾟｽﾜｰﾄﾞ", Place::unspaced},
    {"暗証番号", Place::unspaced},
    {"비밀번호", Place::unspaced},
    {"패스워드", Place::unspaced},
    {"암호", Place::unspaced},
});

struct MeaningWord {
    string_view word; // folded
    PasswordMeaning meaning;
};

constexpr auto meaning_words = std::to_array<MeaningWord>({
    {"year", PasswordMeaning::year},
    {"jahr", PasswordMeaning::year},
    {"année", PasswordMeaning::year},
    {"an en cours", PasswordMeaning::year},
    {"año", PasswordMeaning::year},
    {"ano ", PasswordMeaning::year},
    {"anno", PasswordMeaning::year},
    {"jaar", PasswordMeaning::year},
    {"rok", PasswordMeaning::year},
    {" год", PasswordMeaning::year},
    {"今年", PasswordMeaning::year},
    {"年份", PasswordMeaning::year},
    {"西暦", PasswordMeaning::year},
    {"date", PasswordMeaning::date},
    {"today", PasswordMeaning::date},
    {"datum", PasswordMeaning::date},
    {"heute", PasswordMeaning::date},
    {"fecha", PasswordMeaning::date},
    {"data", PasswordMeaning::date},
    {"hoje", PasswordMeaning::date},
    {"дат", PasswordMeaning::date},
    {"日期", PasswordMeaning::date},
    {"日付", PasswordMeaning::date},
    {"file name", PasswordMeaning::file_name},
    {"filename", PasswordMeaning::file_name},
    {"name of the file", PasswordMeaning::file_name},
    {"name of the archive", PasswordMeaning::file_name},
    {"dateiname", PasswordMeaning::file_name},
    {"nom du fichier", PasswordMeaning::file_name},
    {"nombre del archivo", PasswordMeaning::file_name},
    {"nome do arquivo", PasswordMeaning::file_name},
    {"nome del file", PasswordMeaning::file_name},
    {"имя файла", PasswordMeaning::file_name},
    {"文件名", PasswordMeaning::file_name},
    {"ファイル名", PasswordMeaning::file_name},
    {"email", PasswordMeaning::address},
    {"e-mail", PasswordMeaning::address},
    {"mail address", PasswordMeaning::address},
    {"mailadresse", PasswordMeaning::address},
    {"adresse mail", PasswordMeaning::address},
    {"correo", PasswordMeaning::address},
    {"domain", PasswordMeaning::address},
    {"почт", PasswordMeaning::address},
    {"邮箱", PasswordMeaning::address},
    {"メールアドレス", PasswordMeaning::address},
});

bool goes_on(char c) noexcept
{
    return base::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80U;
}

/// The place of the word with the rest of that which it is a part of.
Cue widen(string_view text, const CueWord& word, std::size_t at)
{
    Cue cue{at, at + word.word.size()};
    while (word.place == Place::stem && cue.begin > 0 && base::is_alpha(text[cue.begin - 1])) {
        --cue.begin;
    }
    while (word.place == Place::stem && cue.end < text.size() && goes_on(text[cue.end]) &&
           !base::is_digit(text[cue.end])) {
        ++cue.end;
    }
    return cue;
}

bool stands_alone(string_view text, std::size_t begin, std::size_t end)
{
    return (begin == 0 || !goes_on(text[begin - 1])) && (end >= text.size() || !goes_on(text[end]));
}

} // namespace

/// UTF-8: Latin-1 C3 80–9E, Greek CE 91–A9, Cyrillic D0 80–AF have their small letters at a fixed
/// distance; in most of Latin Extended-A the small one is the next.
std::string fold_case(string_view text)
{
    std::string folded{text};
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const auto lead = static_cast<unsigned char>(folded[i]);
        if (lead < 0x80U) {
            folded[i] = base::to_lower(folded[i]);
            continue;
        }
        const bool has_capitals =
            (lead >= 0xC3U && lead <= 0xC5U) || lead == 0xCEU || lead == 0xD0U;
        if (!has_capitals || i + 1 == folded.size()) {
            continue;
        }
        auto next = static_cast<unsigned char>(folded[i + 1]);
        auto first = lead;
        if ((lead == 0xC3U && next >= 0x80U && next <= 0x9EU && next != 0x97U) ||
            (lead == 0xCEU && next >= 0x91U && next <= 0x9FU) ||
            (lead == 0xD0U && next >= 0x90U && next <= 0x9FU)) {
            next = static_cast<unsigned char>(next + 0x20U);
        } else if ((lead == 0xCEU && next >= 0xA0U && next <= 0xA9U) ||
                   (lead == 0xD0U && next >= 0xA0U && next <= 0xAFU)) {
            next = static_cast<unsigned char>(next - 0x20U);
            first = static_cast<unsigned char>(lead + 1);
        } else if ((lead == 0xC5U && next == 0x81U) || // Ł
                   ((lead == 0xC4U || lead == 0xC5U) && next >= 0x8AU && next <= 0xB6U &&
                    next % 2 == 0)) {
            ++next;
        } else if (lead == 0xD0U && next <= 0x8FU) {
            next = static_cast<unsigned char>(next + 0x10U);
            first = 0xD1U;
        }
        folded[i] = static_cast<char>(first);
        folded[i + 1] = static_cast<char>(next);
        ++i;
    }
    return folded;
}

std::vector<Cue> find_password_cues(string_view folded, std::size_t count_max)
{
    std::vector<Cue> cues;
    for (const CueWord& word : cue_words) {
        std::size_t of_this_word = 0;
        for (auto at = folded.find(word.word); at != string_view::npos && of_this_word < count_max;
             at = folded.find(word.word, at + word.word.size())) {
            if (word.place != Place::word || stands_alone(folded, at, at + word.word.size())) {
                cues.push_back(widen(folded, word, at));
                ++of_this_word;
            }
        }
    }
    std::ranges::sort(cues, {}, [](const Cue& cue) { return std::pair{cue.begin, cue.end}; });
    // Of two words in one place ("passwort" has "pass" in it) the longer one counts.
    std::vector<Cue> distinct;
    for (const Cue& cue : cues) {
        if (!distinct.empty() && cue.begin < distinct.back().end) {
            distinct.back().end = std::max(distinct.back().end, cue.end);
        } else if (distinct.size() < count_max) {
            distinct.push_back(cue);
        }
    }
    return distinct;
}

std::vector<PasswordMeaning> find_password_meanings(string_view folded)
{
    std::vector<PasswordMeaning> meanings;
    for (const MeaningWord& word : meaning_words) {
        if (folded.find(word.word) != string_view::npos &&
            std::ranges::find(meanings, word.meaning) == meanings.end()) {
            meanings.push_back(word.meaning);
        }
    }
    return meanings;
}

} // namespace watchpost::inspect
