#include "inspect/file_type.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <magic.h>

#include "base/ascii.h"

namespace watchpost::inspect {

struct FileTypes::Handle {
    magic_t cookie = nullptr;

    explicit Handle(magic_t opened) : cookie{opened} {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { magic_close(cookie); }
};

FileTypes::FileTypes(std::unique_ptr<Handle> handle) : handle_{std::move(handle)} {}
FileTypes::FileTypes(FileTypes&&) noexcept = default;
FileTypes& FileTypes::operator=(FileTypes&&) noexcept = default;
FileTypes::~FileTypes() = default;

base::Result<FileTypes> FileTypes::load()
{
    // CSV says nothing of use here and costs a pass over every text.
    magic_t cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_CSV);
    if (cookie == nullptr) {
        return base::fail(base::system_error("open libmagic", errno));
    }
    auto handle = std::make_unique<Handle>(cookie);
    if (magic_load(cookie, nullptr) != 0) {
        const char* why = magic_error(cookie);
        return base::fail(base::ErrorCode::not_found, base::Retry::never,
                          std::string{"libmagic's data base cannot be loaded ("} +
                              (why != nullptr ? why : "no reason given") +
                              "); is the package libmagic-mgc installed?");
    }
    return FileTypes{std::move(handle)};
}

std::string FileTypes::of(base::ByteView bytes) const
{
    const auto head = bytes.first(std::min(bytes.size(), looked_at_bytes_max));
    const char* type = magic_buffer(handle_->cookie, head.data(), head.size());
    return type != nullptr ? type : "application/octet-stream";
}

namespace {

/// No octet that libmagic takes for data rather than text.
bool is_text(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet >= ' ' ? octet != 0x7f : c == '\t' || c == '\n' || c == '\r' || c == '\f';
    });
}

/// "<b", "</", "<!", "<?": what a parser of HTML does not take for words.
bool has_tag(std::string_view text)
{
    for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const char next = at + 1 < text.size() ? text[at + 1] : '\0';
        if (base::is_alpha(next) || next == '/' || next == '!' || next == '?') {
            return true;
        }
    }
    return false;
}

bool begins_as_page(std::string_view text)
{
    constexpr std::array<std::string_view, 4> tags{"<!doctype html", "<html", "<head", "<body"};
    return std::any_of(tags.begin(), tags.end(), [&](std::string_view tag) {
        const bool is_it = base::starts_ignoring_case(text, tag) && text.size() > tag.size();
        return is_it &&
               std::string_view{" >\t\r\n"}.find(text[tag.size()]) != std::string_view::npos;
    });
}

} // namespace

std::optional<std::string_view> FileTypes::evident(base::ByteView bytes)
{
    auto text = base::as_text(bytes.first(std::min(bytes.size(), looked_at_bytes_max)));
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    const bool is_word = !text.empty() && base::is_alnum(text.front());
    if ((!is_word && !begins_as_page(text)) || !is_text(text)) {
        return std::nullopt;
    }
    if (!is_word) {
        return "text/html";
    }
    return has_tag(text) ? std::nullopt : std::optional<std::string_view>{"text/plain"};
}

} // namespace watchpost::inspect
