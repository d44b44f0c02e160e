// Encrypted Office documents: [MS-OFFCRYPTO], agile and standard encryption of a whole package. By
// libcrypto, which does not appear here.
//
// Every number of the document is an attacker's: rounds and sizes are bounded before they are used.
// Pure but for the time that it takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace watchpost::unpack {

/// Excel opens a workbook with this one without asking. [MS-OFFCRYPTO] §2.2.10 names it for XOR.
inline constexpr std::string_view excel_default_password = "VelvetSweatshop";

/// How one document is encrypted.
struct OfficeCipher {
    enum class Kind : std::uint8_t { standard, agile };
    enum class Hash : std::uint8_t { md5, sha1, sha256, sha384, sha512 };

    /// Office writes 100,000 (agile) or 50,000 (standard, fixed). [MS-OFFCRYPTO] allows 10,000,000.
    static constexpr std::uint32_t rounds_max = 1'000'000;

    struct Key { // of the package, or of the password
        base::Bytes salt;
        std::size_t key_bytes = 0; // 16, 24, 32
        Hash hash = Hash::sha1;
    };

    Kind kind = Kind::standard;
    std::uint32_t rounds = 50'000;
    Key password;
    Key package;               // agile
    base::Bytes verifier;      // encrypted
    base::Bytes verifier_hash; // encrypted
    base::Bytes key_value;     // agile: encrypted
    base::Bytes hmac_key;      // agile: encrypted
    base::Bytes hmac_value;    // agile: encrypted
};

/// Reads the stream "EncryptionInfo". ErrorCode::unsupported and limit_exceeded name what it asks
/// for, damaged what does not hold.
[[nodiscard]] base::Result<OfficeCipher> read_encryption_info(base::ByteView info);

/// The key of the package, where the verifier bears the password out. `password` is UTF-8.
[[nodiscard]] std::optional<base::Bytes> key_of_package(const OfficeCipher& cipher,
                                                        std::string_view password);

struct OfficePackage {
    base::Bytes bytes;
    bool is_whole = false; // size and, where there is one, HMAC hold
};

/// The stream "EncryptedPackage" in clear.
[[nodiscard]] OfficePackage decrypt_package(const OfficeCipher& cipher, base::ByteView key,
                                            base::ByteView stream);

} // namespace watchpost::unpack
