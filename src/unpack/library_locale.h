// What libarchive needs of the C library's locales.
#pragma once

namespace watchpost::unpack {

/// The library's conversions of names go by the thread's locale; this makes it UTF-8 while it
/// lives, for which the library needs no iconv.
class Utf8Locale {
public:
    Utf8Locale();
    ~Utf8Locale();
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;

private:
    void* previous_ = nullptr; // a locale_t
};

/// What the library would have the C library load later: see unpack::warm_up().
void load_library_tables();

} // namespace watchpost::unpack
