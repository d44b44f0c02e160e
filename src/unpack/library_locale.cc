#include "unpack/library_locale.h"

#include <ctime>

#include <iconv.h>
#include <locale.h> // newlocale, uselocale

namespace watchpost::unpack {
namespace {

locale_t utf8_locale()
{
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
}

} // namespace

Utf8Locale::Utf8Locale()
{
    if (utf8_locale() != nullptr) {
        previous_ = uselocale(utf8_locale());
    }
}

Utf8Locale::~Utf8Locale()
{
    if (previous_ != nullptr) {
        uselocale(static_cast<locale_t>(previous_));
    }
}

void load_library_tables()
{
    const Utf8Locale locale;
    tzset(); // dates of DOS are local time
    // LHA's Japanese names are the only ones that leave the library's own conversions; glibc keeps
    // the table for as long as somebody holds it.
    static const iconv_t held = iconv_open("UTF-8", "CP932");
    static_cast<void>(held);
}

} // namespace watchpost::unpack
