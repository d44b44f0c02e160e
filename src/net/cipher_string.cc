#include "net/cipher_string.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "diag/quote.h"

namespace watchpost::net {

namespace {

using base::Result;

constexpr std::string_view separators = ":,; "; // as OpenSSL has them
constexpr std::size_t bytes_max = 4096;         // of the whole string; each word costs a look-up

/// Words that OpenSSL knows or knew, but for which this build may have no suite left. They stand in
/// many strings to exclude what is old, so they pass even though they change nothing.
constexpr std::array<std::string_view, 34> words_without_suites{
    "eNULL", "NULL",  "aNULL",  "ADH",    "AECDH", "LOW",   "EXP",     "EXPORT", "EXPORT40",
    "DES",   "3DES",  "RC2",    "RC4",    "IDEA",  "SEED",  "MD5",     "DSS",    "aDSS",
    "kDHr",  "kDHd",  "kECDHr", "kECDHe", "aDH",   "aECDH", "kSRP",    "aSRP",   "SRP",
    "SSLv2", "SSLv3", "FIPS",   "kGOST",  "aGOST", "KRB5",  "EXPORT56"};

base::Failure refuse(std::string_view word, std::string_view why)
{
    return base::fail(base::ErrorCode::invalid_argument, base::Retry::never,
                      "ciphers: \"" + diag::quote(word) + "\" " + std::string{why});
}

std::vector<std::string_view> split(std::string_view text, std::string_view at_any_of)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(at_any_of), text.size());
        if (end > 0) {
            words.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

SslContext scratch_context()
{
    SslContext context{SSL_CTX_new(TLS_client_method())};
    WP_ASSERT(context != nullptr);
    return context;
}

/// "AES256", "ECDHE-RSA-AES128-GCM-SHA256": OpenSSL finds a suite for it, or it is one of ours.
bool is_known_word(const std::string& word)
{
    const auto& known = words_without_suites;
    if (std::find(known.begin(), known.end(), word) != known.end()) {
        return true;
    }
    const std::string alone = word + ":@SECLEVEL=0";
    const bool found = SSL_CTX_set_cipher_list(scratch_context().get(), alone.c_str()) == 1;
    ERR_clear_error();
    return found;
}

Result<void> check_tls13_suite(const std::string& name)
{
    const std::string openssl_name = OPENSSL_cipher_name(name.c_str());
    if (openssl_name == name) {
        return {};
    }
    if (openssl_name != "(NONE)") {
        return refuse(name, "is a suite of TLS 1.2; here it is called " + openssl_name);
    }
    return refuse(name, "is not a TLS 1.3 suite; choose from TLS_AES_256_GCM_SHA384, "
                        "TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256, "
                        "TLS_AES_128_CCM_SHA256, TLS_AES_128_CCM_8_SHA256");
}

/// "@STRENGTH", "@SECLEVEL=2", without the "@".
Result<void> check_command(std::string_view command)
{
    const bool is_level = command.starts_with("SECLEVEL=") && command.size() == 10 &&
                          command[9] >= '0' && command[9] <= '5';
    if (is_level || command == "STRENGTH") {
        return {};
    }
    return refuse("@" + std::string{command}, "is not a command; there are @STRENGTH and "
                                              "@SECLEVEL=0 to @SECLEVEL=5");
}

/// "!aNULL", "ECDHE+AESGCM": one item of the list for TLS 1.2, without commands.
Result<void> check_item(std::string_view item, bool is_first)
{
    if (item == "DEFAULT") {
        return is_first ? Result<void>{} : refuse(item, "has a meaning as the first word only");
    }
    std::string_view words = item;
    if (words.front() == '!' || words.front() == '-' || words.front() == '+') {
        words.remove_prefix(1);
    }
    if (words.empty()) {
        return refuse(item, "stands alone; a name must follow it");
    }
    for (const std::string_view word : split(words, "+")) {
        if (!is_known_word(std::string{word})) {
            return refuse(word, "is not known to OpenSSL; mend or remove it (openssl-ciphers(1) "
                                "lists the words)");
        }
    }
    return {};
}

/// What OpenSSL's strings are made of. Above all no NUL: it would cut off what follows in the list
/// that OpenSSL gets, our own exclusions too.
bool is_cipher_character(char c) noexcept
{
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_digit = c >= '0' && c <= '9';
    const std::string_view others = "+-!@=_.";
    return is_letter || is_digit || others.find(c) != std::string_view::npos ||
           separators.find(c) != std::string_view::npos;
}

Result<void> check_text(std::string_view text)
{
    if (text.size() > bytes_max) {
        return refuse(text.substr(0, 40),
                      "and so on is longer than " + std::to_string(bytes_max) + " characters");
    }
    if (!std::all_of(text.begin(), text.end(), is_cipher_character)) {
        return refuse(text, "has a character that no cipher string has");
    }
    return {};
}

struct Lists {
    std::string tls12; // with commands
    std::string tls13;
    bool names_tls12 = false; // anything beside commands
};

void append(std::string& list, std::string_view word)
{
    list += (list.empty() ? "" : ":") + std::string{word};
}

/// One word between separators: an item, to which commands may be glued ("DEFAULT@SECLEVEL=1").
Result<void> add_tls12_word(std::string_view word, Lists& lists)
{
    const auto parts = split(word, "@");
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool is_command = i > 0 || word.front() == '@';
        auto checked =
            is_command ? check_command(parts[i]) : check_item(parts[i], !lists.names_tls12);
        if (!checked) {
            return checked;
        }
        lists.names_tls12 = lists.names_tls12 || !is_command;
    }
    append(lists.tls12, word);
    return {};
}

/// "TLS_AES_256_GCM_SHA384", to which commands may be glued as well.
Result<void> add_tls13_word(std::string_view word, Lists& lists)
{
    const std::string name{word.substr(0, word.find('@'))};
    if (auto checked = check_tls13_suite(name); !checked) {
        return checked;
    }
    append(lists.tls13, name);
    word.remove_prefix(name.size());
    return word.empty() ? Result<void>{} : add_tls12_word(word, lists);
}

Result<Lists> parse(std::string_view text)
{
    if (auto checked = check_text(text); !checked) {
        return base::fail(std::move(checked).error());
    }
    Lists lists;
    for (const std::string_view word : split(text, separators)) {
        if (word.size() > 1 && word.substr(1).starts_with("TLS_")) {
            return refuse(word, "cannot be used: TLS 1.3 suites can only be listed, not excluded "
                                "or moved");
        }
        auto added =
            word.starts_with("TLS_") ? add_tls13_word(word, lists) : add_tls12_word(word, lists);
        if (!added) {
            return base::fail(std::move(added).error());
        }
    }
    return lists;
}

} // namespace

Result<void> apply_cipher_string(SSL_CTX* context, std::string_view text)
{
    auto lists = parse(text);
    if (!lists) {
        return base::fail(std::move(lists).error());
    }
    ERR_clear_error();
    if (!lists->tls13.empty() && SSL_CTX_set_ciphersuites(context, lists->tls13.c_str()) != 1) {
        return refuse(lists->tls13, "is refused by OpenSSL: " + take_openssl_reason());
    }
    // "!": nothing later in the string can bring them back. Without encryption the password would
    // travel in clear, without a certificate no policy could hold.
    const std::string start = lists->names_tls12 ? "" : "DEFAULT:";
    const std::string list = start + lists->tls12 + ":!aNULL:!eNULL";
    if (!lists->tls12.empty() && SSL_CTX_set_cipher_list(context, list.c_str()) != 1) {
        return refuse(text, "leaves no cipher suite that encrypts and has a certificate: " +
                                take_openssl_reason());
    }
    if (offered_cipher_suites(context).empty()) {
        return refuse(text, "leaves no cipher suite at security level " +
                                std::to_string(SSL_CTX_get_security_level(context)));
    }
    return {};
}

std::vector<std::string> offered_cipher_suites(SSL_CTX* context)
{
    const Ssl ssl{SSL_new(context)};
    WP_ASSERT(ssl != nullptr);
    STACK_OF(SSL_CIPHER)* const ciphers = SSL_get1_supported_ciphers(ssl.get());
    std::vector<std::string> names;
    const int count = std::max(sk_SSL_CIPHER_num(ciphers), 0); // -1: none at all
    names.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        names.emplace_back(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i)));
    }
    sk_SSL_CIPHER_free(ciphers);
    return names;
}

} // namespace watchpost::net
