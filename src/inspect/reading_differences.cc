#include "inspect/reading_differences.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace watchpost::inspect {

namespace {

using Key = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view,
                       std::uint64_t, crypto::Sha256>;

Key key_of(const TreeLeaf& leaf, bool compares_octets)
{
    return {leaf.path,    leaf.type, leaf.filename,
            leaf.charset, leaf.size, compares_octets ? leaf.sha256 : crypto::Sha256{}};
}

std::vector<TreeLeaf> missing_in(const std::vector<TreeLeaf>& there,
                                 const std::vector<TreeLeaf>& here, bool compares_octets)
{
    std::set<Key> keys;
    for (const TreeLeaf& leaf : there) {
        keys.insert(key_of(leaf, compares_octets));
    }
    std::vector<TreeLeaf> missing;
    std::ranges::copy_if(here, std::back_inserter(missing), [&](const TreeLeaf& leaf) {
        return !keys.contains(key_of(leaf, compares_octets));
    });
    return missing;
}

/// Texts and messages are what a body is made of; all else, and what has a name, is a file.
bool is_file(const TreeLeaf& leaf)
{
    return !leaf.filename.empty() ||
           !(leaf.type.starts_with("text/") || leaf.type.starts_with("message/") ||
             leaf.type.starts_with("multipart/"));
}

} // namespace

ReadingDifference compare(const std::vector<TreeLeaf>& strict, const std::vector<TreeLeaf>& other,
                          message::Departures departures)
{
    const bool compares_octets = !departures.has(message::Departure::cr_ends_line);
    return {missing_in(strict, other, compares_octets), missing_in(other, strict, compares_octets)};
}

const TreeLeaf* find_hidden_file(const ReadingDifference& difference,
                                 const std::vector<TreeLeaf>& strict)
{
    const auto is_known = [&](const TreeLeaf& leaf) {
        return std::ranges::any_of(strict, [&](const TreeLeaf& known) {
            return known.sha256 == leaf.sha256 ||
                   (known.filename == leaf.filename && known.type == leaf.type);
        });
    };
    const auto found = std::ranges::find_if(difference.adds, [&](const TreeLeaf& leaf) {
        return leaf.size > 0 && is_file(leaf) && !is_known(leaf);
    });
    return found == difference.adds.end() ? nullptr : &*found;
}

} // namespace watchpost::inspect
