// Named limits of the MIME reader. Reaching one is a defect "limit_…", never silence, and makes the
// inspection partial.
#pragma once

#include <cstddef>

namespace watchpost::message {

struct Limits {
    std::size_t depth_max = 100;                          // multipart and message/rfc822 together
    std::size_t parts_max = 20'000;                       // of the whole message
    std::size_t header_bytes_max = std::size_t{4} << 20U; // of one part
    std::size_t header_fields_max = 20'000;               // of one part
    std::size_t parameters_max = 500;                     // of one field
    std::size_t defects_max = 5'000;                      // recorded, of the whole message
    std::size_t uu_blocks_max = 1'000;                    // files in one text
    std::size_t decoded_children_bytes_max = std::size_t{512}
                                             << 20U; // encoded message/rfc822 buffers
};

} // namespace watchpost::message
