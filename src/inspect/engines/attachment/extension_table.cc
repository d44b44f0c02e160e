#include "inspect/engines/attachment/extension_table.h"

#include <algorithm>
#include <array>

namespace watchpost::inspect::attachment {

namespace {

struct Row {
    std::string_view extension;
    ExtensionKind kind;
};

using enum ExtensionKind;

constexpr std::array extensions{
    // What Windows, macOS, Android and Java start or install.
    Row{"exe", program},
    Row{"com", program},
    Row{"scr", program},
    Row{"pif", program},
    Row{"cpl", program},
    Row{"dll", program},
    Row{"ocx", program},
    Row{"sys", program},
    Row{"drv", program},
    Row{"msi", program},
    Row{"msp", program},
    Row{"msix", program},
    Row{"msixbundle", program},
    Row{"appx", program},
    Row{"appxbundle", program},
    Row{"appinstaller", program},
    Row{"application", program},
    Row{"appref-ms", program},
    Row{"gadget", program},
    Row{"jar", program},
    Row{"apk", program},
    Row{"xll", program},
    Row{"wll", program},
    Row{"deb", program},
    Row{"rpm", program},
    Row{"pkg", program},
    Row{"appimage", program},
    Row{"jnlp", program},
    Row{"class", program},
    // Windows Script Host, PowerShell, the command processor, and files that carry commands.
    Row{"js", script},
    Row{"jse", script},
    Row{"vbs", script},
    Row{"vbe", script},
    Row{"wsf", script},
    Row{"wsh", script},
    Row{"wsc", script},
    Row{"sct", script},
    Row{"hta", script},
    Row{"ps1", script},
    Row{"psm1", script},
    Row{"ps1xml", script},
    Row{"bat", script},
    Row{"cmd", script},
    Row{"reg", script},
    Row{"inf", script},
    Row{"msc", script},
    Row{"iqy", script},
    Row{"applescript", script},
    Row{"scpt", script},
    Row{"sh", unix_script},
    Row{"bash", unix_script},
    Row{"csh", unix_script},
    Row{"ksh", unix_script},
    Row{"zsh", unix_script},
    Row{"pl", unix_script},
    Row{"py", unix_script},
    Row{"pyw", unix_script},
    Row{"rb", unix_script},
    Row{"php", unix_script},
    Row{"command", unix_script},
    Row{"lnk", shortcut},
    Row{"scf", shortcut},
    Row{"settingcontent-ms", shortcut},
    Row{"library-ms", shortcut},
    Row{"search-ms", shortcut},
    Row{"searchconnector-ms", shortcut},
    Row{"theme", shortcut},
    Row{"rdp", shortcut},

    Row{"url", internet_shortcut},
    Row{"website", internet_shortcut},
    Row{"webloc", internet_shortcut},
    Row{"chm", help_file},
    Row{"hlp", help_file},
    Row{"iso", disk_image},
    Row{"img", disk_image},
    Row{"vhd", disk_image},
    Row{"vhdx", disk_image},
    Row{"udf", disk_image},
    Row{"dmg", disk_image},
    Row{"vmdk", disk_image},
    Row{"wim", disk_image},
    Row{"one", onenote},
    Row{"onepkg", onenote},
    Row{"doc", office},
    Row{"docx", office},
    Row{"dot", office},
    Row{"dotx", office},
    Row{"xls", office},
    Row{"xlsx", office},
    Row{"xlt", office},
    Row{"xltx", office},
    Row{"ppt", office},
    Row{"pptx", office},
    Row{"pps", office},
    Row{"ppsx", office},
    Row{"pot", office},
    Row{"potx", office},
    Row{"odt", office},
    Row{"ods", office},
    Row{"odp", office},
    Row{"odg", office},
    Row{"vsd", office},
    Row{"vsdx", office},
    Row{"pub", office},
    Row{"mpp", office},
    Row{"wps", office},
    Row{"hwp", office},
    Row{"epub", office},
    Row{"docm", macro_office},
    Row{"dotm", macro_office},
    Row{"xlsm", macro_office},
    Row{"xltm", macro_office},
    Row{"xlam", macro_office},
    Row{"xla", macro_office},
    Row{"xlsb", macro_office},
    Row{"pptm", macro_office},
    Row{"potm", macro_office},
    Row{"ppsm", macro_office},
    Row{"ppam", macro_office},
    Row{"ppa", macro_office},
    Row{"sldm", macro_office},
    Row{"vsdm", macro_office},
    Row{"pdf", pdf},
    Row{"rtf", rtf},
    Row{"htm", html},
    Row{"html", html},
    Row{"shtml", html},
    Row{"xhtml", html},
    Row{"mht", html},
    Row{"mhtml", html},
    Row{"svg", html},
    Row{"xml", text},
    Row{"jpg", image},
    Row{"jpeg", image},
    Row{"jpe", image},
    Row{"jfif", image},
    Row{"png", image},
    Row{"gif", image},
    Row{"bmp", image},
    Row{"tif", image},
    Row{"tiff", image},
    Row{"webp", image},
    Row{"ico", image},
    Row{"heic", image},
    Row{"mp3", media},
    Row{"mp4", media},
    Row{"wav", media},
    Row{"avi", media},
    Row{"mov", media},
    Row{"mpg", media},
    Row{"mpeg", media},
    Row{"mid", media},
    Row{"ogg", media},
    Row{"wma", media},
    Row{"wmv", media},
    Row{"m4a", media},
    Row{"txt", text},
    Row{"csv", text},
    Row{"log", text},
    Row{"md", text},
    Row{"ics", text},
    Row{"vcf", text},
    Row{"eml", text},
    Row{"json", text},
    Row{"zip", archive},
    Row{"rar", archive},
    Row{"7z", archive},
    Row{"gz", archive},
    Row{"tgz", archive},
    Row{"tar", archive},
    Row{"bz2", archive},
    Row{"xz", archive},
    Row{"zst", archive},
    Row{"cab", archive},
    Row{"ace", archive},
    Row{"arj", archive},
    Row{"lzh", archive},
    Row{"z", archive},
};

} // namespace

ExtensionKind kind_of_extension(std::string_view extension) noexcept
{
    const auto* const row = std::ranges::find(extensions, extension, &Row::extension);
    return row == extensions.end() ? unknown : row->kind;
}

ExtensionKind kind_of_media_type(std::string_view media_type) noexcept
{
    if (media_type.starts_with("image/svg")) {
        return html;
    }
    if (media_type.starts_with("image/")) {
        return image;
    }
    if (media_type.starts_with("audio/") || media_type.starts_with("video/")) {
        return media;
    }
    if (media_type == "application/pdf") {
        return pdf;
    }
    if (media_type == "application/rtf" || media_type == "text/rtf") {
        return rtf;
    }
    if (media_type == "application/msword" || media_type.starts_with("application/vnd.ms-") ||
        media_type.starts_with("application/vnd.openxmlformats-officedocument.") ||
        media_type.starts_with("application/vnd.oasis.opendocument.")) {
        return media_type.find("macroenabled") != std::string_view::npos ? macro_office : office;
    }
    return unknown;
}

bool is_active(ExtensionKind kind) noexcept
{
    return kind == program || kind == script || kind == shortcut || kind == internet_shortcut ||
           kind == help_file;
}

bool is_harmless_to_the_eye(ExtensionKind kind) noexcept
{
    switch (kind) {
    case office:
    case macro_office:
    case pdf:
    case rtf:
    case html:
    case image:
    case media:
    case text:
    case archive:
        return true;
    case unknown:
    case program:
    case script:
    case unix_script:
    case shortcut:
    case internet_shortcut:
    case help_file:
    case disk_image:
    case onenote:
        return false;
    }
    return false;
}

} // namespace watchpost::inspect::attachment
