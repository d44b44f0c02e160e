#include "unpack/ole.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "unpack/compound_file.h"
#include "unpack/compressed_rtf.h"
#include "unpack/encrypted_office.h"
#include "unpack/link_moniker.h"
#include "unpack/ole_package.h"
#include "unpack/outlook_file.h"
#include "unpack/presentation.h"
#include "unpack/vba_module.h"
#include "unpack/word_fields.h"

namespace watchpost::unpack {
namespace {

using namespace std::string_view_literals;

/// The file that a packager put into the stream, as a member below it.
void unpack_package(const OleStream& stream, base::ByteView content, Meter& meter)
{
    const auto package =
        stream.path.ends_with("\1Ole10Native"sv) ? read_ole_package(content) : std::nullopt;
    if (!package || package->data.empty()) {
        return;
    }
    const auto name = stream.path + '/' + name_of(*package);
    const auto other_name = other_name_of(*package);
    Member member;
    member.name = name;
    member.other_name = other_name;
    member.bytes = package->data;
    meter.deliver_whole(member);
}

/// The source of a module of macros as a text, a member below the stream: rules read it so.
void unpack_vba(const OleStream& stream, base::ByteView content, Meter& meter)
{
    if (meter.is_over() || !is_vba_module_path(stream.path)) {
        return;
    }
    const auto module = read_vba_module(content);
    if (module && !module->source.empty()) {
        meter.deliver_whole({stream.path + "/source.vba", base::as_bytes(module->source)});
    }
}

/// Texts in UTF-16 and compressed RTF as their readers see them; what cannot be undone stays as it
/// is. nullopt where nothing is to be done.
std::optional<base::Bytes> translated(const OutlookStream& stream, base::ByteView content,
                                      Meter& meter)
{
    if (stream.is_compressed_rtf) {
        base::Bytes rtf;
        auto stop = Stop::none;
        meter.restart_member(); // the compressed octets are thrown away
        const bool is_whole = decompress_rtf(content, [&](base::ByteView piece) {
            stop = meter.keep(piece, rtf);
            return stop == Stop::none;
        });
        if (stop != Stop::none) {
            meter.tell(stream.name, stop);
        } else if (!is_whole) {
            meter.tell(stream.name, "damaged_archive", "the compressed text does not hold");
        }
        return rtf.empty() ? std::nullopt : std::optional{std::move(rtf)};
    }
    if (stream.type != MapiType::string16) {
        return std::nullopt;
    }
    const auto text = mapi_text(stream.type, content);
    const auto octets = base::as_bytes(text);
    return base::Bytes{octets.begin(), octets.end()};
}

class Opener {
public:
    Opener(CompoundFile& file, Passwords& passwords, Meter& meter)
        : file_{file}
        , passwords_{passwords}
        , meter_{meter}
        , streams_{file.streams(meter.entries_left() + 1)}
    {
        if (OutlookFile::is_one(streams_)) {
            outlook_.emplace(streams_,
                             [this](const OleStream& stream) { return read_name(stream); });
        }
    }

    void run()
    {
        open_encrypted_package();
        for (const auto& stream : streams_) {
            if (!meter_.admit_entry()) {
                return;
            }
            deliver(stream);
            if (meter_.is_over()) {
                return;
            }
        }
    }

private:
    [[nodiscard]] const OleStream* find(std::string_view path) const
    {
        const auto found = std::ranges::find(streams_, path, &OleStream::path);
        return found == streams_.end() ? nullptr : &*found;
    }

    /// Both streams are read twice: here, and as the members that they are.
    void open_encrypted_package()
    {
        const auto* const info = find("EncryptionInfo");
        const auto* const package = find("EncryptedPackage");
        if (info != nullptr && package != nullptr) {
            const auto limit = meter_.limits().member_bytes_max;
            unpack_encrypted_office(read_begin(*info, encryption_info_bytes_max),
                                    read_begin(*package, limit), passwords_, meter_);
        }
    }

    [[nodiscard]] base::Bytes read_begin(const OleStream& stream, std::uint64_t bytes_max) const
    {
        base::Bytes content;
        static_cast<void>(file_.read(stream, [&](base::ByteView piece) {
            const auto kept = piece.first(static_cast<std::size_t>(
                std::min<std::uint64_t>(piece.size(), bytes_max - content.size())));
            content.insert(content.end(), kept.begin(), kept.end());
            return content.size() < bytes_max;
        }));
        return content;
    }

    /// A name is short; what is longer is cut.
    [[nodiscard]] base::Bytes read_name(const OleStream& stream) const
    {
        constexpr std::size_t name_bytes_max = 1024;
        return read_begin(stream, name_bytes_max);
    }

    void deliver(const OleStream& stream)
    {
        content_.clear();
        auto stop = Stop::none;
        const bool is_whole = file_.read(stream, [&](base::ByteView piece) {
            stop = meter_.keep(piece, content_);
            return stop == Stop::none;
        });
        const auto shown = outlook_ ? outlook_->describe(stream.path) : OutlookStream{stream.path};
        const auto text =
            outlook_ && stop == Stop::none ? translated(shown, content_, meter_) : std::nullopt;
        Member member;
        member.name = shown.name;
        member.other_name = shown.other_name;
        member.bytes = text ? *text : content_;
        meter_.deliver(member);
        if (stop != Stop::none) {
            meter_.tell(shown.name, stop);
        } else if (!is_whole) {
            meter_.tell(shown.name, "damaged_archive", "the stream ends before its size");
        }
        unpack_package(stream, content_, meter_);
        unpack_vba(stream, content_, meter_);
        refer(stream);
        if (stream.path.ends_with("PowerPoint Document"sv)) {
            unpack_presentation(content_, stream.path, meter_);
        }
    }

    void refer(const OleStream& stream)
    {
        const auto name = std::string_view{stream.path}.substr(stream.path.rfind('/') + 1);
        if (name == "\1Ole"sv) { // of a linked object
            refer_link_monikers(content_, Reference::Kind::load, meter_);
        } else if (name == "Workbook"sv || name == "Book"sv) { // hyperlinks of cells
            refer_link_monikers(content_, Reference::Kind::link, meter_);
        } else if (name == "WordDocument"sv) {
            refer_word_fields(content_, meter_);
        }
    }

    CompoundFile& file_; // as long as the opener, as the next two
    Passwords& passwords_;
    Meter& meter_;
    std::vector<OleStream> streams_;
    std::optional<OutlookFile> outlook_;
    base::Bytes content_;
};

} // namespace

void unpack_ole(base::ByteView bytes, Passwords& passwords, Meter& meter)
{
    auto file = CompoundFile::open(bytes);
    if (!file) {
        meter.tell("", "damaged_archive", "the header of the compound file does not hold");
        return;
    }
    Opener{*file, passwords, meter}.run();
    if (file->is_damaged()) {
        meter.tell("", "damaged_archive", "the directory or the sector tables do not hold");
    }
    if (file->is_cut() && !meter.is_over()) {
        meter.tell("", "limit_depth",
                   "storages deeper than " + std::to_string(CompoundFile::path_depth_max) +
                       " were not read");
    }
}

} // namespace watchpost::unpack
