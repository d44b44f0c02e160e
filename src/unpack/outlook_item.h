// One message or attachment of Outlook, put together from its properties and given as members.
// Shared by TNEF and .msg, which store the same properties in different ways. Not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "unpack/mapi.h"
#include "unpack/meter.h"

namespace watchpost::unpack {

/// Bodies and subject become members at once: "body.rtf" (decompressed), "body.html", "body.txt",
/// "subject.txt". Other properties are left out.
void deliver_body(const MapiProperty& property, std::string_view folder, Meter& meter);

/// Gathers an attachment's names and contents, whichever comes first; its views last as long as
/// the container's bytes.
class OutlookAttachment {
public:
    void add(const MapiProperty& property);
    void add_content(base::ByteView content);
    void set_picture(base::ByteView picture) { picture_ = picture; }
    void set_title(std::string title) { title_ = std::move(title); }
    void set_transport_name(std::string name) { transport_name_ = std::move(name); }

    [[nodiscard]] bool has_title() const noexcept { return !title_.empty(); }
    [[nodiscard]] bool has_content() const noexcept { return !contents_.empty(); }

    /// One member for each distinct content, and one for the picture. Nothing where there is none.
    void deliver(Meter& meter) const;

private:
    [[nodiscard]] std::string shown_name() const;
    [[nodiscard]] std::string_view other_name(std::string_view shown) const;

    std::string long_name_;
    std::string short_name_;
    std::string title_;
    std::string transport_name_;
    std::string display_name_;
    std::vector<base::ByteView> contents_;
    base::ByteView picture_;
};

} // namespace watchpost::unpack
