// How an Office document says that it is encrypted, and what comes out with a key: whatever it
// says, no more rounds than the limit and no more octets than the stream.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "unpack/office_encryption.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    auto cipher = unpack::read_encryption_info(bytes);
    if (!cipher) {
        return 0;
    }
    if (cipher->rounds > unpack::OfficeCipher::rounds_max) {
        std::abort();
    }
    cipher->rounds = std::min<std::uint32_t>(cipher->rounds, 3);
    static_cast<void>(unpack::key_of_package(*cipher, "p\xC3\xA4"));
    const base::Bytes key(cipher->package.key_bytes != 0 ? cipher->package.key_bytes : 16);
    if (unpack::decrypt_package(*cipher, key, bytes).bytes.size() > size) {
        std::abort();
    }
    return 0;
}
