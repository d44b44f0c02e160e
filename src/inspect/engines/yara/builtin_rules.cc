#include "inspect/engines/yara/builtin_rules.h"

namespace watchpost::inspect::yara {

namespace {

constexpr std::string_view source = R"yara(
rule eicar_test_file
{
    meta:
        description = "The EICAR anti-virus test file: harmless, and proof that the inspection works."
        importance = "high"
    strings:
        $test = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D
                  24 45 49 43 41 52 2D 53 54 41 4E 44 41 52 44 2D 41 4E 54 49 56 49 52 55 53 2D
                  54 45 53 54 2D 46 49 4C 45 21 24 48 2B 48 2A }
    condition:
        $test
}

rule script_carries_windows_program
{
    meta:
        description = "A script decodes a Windows program out of its own text."
        importance = "high"
    strings:
        $stub = "This program cannot be run in DOS mode" base64 base64wide
        $bytes = /0x4d\s?,\s?0x5a\s?,\s?0x90\s?,\s?0x00\s?,\s?0x03/ nocase ascii wide
        $decode_1 = "FromBase64String" nocase ascii wide
        $decode_2 = "bin.base64" nocase ascii wide
        $decode_3 = "[Byte[]]" nocase ascii wide
        $decode_4 = "ADODB.Stream" nocase ascii wide
    condition:
        uint16be(0) != 0x4D5A and any of ($stub, $bytes) and any of ($decode_*)
}

rule powershell_hidden_command
{
    meta:
        description = "A PowerShell command line with a long encoded command."
        importance = "high"
    strings:
        $line = /powershell(\.exe)?["']?\s[^\r\n]{0,200}\s-(e|en|enc|encodedcommand)\s+["']?[A-Za-z0-9+\/=]{120}/ nocase ascii wide
    condition:
        $line
}

rule html_smuggles_file
{
    meta:
        description = "An HTML page builds a file out of its own text and saves it by itself."
        importance = "medium"
    strings:
        $blob = "new Blob(" nocase ascii wide
        $decode = "atob(" nocase ascii wide
        $save_1 = ".msSaveOrOpenBlob(" nocase ascii wide
        $save_2 = "URL.createObjectURL(" nocase ascii wide
        $save_3 = ".click()" nocase ascii wide
        $name = ".download" nocase ascii wide
    condition:
        $blob and $decode and ($save_1 or ($save_2 and $save_3 and $name))
}

rule rtf_equation_exploit
{
    meta:
        description = "An RTF document starts the old equation editor by itself (CVE-2017-11882)."
        importance = "high"
    strings:
        $update = "\\objupdate" nocase
        $class_name = "4571756174696f6e2e33" nocase
        $class_id = "02ce020000000000c000000000000046" nocase
    condition:
        uint32be(0) == 0x7B5C7274 and $update and any of ($class_*)
}

rule support_tool_link
{
    meta:
        description = "A link that makes the Windows support diagnostic tool run commands (CVE-2022-30190)."
        importance = "high"
    strings:
        $scheme = "ms-msdt:" nocase ascii wide
        $argument = "IT_BrowseForFile" nocase ascii wide
    condition:
        all of them
}
)yara";

} // namespace

std::string_view builtin_rules() noexcept
{
    return source;
}

} // namespace watchpost::inspect::yara
