// What 7-Zip prints of an attacker's archive: a list that lies, and octets that do not fit it. Each
// octet comes out once, or a limit has ended it.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "unpack/seven_zip.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto list = unpack::parse_seven_zip_list(base::as_text(bytes), 100);
    unpack::MemberSplitter splitter{list, 1'000};
    splitter.feed(bytes.first(size / 2));
    splitter.feed(bytes.subspan(size / 2));
    splitter.finish();
    std::size_t given = 0;
    bool was_cut = false;
    while (const auto piece = splitter.take()) {
        given += piece->content.size();
        was_cut = was_cut || piece->is_cut;
    }
    if (list.members.size() > 100 || (given != size && !was_cut)) {
        std::abort();
    }
    return 0;
}
