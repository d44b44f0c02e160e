// What may open something encrypted, and where each password is from.
//
// Asked only where something encrypted is met: gathering passwords may cost time. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::unpack {

/// Tries in one container; what is still closed then is told with this figure.
inline constexpr std::size_t password_tries_max = 2'000;

/// … and rounds of hashing in all of them, where a format asks for many.
inline constexpr std::uint64_t password_rounds_max = 10'000'000;

struct Password {
    enum class Origin : std::uint8_t {
        settings, // of the operator; never told
        program,  // the program that opens such files tries it by itself
        message   // of the message itself, which shows it to whoever reads it
    };
    std::string text;
    Origin origin = Origin::settings;
    std::string_view source = "the configured list"; // static: "the message's subject" …
};

class Passwords {
public:
    Passwords() = default;
    virtual ~Passwords() = default;
    Passwords(const Passwords&) = delete;
    Passwords& operator=(const Passwords&) = delete;

    /// In the order in which they are to be tried. Valid until something is delivered to a sink, or
    /// the object is asked again.
    [[nodiscard]] virtual const std::vector<Password>& known() = 0;
};

/// Why something is still closed: "none of the 12 known passwords opens it".
[[nodiscard]] std::string describe_failed_passwords(std::size_t known, std::size_t tried);

/// Those of a list, and no others.
class PasswordList final : public Passwords {
public:
    explicit PasswordList(const std::vector<std::string>& texts)
    {
        for (const auto& text : texts) {
            passwords_.push_back({text});
        }
    }
    [[nodiscard]] const std::vector<Password>& known() override { return passwords_; }

private:
    std::vector<Password> passwords_;
};

} // namespace watchpost::unpack
