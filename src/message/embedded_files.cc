#include "message/embedded_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "message/ascii.h"
#include "message/binhex.h"
#include "message/defect_log.h"
#include "message/uuencode.h"
#include "message/yenc.h"

namespace watchpost::message {
namespace {

constexpr std::string_view binhex_type = "application/mac-binhex40";

void add_uuencoded(base::ByteView text, std::size_t files_max, DefectLog& log,
                   std::vector<EmbeddedFile>& files)
{
    for (UuBlock& block : find_uuencoded(text, files_max)) {
        if (block.is_damaged) {
            log.note(DefectId::uuencode_invalid, block.begin, block.name);
        }
        files.push_back({std::move(block.name), block.begin, std::move(block.bytes)});
    }
}

std::string piece_of(const YencFile& file)
{
    const std::string parts = file.parts == 0 ? "" : " of " + std::to_string(file.parts);
    return "part " + std::to_string(file.part) + parts + ": " + file.name;
}

void add_yencoded(base::ByteView text, std::size_t files_max, DefectLog& log,
                  std::vector<EmbeddedFile>& files)
{
    for (YencFile& file : find_yencoded(text, files_max)) {
        if (!file.damage.empty()) {
            log.note(DefectId::yenc_invalid, file.begin, file.damage + ": " + file.name);
        }
        if (file.part > 0 && file.parts != 1) {
            log.note(DefectId::yenc_piece, file.begin, piece_of(file));
        }
        files.push_back({std::move(file.name), file.begin, std::move(file.bytes)});
    }
}

void add_binhex(base::ByteView text, std::string_view declared_type, std::size_t files_max,
                DefectLog& log, std::vector<EmbeddedFile>& files)
{
    const auto start =
        declared_type == binhex_type ? BinhexStart::any_colon : BinhexStart::announced;
    for (BinhexFile& file : find_binhex(text, files_max, start)) {
        if (!file.damage.empty()) {
            log.note(DefectId::binhex_invalid, file.begin, file.damage + ": " + file.name);
        }
        if (file.was_cut) {
            log.note(DefectId::limit_binhex_bytes, file.begin, file.name);
        }
        files.push_back({file.name, file.begin, std::move(file.data)});
        if (!file.resources.empty()) {
            // It stands behind the first fork.
            files.push_back({file.name + ".rsrc", file.begin + 1, std::move(file.resources)});
        }
    }
}

} // namespace

bool may_hold_files(std::string_view declared_type, std::string_view filename)
{
    constexpr std::array<std::string_view, 6> types{"text/plain",
                                                    binhex_type,
                                                    "application/x-uuencode",
                                                    "text/x-uuencode",
                                                    "application/x-yencode",
                                                    "application/x-uu"};
    constexpr std::array<std::string_view, 7> ends{".uu",   ".uue", ".hqx", ".hcx",
                                                   ".yenc", ".ync", ".ntx"};
    return std::ranges::find(types, declared_type) != types.end() ||
           std::ranges::any_of(ends, [&](std::string_view end) {
               return filename.size() > end.size() &&
                      equals_ignoring_case(filename.substr(filename.size() - end.size()), end);
           });
}

std::vector<EmbeddedFile> find_embedded_files(base::ByteView text, std::string_view declared_type,
                                              const std::string& path, const Limits& limits,
                                              std::vector<Defect>& defects)
{
    DefectList list{limits.defects_max};
    DefectLog log{list, path};
    std::vector<EmbeddedFile> files;
    const std::size_t files_max = limits.uu_blocks_max;
    add_uuencoded(text, files_max, log, files);
    add_yencoded(text, files_max, log, files);
    add_binhex(text, declared_type, files_max, log, files);
    std::ranges::sort(files, {}, &EmbeddedFile::begin);
    if (files.size() >= files_max) {
        log.note(DefectId::limit_uu_blocks, files[files_max - 1].begin);
        files.resize(files_max);
    }
    defects.insert(defects.end(), list.all().begin(), list.all().end());
    return files;
}

} // namespace watchpost::message
