// What a PDF carries: embedded files, scripts, forms in XML, JPEG images as members; where it leads
// as references. Wraps qpdf.
#pragma once

#include "base/bytes.h"
#include "unpack/meter.h"
#include "unpack/passwords.h"

namespace watchpost::unpack {

/// Every object that the file's tables or, where those are damaged, the file itself shows is looked
/// at, whether a page uses it or not. An encrypted file is opened without a password, else with the
/// first that fits.
void unpack_pdf(base::ByteView bytes, Passwords& passwords, Meter& meter);

} // namespace watchpost::unpack
