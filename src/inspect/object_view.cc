#include "inspect/object_view.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "diag/quote.h"
#include "ipc/wire.h"

namespace watchpost::inspect {
namespace {

using base::ErrorCode;
using base::Result;
using base::Retry;

constexpr std::array<std::string_view, 4> form_names{"whole", "text", "octets", "image"};
constexpr std::size_t word_bytes_max = 1'024; // of a type, a charset, a digest, a sentence
constexpr std::size_t path_bytes_max = std::size_t{64} << 10U;
constexpr std::string_view png_signature = "\x89PNG\r\n\x1a\n";

/// A PNG may be larger than its pixels; each octet of input may become three of UTF-8.
std::uint64_t content_bytes_max(ViewForm form)
{
    switch (form) {
    case ViewForm::whole:
        return object_bytes_max;
    case ViewForm::text:
        return 3 * view_text_bytes_max;
    case ViewForm::octets:
        return view_octets_max;
    case ViewForm::image:
        break;
    }
    return 5 * view_image_side_max * view_image_side_max;
}

base::Failure violation(std::string what)
{
    return base::fail(ErrorCode::protocol_violation, Retry::never, std::move(what));
}

bool is_digest(const std::string& text, std::size_t digits)
{
    return text.empty() || (text.size() == digits && base::parse_hex(text).has_value());
}

/// Is it what its form promises? Whoever shows it relies on that.
bool is_sound(const ObjectView& view)
{
    const auto content = base::as_text(view.content);
    const auto is_text = [](std::string_view text) { return diag::to_valid_utf8(text) == text; };
    if (!is_text(view.real_type) || !is_text(view.charset) || !is_text(view.fault) ||
        !is_digest(view.sha1, 40) || !is_digest(view.md5, 32) ||
        (!view.fault.empty() && !content.empty())) {
        return false;
    }
    switch (view.form) {
    case ViewForm::whole:
        return view.fault.empty() ? content.size() == view.size : true;
    case ViewForm::text:
        return is_text(content);
    case ViewForm::octets:
        return content.size() <= view.size;
    case ViewForm::image:
        break;
    }
    return !view.fault.empty() ||
           (content.starts_with(png_signature) && view.width <= view_image_side_max &&
            view.height <= view_image_side_max);
}

} // namespace

std::string_view to_string(ViewForm form) noexcept
{
    return form_names.at(static_cast<std::size_t>(form));
}

std::optional<ViewForm> parse_view_form(std::string_view text) noexcept
{
    const auto* const found = std::ranges::find(form_names, text);
    return found == form_names.end()
               ? std::nullopt
               : std::optional{static_cast<ViewForm>(found - form_names.begin())};
}

std::uint64_t encoded_view_bytes_max() noexcept
{
    return object_bytes_max + 8 * word_bytes_max;
}

base::Bytes encode_view(const ObjectView& view)
{
    ipc::WireWriter writer;
    writer.put_u8(static_cast<std::uint8_t>(view.form));
    for (const std::string* text :
         {&view.real_type, &view.charset, &view.sha1, &view.md5, &view.fault}) {
        writer.put_text(std::string_view{*text}.substr(0, word_bytes_max));
    }
    writer.put_u64(view.size);
    writer.put_u32(view.width);
    writer.put_u32(view.height);
    writer.put_u8(view.was_cut ? 1 : 0);
    writer.put_bytes(view.content);
    return writer.take();
}

Result<ObjectView> decode_view(base::ByteView bytes, ViewForm form)
{
    ipc::WireReader reader{bytes};
    ObjectView view;
    if (reader.u8() != static_cast<std::uint8_t>(form)) {
        return violation("a view of another form than was asked for");
    }
    view.form = form;
    for (std::string* text : {&view.real_type, &view.charset, &view.sha1, &view.md5, &view.fault}) {
        *text = reader.text(word_bytes_max);
    }
    view.size = reader.u64();
    view.width = reader.u32();
    view.height = reader.u32();
    view.was_cut = reader.u8() != 0;
    const auto content = reader.bytes(content_bytes_max(form));
    view.content.assign(content.begin(), content.end());
    if (auto finished = reader.finish(); !finished) {
        return base::fail(std::move(finished.error()));
    }
    return is_sound(view) ? Result<ObjectView>{std::move(view)}
                          : violation("a view that is not what its form promises");
}

base::Bytes encode_wish(const ObjectWish& wish)
{
    ipc::WireWriter writer;
    writer.put_text(wish.path);
    writer.put_text(wish.reading);
    writer.put_bytes(std::as_bytes(std::span{wish.sha256}));
    writer.put_u8(static_cast<std::uint8_t>(wish.form));
    return writer.take();
}

Result<ObjectWish> decode_wish(base::ByteView bytes)
{
    ipc::WireReader reader{bytes};
    ObjectWish wish;
    wish.path = reader.text(path_bytes_max);
    wish.reading = reader.text(path_bytes_max);
    const auto digest = reader.bytes(wish.sha256.size());
    const auto form = reader.u8();
    if (auto finished = reader.finish(); !finished) {
        return base::fail(std::move(finished.error()));
    }
    if (digest.size() != wish.sha256.size() || form >= form_names.size()) {
        return violation("a wish for an object that is none");
    }
    std::ranges::transform(digest, wish.sha256.begin(),
                           [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
    wish.form = static_cast<ViewForm>(form);
    return wish;
}

} // namespace watchpost::inspect
