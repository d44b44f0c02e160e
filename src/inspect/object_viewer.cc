#include "inspect/object_viewer.h"

#include <new>
#include <string>

#include "crypto/mac.h"
#include "images/colour_image.h"
#include "message/charset.h"
#include "message/text_links.h"

namespace watchpost::inspect {
namespace {

std::string hex_digest(crypto::Algorithm algorithm, base::ByteView bytes)
{
    return crypto::is_available(algorithm) ? base::to_hex(crypto::digest(algorithm, bytes).bytes())
                                           : std::string{};
}

void take(ObjectView& view, base::ByteView content)
{
    view.content.assign(content.begin(), content.end());
}

void view_whole(const Leaf& leaf, ObjectView& view)
{
    if (leaf.bytes.size() > object_bytes_max) {
        view.fault = "It is larger than " + base::to_readable_bytes(object_bytes_max) +
                     ", which is the most that is handed out. Take the raw message.";
        return;
    }
    take(view, leaf.bytes);
}

void view_text(const Leaf& leaf, ObjectView& view)
{
    const auto start = base::as_text(leaf.bytes).substr(0, view_text_bytes_max);
    view.was_cut = start.size() < leaf.bytes.size();
    view.charset = leaf.charset;
    const std::string text = leaf.charset.empty() ? message::guess_to_utf8(start)
                                                  : message::to_utf8(start, leaf.charset).text;
    take(view, base::as_bytes(message::cut_utf8(text, 3 * view_text_bytes_max)));
}

void view_octets(const Leaf& leaf, ObjectView& view)
{
    take(view, base::slice(leaf.bytes, 0, view_octets_max));
    view.was_cut = view.content.size() < leaf.bytes.size();
}

void view_image(const Leaf& leaf, ObjectView& view)
{
    auto reading = images::read_colour(leaf.bytes, {});
    if (reading.image.rgba.empty()) {
        view.fault = reading.gap == "limit_image_pixels"
                         ? "The image has too many pixels to be drawn (" + reading.detail + ")."
                         : "It cannot be drawn as an image: " + reading.detail + ".";
        return;
    }
    view.was_cut = !reading.gap.empty();
    const auto small = images::within(std::move(reading.image), view_image_side_max);
    auto png = images::to_png(small);
    if (!png) {
        view.fault = "The image cannot be written anew: " + png.error().message() + ".";
        return;
    }
    view.width = static_cast<std::uint32_t>(small.width);
    view.height = static_cast<std::uint32_t>(small.height);
    view.content = std::move(*png);
}

void fill(const Leaf& leaf, ObjectView& view)
{
    switch (view.form) {
    case ViewForm::whole:
        return view_whole(leaf, view);
    case ViewForm::text:
        return view_text(leaf, view);
    case ViewForm::octets:
        return view_octets(leaf, view);
    case ViewForm::image:
        return view_image(leaf, view);
    }
}

} // namespace

ObjectView make_view(const Leaf& leaf, ViewForm form)
{
    ObjectView view;
    view.form = form;
    view.real_type = leaf.real_type;
    view.size = leaf.bytes.size();
    view.sha1 = hex_digest(crypto::Algorithm::sha1, leaf.bytes);
    view.md5 = hex_digest(crypto::Algorithm::md5, leaf.bytes);
    try {
        fill(leaf, view);
    } catch (const std::bad_alloc&) {
        view.content = {};
        view.fault = "It needs more memory than an inspector has.";
    }
    return view;
}

void ObjectViewer::on_leaf(const Leaf& leaf, const Budget& /*budget*/, FindingSink& /*sink*/)
{
    const bool is_wished = !view_ && leaf.path == wish_.path && leaf.reading == wish_.reading &&
                           crypto::sha256(leaf.bytes) == wish_.sha256;
    if (is_wished) {
        view_ = make_view(leaf, wish_.form);
    }
}

} // namespace watchpost::inspect
