#include "unpack/unpack.h"

#include "unpack/archive.h"
#include "unpack/by_program.h"
#include "unpack/calendar.h"
#include "unpack/cms.h"
#include "unpack/disk.h"
#include "unpack/fat.h"
#include "unpack/format.h"
#include "unpack/library_locale.h"
#include "unpack/meter.h"
#include "unpack/office_xml.h"
#include "unpack/ole.h"
#include "unpack/onenote.h"
#include "unpack/pdf.h"
#include "unpack/rtf.h"
#include "unpack/shortcut.h"
#include "unpack/stream.h"
#include "unpack/svg.h"
#include "unpack/tnef.h"
#include "unpack/zip.h"
#include "unpack/zip_directory.h"

namespace watchpost::unpack {
namespace {

void open_with(const Format& format, base::ByteView bytes, std::string_view filename,
               Passwords& passwords, Program* program, Meter& meter)
{
    switch (format.opener) {
    case Opener::zip:
        return unpack_zip(bytes, passwords, meter);
    case Opener::ole:
        return unpack_ole(bytes, passwords, meter);
    case Opener::tnef:
        return unpack_tnef(bytes, meter);
    case Opener::rtf:
        return unpack_rtf(bytes, meter);
    case Opener::pdf:
        unpack_pdf(bytes, passwords, meter);
        if (ends_in_zip_directory(bytes)) { // it is both: programs for archives look at the end
            unpack_zip(bytes, passwords, meter);
        }
        return;
    case Opener::onenote:
        return unpack_onenote(bytes, meter);
    case Opener::shortcut:
        return unpack_shortcut(bytes, meter);
    case Opener::internet_shortcut:
        return unpack_internet_shortcut(bytes, meter);
    case Opener::calendar:
        return unpack_calendar(bytes, meter);
    case Opener::svg:
        return unpack_svg(bytes, meter);
    case Opener::cms:
        return unpack_cms(bytes, filename, meter);
    case Opener::office_xml:
        return refer_office_xml(bytes, meter);
    case Opener::fat:
        return unpack_fat(bytes, meter);
    case Opener::partitions:
        return unpack_partitions(bytes, meter);
    case Opener::vhd:
        return unpack_vhd(bytes, meter);
    case Opener::archive:
        return unpack_archive(format, bytes, passwords, program, meter);
    case Opener::stream:
        return unpack_stream(format, bytes, filename, meter);
    case Opener::none:
        return unpack_by_program(format, bytes, passwords, program, meter);
    }
}

} // namespace

std::string_view to_string(Reference::Kind kind) noexcept
{
    switch (kind) {
    case Reference::Kind::link:
        return "link";
    case Reference::Kind::form:
        return "form";
    case Reference::Kind::load:
        return "load";
    case Reference::Kind::launch:
        return "launch";
    case Reference::Kind::dde:
        return "dde";
    }
    return "";
}

std::string_view container_format(base::ByteView bytes)
{
    const auto located = locate_container(bytes);
    return located.format == nullptr ? std::string_view{} : located.format->name;
}

void warm_up()
{
    load_library_tables();
}

void unpack(base::ByteView bytes, std::string_view filename, Passwords& passwords,
            const Limits& limits, Usage& usage, base::Deadline deadline, MemberSink& sink,
            Program* program)
{
    const auto located = locate_container(bytes);
    Meter meter{limits, usage, deadline, bytes.size(), sink};
    if (located.format == nullptr) {
        meter.tell("", "unsupported_archive", "no container format is recognised");
        return;
    }
    const Utf8Locale locale;
    open_with(*located.format, bytes.subspan(located.offset), filename, passwords, program, meter);
    meter.close();
}

} // namespace watchpost::unpack
