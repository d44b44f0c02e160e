// What the streams of a stored Outlook message (.msg) are called, told by what they hold.
// [MS-OXMSG].
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "unpack/compound_file.h"
#include "unpack/mapi.h"

namespace watchpost::unpack {

/// A stream as its reader is to see it.
struct OutlookStream {
    std::string name; // "subject.txt", "invoice.pdf", "forwarded/body.rtf"; else its path
    std::string other_name = {}; // of an attachment
    MapiType type = MapiType::binary;
    bool is_compressed_rtf = false;
};

class OutlookFile {
public:
    /// True where the streams are those of a message.
    [[nodiscard]] static bool is_one(const std::vector<OleStream>& streams);

    /// Reads the names of attachments; `read` gives a stream's octets up to a bound.
    OutlookFile(const std::vector<OleStream>& streams,
                const std::function<base::Bytes(const OleStream&)>& read);

    [[nodiscard]] OutlookStream describe(const std::string& path) const;

private:
    struct Names {
        std::string long_name;
        std::string short_name;
        std::string display_name;
    };
    [[nodiscard]] std::string shown_folder(const std::string& folder) const;
    [[nodiscard]] std::string shown_name(const std::string& folder) const;

    std::unordered_map<std::string, Names> names_; // by the storage of the attachment
};

} // namespace watchpost::unpack
