#include "unpack/pdf_objects.h"

#include <algorithm>
#include <exception>
#include <span>
#include <stdexcept>
#include <utility>

namespace watchpost::unpack {

PdfContent read_pdf_stream(QPDFObjectHandle stream, PdfFilters filters, Meter& meter)
{
    PdfContent content;
    Pl_Function keep{"member", nullptr, [&](const unsigned char* data, std::size_t count) {
                         content.stop =
                             meter.keep(std::as_bytes(std::span{data, count}), content.bytes);
                         if (content.stop != Stop::none) {
                             throw std::runtime_error{"limit"}; // qpdf leaves the stream then
                         }
                     }};
    try {
        const auto level = filters == PdfFilters::undone ? qpdf_dl_specialized : qpdf_dl_none;
        bool was_tried = false;
        content.is_whole = stream.pipeStreamData(&keep, &was_tried, 0, level, true, true);
    } catch (const std::exception&) { // of a filter, or ours
        content.is_whole = false;
    }
    return content;
}

std::vector<std::string> pdf_names_of(QPDFObjectHandle specification)
{
    std::vector<std::string> names;
    const auto add = [&names](QPDFObjectHandle value) {
        auto name = value.isString() ? value.getUTF8Value() : std::string{};
        if (!name.empty() && std::ranges::find(names, name) == names.end()) {
            names.push_back(std::move(name));
        }
    };
    add(specification);
    for (const char* key : {"/UF", "/F", "/Unix", "/DOS", "/Mac"}) {
        if (specification.isDictionary()) {
            add(specification.getKey(key));
        }
    }
    return names;
}

} // namespace watchpost::unpack
