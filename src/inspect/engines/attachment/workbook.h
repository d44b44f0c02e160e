// What a workbook can start without VBA: sheets of Excel 4.0 macros, names that run them, links by
// DDE. [MS-XLS] (BIFF5, BIFF8), [MS-XLSB], ECMA-376, SYLK. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace watchpost::inspect::attachment {

struct WorkbookFacts {
    bool has_macro_sheet = false;
    bool has_hidden_macro_sheet = false;
    bool has_auto_name = false; // Auto_Open and the like
    std::string dde;            // "program|topic" of the first link; empty where there is none
};

/// The stream "Workbook" or "Book" of an XLS file. Records are read as far as they hold.
[[nodiscard]] WorkbookFacts read_workbook_stream(base::ByteView stream);

/// xl/externalLinks/externalLink1.bin of an XLSB file: "program|topic", empty where it is another
/// link. [MS-XLSB] §2.4.203 BrtBeginSupBook.
[[nodiscard]] std::string dde_of_external_link(base::ByteView part);

/// Whether [Content_Types].xml names a sheet of Excel 4.0 macros.
[[nodiscard]] bool declares_macro_sheet(base::ByteView content_types);

/// workbook.xml or workbook.bin: _xlnm.Auto_Open and the like.
[[nodiscard]] bool has_auto_name(base::ByteView workbook);

/// A SYLK file (.slk) with Excel 4.0 macros: the options record O;E, or a name Auto_Open.
[[nodiscard]] WorkbookFacts read_sylk(std::string_view text);

} // namespace watchpost::inspect::attachment
