#include "unpack/tests/ole_maker.h"

#include <map>

#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;

constexpr std::uint32_t end_of_chain = 0xFFFFFFFE;
constexpr std::uint32_t free_sector = 0xFFFFFFFF;
constexpr std::size_t sector_bytes = 512;
constexpr std::size_t numbers_a_sector = sector_bytes / 4;

std::string padded(std::string bytes, std::size_t multiple, char filler = '\0')
{
    bytes.resize((bytes.size() + multiple - 1) / multiple * multiple, filler);
    return bytes;
}

/// Sectors as they are appended, and the chains among them.
class Sectors {
public:
    std::uint32_t add(const std::string& bytes)
    {
        const auto first = static_cast<std::uint32_t>(next_.size());
        const auto count = padded(bytes, sector_bytes).size() / sector_bytes;
        for (std::size_t i = 0; i < count; ++i) {
            next_.push_back(i + 1 < count ? first + static_cast<std::uint32_t>(i) + 1
                                          : end_of_chain);
        }
        bytes_ += padded(bytes, sector_bytes);
        return count == 0 ? end_of_chain : first;
    }

    /// Header, sectors, then the allocation table, which lists itself.
    [[nodiscard]] std::string file(std::uint32_t directory, std::uint32_t mini_table) const
    {
        auto next = next_;
        std::vector<std::uint32_t> tables;
        while (tables.size() * numbers_a_sector < next.size()) {
            tables.push_back(static_cast<std::uint32_t>(next.size()));
            next.push_back(0xFFFFFFFD);
        }
        std::string table;
        for (const auto number : next) {
            table += little_endian(number, 4);
        }
        return header(directory, mini_table, tables) + bytes_ + padded(table, sector_bytes, '\xFF');
    }

private:
    [[nodiscard]] static std::string header(std::uint32_t directory, std::uint32_t mini_table,
                                            const std::vector<std::uint32_t>& tables)
    {
        auto bytes = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(16, '\0') +
                     little_endian(0x3E, 2) + little_endian(3, 2) + "\xFE\xFF"s +
                     little_endian(9, 2) + little_endian(6, 2) + std::string(10, '\0') +
                     little_endian(tables.size(), 4) + little_endian(directory, 4) +
                     little_endian(0, 4) + little_endian(4096, 4) + little_endian(mini_table, 4) +
                     little_endian(1, 4) + little_endian(end_of_chain, 4) + little_endian(0, 4);
        for (const auto table : tables) {
            bytes += little_endian(table, 4);
        }
        return padded(bytes, sector_bytes, '\xFF').substr(0, sector_bytes);
    }

    std::string bytes_;
    std::vector<std::uint32_t> next_;
};

std::string entry_octets(const OleEntry& entry)
{
    std::string name;
    for (const char c : entry.name) {
        name += c + "\0"s;
    }
    name.resize(64);
    return name + little_endian(2 * (entry.name.size() + 1), 2) + static_cast<char>(entry.kind) +
           "\x01"s + little_endian(entry.left, 4) + little_endian(entry.right, 4) +
           little_endian(entry.child, 4) + std::string(36, '\0') +
           little_endian(entry.first_sector, 4) + little_endian(entry.size, 8);
}

std::string directory_octets(const std::vector<OleEntry>& entries)
{
    std::string bytes;
    for (const auto& entry : entries) {
        bytes += entry_octets(entry);
    }
    return bytes;
}

/// Puts the entry in front of its storage's children: each one's right neighbour is the next.
std::uint32_t add_child(std::vector<OleEntry>& entries, std::uint32_t parent, OleEntry entry)
{
    entry.right = entries[parent].child;
    entries.push_back(std::move(entry));
    entries[parent].child = static_cast<std::uint32_t>(entries.size() - 1);
    return entries[parent].child;
}

} // namespace

std::string make_ole(const std::vector<OleFile>& files)
{
    Sectors sectors;
    std::string mini;
    std::string mini_table;
    std::vector<OleEntry> entries{{"Root Entry", 5}};
    std::map<std::string, std::uint32_t> storages{{"", 0}};
    for (const auto& [path, content] : files) {
        std::string folder;
        std::size_t from = 0;
        for (auto at = path.find('/'); at != path.npos; at = path.find('/', from)) {
            const auto parent = storages.at(folder);
            folder = path.substr(0, at);
            if (!storages.contains(folder)) {
                storages[folder] = add_child(entries, parent, {path.substr(from, at - from), 1});
            }
            from = at + 1;
        }
        OleEntry stream{path.substr(from)};
        stream.size = static_cast<std::uint32_t>(content.size());
        if (content.size() < 4096) {
            auto number = static_cast<std::uint32_t>(mini.size() / 64);
            stream.first_sector = number;
            mini += padded(content, 64);
            for (; ++number < mini.size() / 64;) {
                mini_table += little_endian(number, 4);
            }
            mini_table += little_endian(end_of_chain, 4);
        } else {
            stream.first_sector = sectors.add(content);
        }
        add_child(entries, storages.at(folder), stream);
    }
    entries[0].first_sector = sectors.add(mini);
    entries[0].size = static_cast<std::uint32_t>(mini.size());
    const auto mini_fat = sectors.add(padded(mini_table, sector_bytes, '\xFF'));
    return sectors.file(sectors.add(directory_octets(entries)), mini_fat);
}

std::string make_ole_directory(const std::vector<OleEntry>& entries)
{
    Sectors sectors;
    const auto directory = sectors.add(directory_octets(entries));
    return sectors.file(directory, free_sector - 1);
}

} // namespace watchpost::unpack::test
