// Leaves that programs open as HTML: what they show and hide, and the files that stand in them.
#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "inspect/html_leaf.h"
#include "inspect/walk.h"
#include "message/text_links.h"

namespace watchpost::inspect {

namespace {

constexpr std::size_t document_bytes_max = std::size_t{16} << 20U; // as UTF-8
constexpr std::size_t kept_bytes_max = std::size_t{8} << 20U;      // bodies that the model asks for

bool is_html_type(std::string_view type)
{
    return type == "text/html" || type == "application/xhtml+xml";
}

} // namespace

bool is_html(std::string_view declared_type, std::string_view filename, std::string_view real_type)
{
    constexpr std::array<std::string_view, 6> ends{".html",  ".htm", ".xhtml",
                                                   ".shtml", ".xht", ".hta"};
    return is_html_type(declared_type) || is_html_type(real_type) ||
           std::any_of(ends.begin(), ends.end(), [&](std::string_view end) {
               return filename.size() > end.size() &&
                      base::equals_ignoring_case(filename.substr(filename.size() - end.size()),
                                                 end);
           });
}

std::optional<message::HtmlBody> Walk::take_html_of(const message::Part& part)
{
    const auto known = html_bodies_.extract(&part);
    return known.empty() ? std::nullopt : std::optional{std::move(known.mapped())};
}

bool Walk::is_html_body(const Found& found) const
{
    const auto& bodies = tools_.html_bodies;
    return found.part != nullptr &&
           std::find(bodies.begin(), bodies.end(), found.part) != bodies.end();
}

void Walk::read_html(const Found& found, const crypto::Sha256& digest, std::size_t depth,
                     MemberPaths& below)
{
    message::HtmlBody html;
    html.source = message::to_html_source(found.bytes, found.charset, document_bytes_max);
    html.reading = message::read_html(html.source.text);
    if (html.source.was_cut) {
        report_.add(verdict::NotInspected{found.path, "", "limit_html_bytes",
                                          "more than " + std::to_string(document_bytes_max) +
                                              " bytes of HTML; no files were looked for in the "
                                              "rest"});
    }
    if (html.reading.objects_were_cut) {
        report_.add(verdict::NotInspected{found.path, "", "limit_html_objects",
                                          "more than " +
                                              std::to_string(message::HtmlLimits{}.objects_max) +
                                              " files in the HTML"});
    }
    const auto objects = std::exchange(html.reading.objects, {});
    walk_objects(found, objects, depth, below);
    tell_html(found, html, objects.size());
    look_for_codes(found, digest, html.source.text, depth, below);
    if (is_html_body(found)) {
        keep_html(*found.part, std::move(html));
    }
}

/// Texts and links of a body stand in the model.
void Walk::tell_html(const Found& found, const message::HtmlBody& html, std::size_t objects)
{
    auto document = message::to_model(html.reading.facts);
    document.objects = objects;
    document.was_cut = html.source.was_cut || html.reading.was_cut;
    document.hidden_by = html.reading.hidden_by.names();
    document.part = found.path;
    document.reading = found.reading;
    if (is_html_body(found)) {
        report_.add(std::move(document));
        return;
    }
    document.text = message::cut_utf8(html.reading.text, ReportBuilder::text_bytes_max);
    document.hidden_text =
        message::cut_utf8(html.reading.hidden_text, ReportBuilder::text_bytes_max);
    report_.add(std::move(document));
    for (const message::HtmlLink& link : html.reading.links) {
        report_.add(message::to_model(link, found.path));
    }
}

/// The model reads again what is not kept.
void Walk::keep_html(const message::Part& part, message::HtmlBody html)
{
    const std::size_t bytes = html.source.text.size();
    if (bytes <= kept_bytes_max - html_bytes_) {
        html_bytes_ += bytes;
        html_bodies_.emplace(&part, std::move(html));
    }
}

bool Walk::take_room_for_file(const Found& holder, std::size_t bytes, std::string_view files)
{
    const auto& limits = tools_.settings.unpack_limits;
    std::string_view reason;
    if (usage_.members >= limits.members_max) {
        reason = "limit_members";
    } else if (bytes > limits.total_bytes_max - usage_.bytes) {
        reason = "limit_total_bytes";
    }
    if (!reason.empty()) {
        add_unopened({holder.path, holder.filename, reason, files});
        return false;
    }
    ++usage_.members;
    usage_.bytes += bytes;
    return true;
}

/// Files in HTML are leaves below it, as those of an archive are, under the same limits.
void Walk::walk_objects(const Found& document, const std::vector<message::HtmlObject>& objects,
                        std::size_t depth, MemberPaths& below)
{
    constexpr std::string_view files = "files in HTML";
    if (!objects.empty() && depth >= tools_.settings.unpack_limits.depth_max) {
        add_unopened({document.path, document.filename, "limit_depth", files});
        return;
    }
    for (const message::HtmlObject& object : objects) {
        if (!take_room_for_file(document, object.content.size(), files)) {
            return;
        }
        walk_found(find_in(document, below.claim(object.name), object.name, object.content),
                   depth + 1);
    }
}

} // namespace watchpost::inspect
