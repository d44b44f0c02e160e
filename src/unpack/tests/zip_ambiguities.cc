#include "unpack/tests/zip_ambiguities.h"

#include "unpack/tests/zip_maker.h"
#include "unpack/tests/zip_pieces.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;

const std::string decoy = "nothing to see here, nothing at all, and some more of it";

std::string with_directory(const std::string& body, const std::string& directory,
                           std::size_t count = 1)
{
    return body + directory + end_record({count, directory.size(), body.size()});
}

/// One member whose two headers differ.
std::string zip_of(const ZipRecord& local, const ZipRecord& listed, const std::string& behind = "")
{
    return with_directory(local_member(local) + behind, central_header(listed, 0));
}

std::string zip_of(const ZipRecord& record)
{
    return zip_of(record, record);
}

template <typename Change>
ZipRecord changed(ZipRecord record, Change change)
{
    change(record);
    return record;
}

// a1: method

std::string listed_as_stored(const std::string& payload)
{
    const auto record = deflated_record("a.txt", payload);
    return zip_of(record, changed(record, [](auto& r) { r.method = 0; }));
}

std::string listed_as_deflated(const std::string& payload)
{
    const auto record = stored_record("a.txt", payload);
    return zip_of(record, changed(record, [](auto& r) { r.method = 8; }));
}

// a2: sizes

std::string listed_size_zero(const std::string& payload)
{
    const auto record = stored_record("a.txt", payload);
    return zip_of(record, changed(record, [](auto& r) { r.packed = r.unpacked = r.crc = 0; }));
}

std::string listed_size_short(const std::string& payload)
{
    const auto record = stored_record("a.txt", payload);
    return zip_of(record, changed(record, [](auto& r) {
                      r.packed = r.unpacked = 10;
                      r.crc = crc_of(r.data.substr(0, 10));
                  }));
}

std::string local_size_zero(const std::string& payload)
{
    const auto record = stored_record("a.txt", payload);
    return zip_of(changed(record, [](auto& r) { r.packed = r.unpacked = r.crc = 0; }), record);
}

std::string local_size_short(const std::string& payload)
{
    const auto record = stored_record("a.txt", payload);
    return zip_of(changed(record, [](auto& r) { r.packed = r.unpacked = 10; }), record);
}

ZipRecord without_sizes(ZipRecord record)
{
    record.flags |= 8U;
    record.packed = record.unpacked = record.crc = 0;
    return record;
}

/// The true sizes stand behind the data alone.
std::string sizes_in_the_descriptor(const ZipRecord& record)
{
    return zip_of(without_sizes(record), without_sizes(record), data_descriptor(record));
}

std::string deflated_size_in_descriptor(const std::string& payload)
{
    return sizes_in_the_descriptor(deflated_record("a.txt", payload));
}

std::string stored_size_in_descriptor(const std::string& payload)
{
    return sizes_in_the_descriptor(stored_record("a.txt", payload));
}

std::string size_in_local_zip64(const std::string& payload)
{
    const auto record = stored_record("a.txt", payload);
    auto local = record;
    local.extra = zip64_field(record.unpacked, record.packed);
    local.packed = local.unpacked = 0xFFFFFFFF;
    return zip_of(local, without_sizes(record));
}

std::string zip64_sizes(const std::string& payload, bool true_ones_first)
{
    auto record = stored_record("a.txt", payload);
    const auto truth = zip64_field(record.unpacked, record.packed);
    const auto lie = zip64_field(0, 0);
    record.extra = true_ones_first ? truth + lie : lie + truth;
    record.packed = record.unpacked = 0xFFFFFFFF;
    return zip_of(record);
}

// a3: names

std::string two_names(const std::string& payload)
{
    const auto record = stored_record("a.exe", payload);
    return zip_of(record, changed(record, [](auto& r) { r.name = "a.txt"; }));
}

std::string unicode_name(const std::string& payload, const std::string& field)
{
    return zip_of(changed(stored_record("a.txt", payload), [&](auto& r) { r.extra = field; }));
}

std::string two_unicode_names(const std::string& payload)
{
    auto local = stored_record("a.txt", payload);
    auto listed = local;
    local.extra = unicode_path_field("a.txt", "a.exe");
    listed.extra = unicode_path_field("a.txt", "b.txt");
    return zip_of(local, listed);
}

// a4, a5: folders, encryption

std::string folder_by_attributes(const std::string& payload, std::uint32_t attributes,
                                 std::uint16_t made_by)
{
    return zip_of(changed(stored_record("a.txt", payload), [&](auto& r) {
        r.attributes = attributes;
        r.made_by = made_by;
    }));
}

std::string encrypted_flag(const std::string& payload, bool in_local, bool in_directory)
{
    auto local = stored_record("a.txt", payload);
    auto listed = local;
    local.flags = in_local ? 1 : 0;
    listed.flags = in_directory ? 1 : 0;
    return zip_of(local, listed);
}

// b: paths

std::string two_members(const std::string& first_name, const std::string& second_name,
                        const std::string& payload)
{
    return make_zip({{first_name, decoy}, {second_name, payload}});
}

// c1: what a reader that goes forward sees

std::string not_listed(const std::string& payload)
{
    return make_zip({{"seen.txt", decoy}, {"a.txt", payload, false}});
}

std::string records_in_data(const std::string& payload)
{
    const auto first = stored_record("first.txt", decoy);
    const auto fake = central_header(first, 0) + end_record({1, 55, 95});
    return make_zip({{"first.txt", decoy + fake}, {"a.txt", payload}});
}

std::string member_in_a_listed_comment(const std::string& payload)
{
    const auto hidden = local_member(stored_record("a.txt", payload));
    auto shown = stored_record("seen.txt", decoy);
    shown.comment = hidden;
    return zip_of(shown);
}

std::string member_in_the_comment(const std::string& payload)
{
    const auto shown = stored_record("seen.txt", decoy);
    const auto body = local_member(shown);
    const auto directory = central_header(shown, 0);
    return body + directory +
           end_record(
               {1, directory.size(), body.size(), local_member(stored_record("a.txt", payload))});
}

/// Programs that go by the directory see the inner one, others the whole that it stands in.
std::string overlapped(const std::string& payload)
{
    const auto inner = stored_record("inner.txt", decoy);
    const auto outer = stored_record("a.txt", local_member(inner) + payload);
    const auto directory = central_header(inner, local_header(outer).size());
    return with_directory(local_member(outer), directory);
}

/// The descriptor is where a reader that goes forward takes the first member to end.
std::string descriptor_in_data(const std::string& payload)
{
    const std::string head = "short";
    const auto end = data_descriptor(stored_record("", head));
    auto listed = stored_record(
        "long.txt", head + end + local_member(stored_record("a.txt", payload)) + "tail");
    auto local = listed;
    local.flags = listed.flags = 8;
    local.packed = local.unpacked = local.crc = 0;
    return zip_of(local, listed, data_descriptor(listed));
}

std::string deflate_that_ends_early(const std::string& payload)
{
    const auto empty = deflated("");
    const auto data = empty + "PK\x07\x08"s + little_endian(0, 4) + little_endian(empty.size(), 4) +
                      little_endian(0, 4) + local_member(stored_record("a.txt", payload));
    const auto listed = stored_record("long.txt", data);
    auto local = without_sizes(listed);
    local.method = 8;
    return zip_of(local, listed);
}

// c2, c3, c4, c5: which end record, how many entries, where the directory is

std::string three_ends(const std::string& payload, std::size_t with_payload, int change)
{
    std::string bytes;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto record = stored_record(std::string{"abc"[i]} + ".txt",
                                          i == with_payload ? payload : payload.substr(1) + "x");
        const auto at = bytes.size();
        const auto body = local_member(record);
        const auto directory = central_header(record, at);
        const auto whole = body.size() + directory.size() + 22;
        bytes += body + directory +
                 end_record({1, directory.size(), at + body.size()},
                            static_cast<int>(whole * (2 - i)) + (i == 1 ? 0 : change));
    }
    return bytes;
}

std::string counted_less(const std::string& payload, bool size_too)
{
    const auto first = stored_record("seen.txt", decoy);
    const auto second = stored_record("a.txt", payload);
    const auto body = local_member(first) + local_member(second);
    const auto listed_first = central_header(first, 0);
    const auto directory = listed_first + central_header(second, local_member(first).size());
    return body + directory +
           end_record({1, size_too ? listed_first.size() : directory.size(), body.size()});
}

/// The directory at the offset, and the one before the end record.
std::string two_directories(const std::string& payload, bool payload_at_offset)
{
    const auto at_offset = stored_record("a.txt", payload_at_offset ? payload : decoy);
    const auto before_end = stored_record("b.txt", payload_at_offset ? decoy : payload);
    const auto first = local_member(at_offset);
    const auto first_directory = central_header(at_offset, 0);
    const auto second = local_member(before_end);
    const auto second_directory = central_header(before_end, first.size() + first_directory.size());
    return first + first_directory + second + second_directory +
           end_record({1, second_directory.size(), first.size()});
}

/// The same, hidden in the data of a member that the usual directory shows.
std::string directory_in_data(const std::string& payload)
{
    const auto hidden = stored_record("a.txt", payload);
    auto outer = stored_record("seen.bin", "");
    const auto at = local_header(outer).size();
    outer.data = local_member(hidden) + central_header(hidden, at);
    outer.packed = outer.unpacked = static_cast<std::uint32_t>(outer.data.size());
    outer.crc = crc_of(outer.data);
    const auto directory = central_header(outer, 0);
    return local_member(outer) + directory +
           end_record({1, directory.size(), at + local_member(hidden).size()});
}

/// An end record inside a member whose comment reaches to the end of the file, which the true one's
/// does not.
std::string end_in_data(const std::string& payload)
{
    const auto hidden = stored_record("a.txt", payload);
    auto outer = stored_record("seen.bin", "");
    const auto at = local_header(outer).size();
    const auto inner = local_member(hidden);
    const auto inner_directory = central_header(hidden, at);
    const auto make = [&](int rest) {
        outer.data = inner + inner_directory +
                     end_record({1, inner_directory.size(), at + inner.size()}, rest);
        outer.packed = outer.unpacked = static_cast<std::uint32_t>(outer.data.size());
        outer.crc = crc_of(outer.data);
        return local_member(outer);
    };
    const auto directory = central_header(outer, 0);
    const auto rest = directory.size() + 22 + 1;
    const auto body = make(static_cast<int>(rest));
    return body + central_header(outer, 0) + end_record({1, directory.size(), body.size()}, 7) +
           "x";
}

/// zip64 records in front of the end record that lead elsewhere than the end record itself.
std::string zip64_elsewhere(const std::string& payload, bool payload_in_zip64, bool gap)
{
    const auto plain = stored_record("a.txt", payload_in_zip64 ? decoy : payload);
    const auto other = stored_record("b.txt", payload_in_zip64 ? payload : decoy);
    const auto body = local_member(plain);
    auto listed = plain;
    const auto base = body.size() + central_header(plain, 0).size();
    const auto second = local_member(other);
    const auto directory = central_header(other, base);
    listed.comment = second + directory +
                     zip64_end_record({1, directory.size(), base + second.size()}) +
                     zip64_locator(base + second.size() + directory.size()) + (gap ? "x" : "");
    const auto whole = central_header(listed, 0);
    return body + whole + end_record({1, whole.size(), body.size()});
}

/// The locator leads to one record, another stands right before it.
std::string two_zip64_ends(const std::string& payload, bool payload_at_locator)
{
    const auto first = stored_record("a.txt", payload_at_locator ? payload : decoy);
    const auto second = stored_record("b.txt", payload_at_locator ? decoy : payload);
    const auto body = local_member(first) + local_member(second);
    const auto list_first = central_header(first, 0);
    const auto list_second = central_header(second, local_member(first).size());
    const auto records = body.size() + list_first.size() + list_second.size();
    return body + list_first + list_second + zip64_end_record({1, list_first.size(), body.size()}) +
           zip64_end_record({1, list_second.size(), body.size() + list_first.size()}) +
           zip64_locator(records) + end_record({0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF});
}

// d: what stands around

std::string before_and_behind(const std::string& payload)
{
    return make_planned_zip(
               ZipPlan{{{"a.txt", payload}}, "GIF89a" + std::string(100, 'n'), "", 1}) +
           std::string(100, 'n');
}

std::string zip_behind_zip(const std::string& payload)
{
    return make_zip({{"a.txt", payload}}) + make_zip({{"seen.txt", decoy}});
}

std::string local_magic_missing(const std::string& payload)
{
    auto zip = make_zip({{"seen.txt", decoy}, {"a.txt", payload}});
    zip[zip.rfind("PK\x03\x04")] = 'X';
    return zip;
}

std::string hidden_behind_deflate(const std::string& payload)
{
    auto record = deflated_record("seen.txt", decoy);
    record.data += local_member(stored_record("a.txt", payload));
    record.packed = static_cast<std::uint32_t>(record.data.size());
    return zip_of(record);
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): a table
const std::vector<ZipAmbiguity>& zip_ambiguities()
{
    using P = const std::string&;
    static const std::vector<ZipAmbiguity> all{
        {"a1-listed-as-stored", listed_as_stored},
        {"a1-listed-as-deflated", listed_as_deflated},
        {"a2-listed-size-zero", listed_size_zero},
        {"a2-listed-size-short", listed_size_short},
        {"a2-local-size-zero", local_size_zero},
        {"a2-local-size-short", local_size_short},
        {"a2-deflated-size-in-descriptor", deflated_size_in_descriptor},
        {"a2-stored-size-in-descriptor", stored_size_in_descriptor},
        {"a2-size-in-local-zip64", size_in_local_zip64},
        {"a2-two-zip64-true-first", [](P p) { return zip64_sizes(p, true); }},
        {"a2-two-zip64-true-last", [](P p) { return zip64_sizes(p, false); }},
        {"a3-local-and-listed", two_names},
        {"a3-unicode-path",
         [](P p) { return unicode_name(p, unicode_path_field("a.txt", "a.exe")); }},
        {"a3-unicode-path-other-version",
         [](P p) { return unicode_name(p, unicode_path_field("a.txt", "a.exe", 2)); }},
        {"a3-unicode-path-wrong-sum",
         [](P p) { return unicode_name(p, unicode_path_field("b.txt", "a.exe")); }},
        {"a3-unicode-path-twice",
         [](P p) {
             return unicode_name(p, unicode_path_field("a.txt", "b.txt") +
                                        unicode_path_field("a.txt", "a.exe"));
         }},
        {"a3-unicode-path-local-and-listed", two_unicode_names},
        {"a4-slash", [](P p) { return make_zip({{"a.txt/", p}}); }},
        {"a4-backslash", [](P p) { return make_zip({{"a.txt\\", p}}); }},
        {"a4-folder-of-dos", [](P p) { return folder_by_attributes(p, 0x10, 20); }},
        {"a4-folder-of-unix", [](P p) { return folder_by_attributes(p, 0x40000000, 0x0314); }},
        {"a5-local-encrypted", [](P p) { return encrypted_flag(p, true, false); }},
        {"a5-listed-encrypted", [](P p) { return encrypted_flag(p, false, true); }},
        {"b1-name-twice", [](P p) { return two_members("a.txt", "a.txt", p); }},
        {"b2-control-in-name", [](P p) { return two_members("a.txt", "a.txt\0"s, p); }},
        {"b3-absolute", [](P p) { return two_members("x/a.txt", "/x/a.txt", p); }},
        {"b3-dots", [](P p) { return two_members("x/a.txt", "y/../x/a.txt", p); }},
        {"b3-backslash", [](P p) { return two_members("x/a.txt", "x\\a.txt", p); }},
        {"b4-case", [](P p) { return two_members("a.txt", "a.TXT", p); }},
        {"c1-not-listed", not_listed},
        {"c1-records-in-data", records_in_data},
        {"c1-member-in-listed-comment", member_in_a_listed_comment},
        {"c1-member-in-comment", member_in_the_comment},
        {"c1-overlapped", overlapped},
        {"c1-descriptor-in-data", descriptor_in_data},
        {"c1-deflate-ends-early", deflate_that_ends_early},
        {"c2-first-end", [](P p) { return three_ends(p, 0, 0); }},
        {"c2-middle-end", [](P p) { return three_ends(p, 1, 1); }},
        {"c2-last-end", [](P p) { return three_ends(p, 2, -1); }},
        {"c2-end-in-data", end_in_data},
        {"c3-count", [](P p) { return counted_less(p, false); }},
        {"c3-count-and-size", [](P p) { return counted_less(p, true); }},
        {"c4-directory-at-offset", [](P p) { return two_directories(p, true); }},
        {"c4-directory-before-end", [](P p) { return two_directories(p, false); }},
        {"c4-directory-in-data", directory_in_data},
        {"c5-zip64", [](P p) { return zip64_elsewhere(p, true, false); }},
        {"c5-not-zip64", [](P p) { return zip64_elsewhere(p, false, false); }},
        {"c5-locator-with-gap", [](P p) { return zip64_elsewhere(p, true, true); }},
        {"c5-locator-leads", [](P p) { return two_zip64_ends(p, true); }},
        {"c5-record-before-locator", [](P p) { return two_zip64_ends(p, false); }},
        {"d-before-and-behind", before_and_behind},
        {"d-zip-behind-zip", zip_behind_zip},
        {"d-local-magic-missing", local_magic_missing},
        {"d-behind-deflate", hidden_behind_deflate},
    };
    return all;
}

} // namespace watchpost::unpack::test
