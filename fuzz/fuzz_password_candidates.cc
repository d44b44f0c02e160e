// Whatever the text: places found in the folded text are places of the text, candidates keep their
// bounds, and the order is the same each time.
#include <algorithm>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "base/bytes.h"
#include "inspect/password_candidates.h"
#include "inspect/password_cues.h"

namespace inspect = watchpost::inspect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = watchpost::base::as_text(std::as_bytes(std::span{data, size}));
    WP_ASSERT(inspect::fold_case(text).size() == text.size());
    inspect::PasswordCandidates first;
    inspect::PasswordCandidates second;
    for (auto* candidates : {&first, &second}) {
        candidates->read_text(text, "text", {});
        candidates->read_file_name(text);
    }
    const auto found = first.in_order();
    WP_ASSERT(found.size() <= inspect::PasswordCandidates::count_max);
    WP_ASSERT(std::ranges::equal(found, second.in_order(), {}, &watchpost::unpack::Password::text,
                                 &watchpost::unpack::Password::text));
    return 0;
}
