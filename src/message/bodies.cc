#include "message/bodies.h"

namespace watchpost::message {

namespace {

/// A text without a file name, or the first part of its multipart whatever it is called: that is
/// where programs show it. What says that it is an attachment is one.
bool is_body(const Part& part, bool is_first)
{
    return part.kind == PartKind::leaf && part.disposition != "attachment" &&
           (part.filename.empty() || is_first);
}

struct Waiting {
    const Part* part;
    bool is_first;
};

void sort_in(const Waiting& place, BodyParts& bodies)
{
    const Part& part = *place.part;
    const auto& type = part.content_type;
    const bool may_be_body = is_body(part, place.is_first);
    const bool is_html = type.type == "text" && type.subtype == "html";
    const bool is_plain = (type.type == "text" && type.subtype == "plain") ||
                          type.type == "multipart"; // without a boundary
    if (may_be_body && is_html) {
        bodies.html.push_back(&part);
    } else if (may_be_body && is_plain) {
        bodies.plain.push_back(&part);
    } else {
        bodies.attachments.push_back(&part);
    }
}

} // namespace

BodyParts choose_bodies(const Part& root)
{
    BodyParts bodies;
    std::vector<Waiting> waiting{{&root, true}};
    while (!waiting.empty()) {
        const Waiting next = waiting.back();
        waiting.pop_back();
        if (next.part->kind != PartKind::multipart) {
            sort_in(next, bodies);
            continue;
        }
        const auto& children = next.part->children;
        for (std::size_t i = children.size(); i-- > 0;) {
            waiting.push_back({children[i].get(), i == 0});
        }
    }
    return bodies;
}

} // namespace watchpost::message
