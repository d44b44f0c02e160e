// Disk images of our making: a FAT file system of 512 octets a cluster, a partition table, a VHD.
#pragma once

#include <string>
#include <vector>

namespace watchpost::unpack::test {

struct FatFile {
    std::string path; // "FOLDER/a long name.txt": names that are no short ones get a long one
    std::string content;
};

/// `bits` is 12, 16 or 32: the image has as many clusters as that takes (2, 4 or 33 MB).
[[nodiscard]] std::string make_fat(const std::vector<FatFile>& files, unsigned bits = 12);

[[nodiscard]] std::string make_partitioned(const std::string& partition);
[[nodiscard]] std::string make_gpt(const std::string& partition);
/// A VHD that grows: blocks of 4 KiB; those of zeros, and one behind the end, are not there.
[[nodiscard]] std::string make_growing_vhd(const std::string& disk);

[[nodiscard]] std::string make_vhd(const std::string& disk, char type = 2);

} // namespace watchpost::unpack::test
