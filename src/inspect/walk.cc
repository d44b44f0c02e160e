#include "inspect/walk.h"

#include <span>
#include <utility>

#include "inspect/message_file.h"
#include "inspect/walk_tree.h"
#include "message/defect_table.h"
#include "unpack/pgp.h"

namespace watchpost::inspect {
namespace {

Origin origin_of(const message::Part& part)
{
    if (part.kind == message::PartKind::message) {
        return Origin::message;
    }
    const bool is_attachment = part.disposition == "attachment" || !part.filename.empty();
    return is_attachment ? Origin::attachment : Origin::body;
}

/// A text that people read as the body is not taken for a stored message because it quotes a
/// header; everything else that looks like one is opened.
bool may_hold_message(Origin origin, std::string_view declared_type)
{
    return origin != Origin::body || !declared_type.starts_with("text/");
}

} // namespace

/// What comes out of one container.
class Walk::Members final : public unpack::MemberSink {
public:
    Members(Walk& walk, const Found& container, std::size_t depth, MemberPaths& paths)
        : walk_{walk}
        , container_{container}
        , depth_{depth}
        , paths_{paths}
    {
    }

    void on_member(const unpack::Member& member) override
    {
        Found found =
            find_in(container_, path_of(member.name, Told::member), member.name, member.bytes);
        found.other_filename = member.other_name;
        found.password = member.password;
        walk_.walk_found(found, depth_ + 1);
    }

    void on_gap(unpack::Gap gap) override
    {
        const bool is_whole = gap.member.empty();
        const std::string path = is_whole ? container_.path : path_of(gap.member, Told::gap);
        walk_.add_unopened({path, is_whole ? container_.filename : std::string_view{gap.member},
                            gap.reason, gap.detail});
    }

    void on_reference(const unpack::Reference& reference) override
    {
        walk_.add_reference({container_.path, container_.reading}, reference);
    }

private:
    enum class Told : std::uint8_t { nothing, member, gap };

    /// A member that was cut is told twice, as a member and as a gap: under one path.
    const std::string& path_of(std::string_view name, Told told)
    {
        const bool is_next = last_told_ == Told::nothing || last_name_ != name ||
                             (last_told_ == Told::member && told == Told::member);
        if (is_next) {
            last_path_ = paths_.claim(name);
            last_name_ = name;
        }
        last_told_ = told;
        return last_path_;
    }

    Walk& walk_;
    const Found& container_;
    std::size_t depth_;
    MemberPaths& paths_;
    Told last_told_ = Told::nothing;
    std::string last_name_;
    std::string last_path_;
};

bool Walk::is_late(std::string_view path)
{
    if (!was_late_ && std::chrono::steady_clock::now() >= budget_.deadline) {
        was_late_ = true;
        report_.add(verdict::NotInspected{std::string{path}, "", "timed_out",
                                          "this part and what follows it was not reached"});
    }
    return was_late_;
}

/// Defects are those of the strict reading; what a further one could not look at is told once.
void Walk::add_defect(const message::Defect& defect, std::string path, std::string_view reading)
{
    if (path.ends_with('!')) {
        path.pop_back(); // of the stored message as a whole: the file that holds it
    }
    if (reading == message::strict_reading) {
        report_.add(DefectInfo{std::string{defect.id}, path, defect.offset, defect.detail});
    }
    const bool is_gap = message::leaves_gap(defect.id);
    if (is_gap && gaps_.emplace(path, defect.id).second) {
        report_.add(verdict::NotInspected{path, "", std::string{defect.id}, defect.detail});
    }
}

void Walk::add_unopened(const Unopened& container)
{
    report_.add(verdict::NotInspected{std::string{container.path}, "",
                                      std::string{container.reason},
                                      std::string{container.detail}});
    for (const auto& engine : tools_.engines) {
        engine->on_unopened(container, report_);
    }
}

void Walk::add_reference(const Referrer& document, const unpack::Reference& reference)
{
    report_.add(model::Link{std::string{reference.target}, "",
                            std::string{unpack::to_string(reference.kind)},
                            std::string{document.path}});
    for (const auto& engine : tools_.engines) {
        engine->on_reference(document, reference, report_);
    }
}

void Walk::walk_tree(const message::Message& message, Tree& tree)
{
    for (const message::Defect& defect : message.defects()) {
        add_defect(defect, tree.prefix + defect.part, tree.reading);
    }
    tree.suggested.add(message.suggested());
    for (const message::Part* part : message::leaves(message)) {
        if (is_late(tree.prefix + part->path)) {
            return;
        }
        walk_part(*part, tree);
    }
}

Walk::Found Walk::find_part(const message::Part& part, const Tree& tree,
                            std::string_view declared_type)
{
    Found found;
    found.path = tree.prefix + part.path;
    found.reading = tree.reading;
    found.origin = origin_of(part);
    found.declared_type = declared_type;
    found.charset = part.content_type.parameter("charset");
    found.filename = part.filename;
    found.other_filename = part.other_filename;
    found.part = &part;
    return found;
}

Walk::Found Walk::find_in(const Found& holder, std::string path, std::string_view filename,
                          base::ByteView bytes)
{
    Found found;
    found.path = std::move(path);
    found.reading = holder.reading;
    found.origin = Origin::archive_member;
    found.filename = filename;
    found.bytes = bytes;
    return found;
}

void Walk::walk_found(const Found& found, std::size_t depth)
{
    MemberPaths below{found.path};
    walk_leaf(found, depth, below);
}

void Walk::walk_part(const message::Part& part, Tree& tree)
{
    const std::string declared_type = part.content_type.media_type();
    Found found = find_part(part, tree, declared_type);
    const auto known = tree.is_strict() ? std::nullopt : tree.known.find(part, tree.departures);
    if (known && seen_.contains(key_of(found, known->sha256))) {
        tree.take(part, *known);
        return;
    }
    std::vector<message::Defect> defects;
    const auto content = message::DecodedContent::decode(part, defects, tree.departures);
    tree.suggested.add(content.suggested());
    for (const message::Defect& defect : defects) {
        add_defect(defect, tree.prefix + defect.part, tree.reading);
    }
    found.bytes = content.bytes();
    MemberPaths below{found.path};
    const auto digest = walk_leaf(found, tree.depth, below);
    if (digest) {
        tree.take(part, {found.bytes.size(), *digest});
        if (tree.prefix.empty() && tree.is_strict()) {
            digests_[&part] = {found.bytes.size(), *digest};
        }
    }
}

std::optional<message::LeafDigest> Walk::digest_of(const message::Part& part) const
{
    const auto known = digests_.find(&part);
    return known == digests_.end() ? std::nullopt : std::optional{known->second};
}

std::optional<crypto::Sha256> Walk::walk_leaf(const Found& found, std::size_t depth,
                                              MemberPaths& below)
{
    if (is_late(found.path)) {
        return std::nullopt;
    }
    const auto digest = crypto::sha256(found.bytes);
    const bool is_new = seen_.insert(key_of(found, digest)).second;
    if (!is_new && found.reading != message::strict_reading) {
        return digest;
    }
    inspect(found, digest);
    // The children of message/rfc822 stand in the tree of their message.
    if (found.origin != Origin::message && !found.bytes.empty()) {
        open(found, depth, below);
        read_text(found, digest, depth, below);
        walk_embedded(found, depth, below);
    }
    return digest;
}

std::string Walk::key_of(const Found& found, const crypto::Sha256& digest)
{
    std::string key{base::as_text(std::as_bytes(std::span{digest}))};
    for (const std::string_view text :
         {found.declared_type, found.filename, found.other_filename, found.charset}) {
        key += text;
        key += '\0';
    }
    key += static_cast<char>(found.origin);
    return key;
}

void Walk::inspect(const Found& found, const crypto::Sha256& digest)
{
    const std::string& real_type = real_type_of(found, digest);
    PartInfo part;
    part.path = found.path;
    part.reading = found.reading;
    part.type = found.declared_type.empty() ? real_type : std::string{found.declared_type};
    part.real_type = real_type;
    part.filename = found.filename;
    part.size = found.bytes.size();
    part.sha256 = digest;
    report_.add(std::move(part));
    if (found.origin == Origin::archive_member) {
        passwords_.note_file(found.filename, real_type, found.bytes);
    }

    Leaf leaf;
    leaf.path = found.path;
    leaf.reading = found.reading;
    leaf.origin = found.origin;
    leaf.declared_type = found.declared_type;
    leaf.filename = found.filename;
    leaf.other_filename = found.other_filename;
    leaf.bytes = found.bytes;
    leaf.real_type = real_type;
    leaf.password = found.password;
    leaf.charset = found.charset;
    if (tools_.exporter != nullptr && exported_.insert(digest).second) {
        tools_.exporter->export_leaf(leaf.path, leaf.reading, leaf.bytes);
    }
    ask_engines(leaf);
}

/// A message of many equal parts asks libmagic once, and most bodies not at all.
const std::string& Walk::real_type_of(const Found& found, const crypto::Sha256& digest)
{
    auto& type = real_types_[digest];
    if (type.name.empty() && found.origin == Origin::body) {
        type.name = FileTypes::evident(found.bytes).value_or("");
    }
    if (type.name.empty() || (!type.is_of_library && found.origin != Origin::body)) {
        type = {tools_.types.of(found.bytes), true};
    }
    return type.name;
}

void Walk::ask_engines(const Leaf& leaf)
{
    for (const auto& engine : tools_.engines) {
        if (is_late(leaf.path)) {
            return;
        }
        engine->on_leaf(leaf, budget_, report_);
    }
}

void Walk::open(const Found& found, std::size_t depth, MemberPaths& below)
{
    const bool is_container = !unpack::container_format(found.bytes).empty();
    const bool is_message = !is_container && may_hold_message(found.origin, found.declared_type) &&
                            is_message_file(found.bytes, found.filename);
    if ((is_container || is_message) && depth >= tools_.settings.unpack_limits.depth_max) {
        const std::string detail = "more than " +
                                   std::to_string(tools_.settings.unpack_limits.depth_max) +
                                   " containers in each other";
        add_unopened({found.path, found.filename, "limit_depth", detail});
    } else if (is_container) {
        open_container(found, depth, below);
    } else if (is_message) {
        open_message(found, depth, below);
    } else if (unpack::holds_pgp_message(found.bytes)) {
        add_unopened(
            {found.path, found.filename, "encrypted_message", "PGP, encrypted for its recipients"});
    }
}

void Walk::open_container(const Found& found, std::size_t depth, MemberPaths& below)
{
    Members members{*this, found, depth, below};
    unpack::unpack(found.bytes, found.filename, passwords_, tools_.settings.unpack_limits, usage_,
                   budget_.deadline, members, tools_.program);
}

void Walk::open_message(const Found& found, std::size_t depth, MemberPaths& below)
{
    const auto inner = message::Message::parse(found.bytes, tools_.settings.message_limits);
    for (const message::Part* part : message::leaves(inner)) {
        static_cast<void>(below.claim(part->path)); // a section number stays as it is
    }
    walk_readings(found.bytes, inner, found.path + '!', depth + 1, found.reading);
}

} // namespace watchpost::inspect
