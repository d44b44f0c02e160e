// The readings of one message: the strict one, and those that it leaves open (ADR 0016).
#include <algorithm>
#include <utility>

#include "inspect/reading_differences.h"
#include "inspect/walk.h"
#include "inspect/walk_tree.h"
#include "verdict/finding_table.h"

namespace watchpost::inspect {

namespace {

/// Of a message and of those stored in it, together; a message that nobody built has none.
constexpr std::size_t readings_max = 100;

/// Of a message that itself was found in a further reading of the one around it.
std::string name_within(const std::string& outer, const std::string& inner)
{
    return outer == message::strict_reading ? inner : outer + '>' + inner;
}

std::string path_of(const std::string& prefix)
{
    return prefix.substr(0, prefix.size() - (prefix.ends_with('!') ? 1 : 0));
}

} // namespace

std::optional<KnownContents::Key> KnownContents::key_of(const message::Part& part,
                                                        message::Departures departures) const
{
    const auto content = part.raw_content;
    const bool is_in_raw = !raw_.empty() && !std::less<>{}(content.data(), raw_.data()) &&
                           !std::less<>{}(raw_.data() + raw_.size(), content.data());
    if (!is_in_raw) {
        return std::nullopt;
    }
    return Key{content.data(), content.size(), part.encoding,
               departures.both(message::decoding_departures)};
}

std::optional<KnownContents::Content> KnownContents::find(const message::Part& part,
                                                          message::Departures departures) const
{
    const auto key = key_of(part, departures);
    const auto found = key ? contents_.find(*key) : contents_.end();
    return found == contents_.end() ? std::nullopt : std::optional{found->second};
}

void KnownContents::add(const message::Part& part, message::Departures departures,
                        const Content& content)
{
    if (const auto key = key_of(part, departures)) {
        contents_.emplace(*key, content);
    }
}

void Walk::Tree::take(const message::Part& part, const KnownContents::Content& content)
{
    known.add(part, departures, content);
    leaves.push_back({prefix + part.path, part.content_type.media_type(), part.filename,
                      content.size, content.sha256,
                      std::string{part.content_type.parameter("charset")}});
}

void Walk::walk_message(base::ByteView raw, const message::Message& strict)
{
    walk_readings(raw, strict, "", 0, std::string{message::strict_reading});
}

void Walk::walk_readings(base::ByteView raw, const message::Message& strict,
                         const std::string& prefix, std::size_t depth, const std::string& reading)
{
    const MessagePasswords::Within within{passwords_, strict};
    KnownContents known{raw};
    Tree tree{prefix, depth, reading, {}, known};
    walk_tree(strict, tree);
    message::ReadingPlan plan{tree.suggested};
    while (const auto next = plan.next()) {
        if (is_late(path_of(prefix)) || !has_room_for_reading(path_of(prefix))) {
            return;
        }
        Tree other{prefix, depth, name_within(reading, next->name), next->departures, known};
        const auto message =
            message::Message::parse(raw, tools_.settings.message_limits, next->departures);
        walk_tree(message, other);
        plan.learn(*next, other.suggested);
        tell(tree, other);
    }
    if (plan.was_cut()) {
        report_.add(verdict::NotInspected{path_of(prefix), "", "limit_readings",
                                          "more than " +
                                              std::to_string(message::ReadingPlan::variants_max) +
                                              " ways to read the message"});
    }
}

bool Walk::has_room_for_reading(const std::string& path)
{
    if (++readings_ > readings_max) {
        if (gaps_.emplace("", "limit_readings").second) {
            report_.add(verdict::NotInspected{path, "", "limit_readings",
                                              "more than " + std::to_string(readings_max) +
                                                  " readings of the messages in it"});
        }
        return false;
    }
    return true;
}

/// What differs is told; that something is hidden from the strict reading is a finding.
void Walk::tell(const Tree& strict, const Tree& other)
{
    const auto difference = compare(strict.leaves, other.leaves, other.departures);
    if (difference.empty()) {
        return;
    }
    ReadingInfo info;
    info.name = other.reading;
    info.part = path_of(other.prefix);
    for (const TreeLeaf& leaf : difference.adds) {
        PartInfo part;
        part.path = leaf.path;
        part.reading = other.reading;
        part.type = leaf.type;
        part.filename = leaf.filename;
        part.size = leaf.size;
        part.sha256 = leaf.sha256;
        if (const auto type = real_types_.find(leaf.sha256); type != real_types_.end()) {
            part.real_type = type->second.name;
        }
        info.adds.push_back(std::move(part));
    }
    for (const TreeLeaf& leaf : difference.lacks) {
        info.lacks.push_back(leaf.path);
    }
    report_.add(std::move(info));

    const TreeLeaf* const hidden = find_hidden_file(difference, strict.leaves);
    auto finding =
        verdict::make_finding(hidden == nullptr ? "structure.ambiguous" : "structure.hidden_file");
    if (std::ranges::find(told_, finding.id) != told_.end()) {
        return; // once a message: the readings are listed
    }
    told_.push_back(finding.id);
    finding.part = hidden == nullptr ? path_of(other.prefix) : hidden->path;
    finding.reading = other.reading;
    report_.add(std::move(finding));
}

} // namespace watchpost::inspect
