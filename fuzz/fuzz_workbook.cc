// Records of workbooks, SYLK, links of XLSB, cells: what is given is short.
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "inspect/engines/attachment/workbook.h"
#include "unpack/dde_formula.h"

using namespace watchpost::inspect::attachment;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto text = watchpost::base::as_text(bytes);
    WP_ASSERT(read_workbook_stream(bytes).dde.size() <= 0xFF);
    WP_ASSERT(dde_of_external_link(bytes).size() <= 2 * 1'024 + 1);
    WP_ASSERT(watchpost::unpack::find_dde_formula(text).size() <= 256 + 1'024);
    static_cast<void>(read_sylk(text));
    static_cast<void>(declares_macro_sheet(bytes) || has_auto_name(bytes));
    return 0;
}
