#include "config/setting_table.h"

namespace watchpost::config {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30U;

void add_collector(std::vector<Setting>& table, Settings& to)
{
    auto& collector = to.collector;
    table.push_back(
        {"collector", "connections_max", &collector.connections_max, 1, 256,
         "Connections to mail servers at once, in all. Each takes about 1 MiB of memory "
         "while it collects."});
    table.push_back({"collector", "connections_per_server_max",
                     &collector.connections_per_server_max, 1, 256,
                     "Connections at once to one server, by its name and port."});
    table.push_back(
        {"collector", "log_in_interval_ms", &collector.log_in_interval_ms, 0, 60'000,
         "Time between the beginnings of two polls at one server; half to one and a "
         "half of it by chance. With many mailboxes of one server it spreads the start, "
         "an Apply, and the time after the server was down."});
    table.push_back({"collector", "turn_seconds_max", &collector.turn_seconds_max, 1, 3'600,
                     "While other mailboxes wait for a connection, a poll ends after so long and "
                     "goes on when the others have had their turn."});
    table.push_back({"collector", "turn_messages_max", &collector.turn_messages_max, 1, 1'000'000,
                     "The same after so many messages."});
    table.push_back(
        {"collector", "known_messages_max", &collector.known_messages_max, 1'000, 100'000'000,
         "Known messages of large mailboxes that are in memory at once, about 170 bytes "
         "each, while these are polled. A mailbox with more is polled alone among the "
         "large ones; one with less than a twentieth of it never waits."});
}

void add_spool(std::vector<Setting>& table, Settings& to)
{
    table.push_back(
        {"spool", "bytes_max", &to.spool.bytes_max, 0, 1'024 * gibibyte,
         "What the spool may take on disk: messages that are not inspected yet, and the "
         "ledger of what is known (about 200 bytes a message). Beyond it collecting "
         "pauses until a tenth is free; 0: no limit but the disk. A message of more than "
         "half of it is recorded as too large. Less than 16 MiB counts as 16 MiB."});
    table.push_back({"spool", "free_bytes_min", &to.spool.free_bytes_min, mebibyte,
                     1'024 * gibibyte,
                     "What collecting leaves free of the spool's disk. Below it collecting pauses "
                     "until there is a quarter more."});
}

void add_engines(std::vector<Setting>& table, Settings& to)
{
    table.push_back(
        {"engines", "attachment", &to.engines.attachment, 0, 0,
         "Looks at names and real types: disguised and dangerous files, macros, encrypted "
         "archives."});
    table.push_back({"engines", "yara", &to.engines.yara, 0, 0,
                     "Runs the built-in YARA rules and those of yara.rule_files."});
    table.push_back(
        {"engines", "clamav", &to.engines.clamav, 0, 0,
         "Asks clamd. \"automatic\" uses it where its socket exists at the start; \"on\" "
         "makes every inspection partial while it cannot be reached."});
    table.push_back({"clamav", "socket", &to.clamav.socket, 0, 0,
                     "clamd's unix socket (LocalSocket in clamd.conf)."});
    table.push_back(
        {"clamav", "file_bytes_max", &to.clamav.file_bytes_max, 1, 4 * gibibyte - 1,
         "clamd's own MaxFileSize and MaxScanSize must be at least this: clamd calls what is "
         "larger clean. Larger files are not sent, and the inspection is partial."});
    table.push_back({"clamav", "scan_seconds_max", &to.clamav.scan_seconds_max, 1, 3'600,
                     "How long one answer of clamd may take."});
    table.push_back(
        {"yara", "rule_files", &to.yara.rule_files, 0, 0,
         "YARA source files. Each is compiled at the start; one that does not compile stops "
         "the start with the compiler's message."});
    table.push_back({"archives", "passwords", &to.archives.passwords, 0, 0,
                     "Tried in this order on encrypted files, before those that the message itself "
                     "gives, for example [\"infected\"]."});
    table.push_back({"archives", "run_program", &to.archives.run_program, 0, 0,
                     "Opens encrypted 7z files and formats without a reader of our own by "
                     "archives.program, in a sandbox of its own. Without it such files are not "
                     "inspected, which is said."});
    table.push_back(
        {"archives", "program", &to.archives.program, 0, 0,
         "7-Zip's console program (Debian: 7zip). It must belong to root, in folders that nobody "
         "else may write."});
    table.push_back(
        {"authentication", "trusted_servers", &to.authentication.trusted_servers, 0, 0,
         "The names by which your own mail servers sign Authentication-Results, for example "
         "[\"mx.example.org\"]. Results of all others are shown as not trusted. Your servers must "
         "remove such fields from mail that comes in under their names (RFC 8601 section 5)."});
}

void add_inspectors(std::vector<Setting>& table, Settings& to)
{
    table.push_back({"inspectors", "count", &to.inspectors.count, 0, 256,
                     "Sandboxed processes that inspect at the same time; 0 means one a core."});
    table.push_back(
        {"inspectors", "message_seconds_max", &to.inspectors.message_seconds_max, 1, 3'600,
         "How long the inspection of one message may take; what was not reached by then is "
         "named, and the inspection is partial."});
    table.push_back(
        {"inspectors", "memory_bytes_max", &to.inspectors.memory_bytes_max, 128 * mebibyte,
         64 * gibibyte,
         "Memory of one of them. A message that needs more is inspected in part. Raise it together "
         "with limits.message.bytes_max."});
    table.push_back({"inspectors", "messages_max", &to.inspectors.messages_max, 1, 1'000'000,
                     "After so many messages a process is replaced by a fresh one. With 1 no "
                     "message meets a process that another has touched; that costs speed."});
}

void add_message_limits(std::vector<Setting>& table, Settings& to)
{
    constexpr std::string_view section = "limits.message";
    auto& limits = to.message_limits;
    table.push_back({section, "bytes_max", &limits.bytes_max, mebibyte, gibibyte,
                     "A whole message. A larger one is not inspected."});
    table.push_back({section, "depth_max", &limits.depth_max, 1, 500,
                     "Multiparts and messages in each other."});
    table.push_back(
        {section, "parts_max", &limits.parts_max, 1, 1'000'000, "Parts of one message."});
    table.push_back({section, "header_bytes_max", &limits.header_bytes_max, 1'024, gibibyte,
                     "The header of one part."});
    table.push_back({section, "header_fields_max", &limits.header_fields_max, 16, 1'000'000,
                     "Header fields of one part."});
    table.push_back({section, "parameters_max", &limits.parameters_max, 4, 100'000,
                     "Parameters of one header field."});
    table.push_back({section, "defects_max", &limits.defects_max, 16, 100'000,
                     "Defects of form that are written down of one message."});
    table.push_back({section, "uu_blocks_max", &limits.uu_blocks_max, 1, 100'000,
                     "Encoded files (uuencode, yEnc, BinHex) in one text."});
    table.push_back(
        {section, "decoded_children_bytes_max", &limits.decoded_children_bytes_max, mebibyte,
         gibibyte / 2,
         "Decoded bytes of attached messages that were sent base64 or quoted-printable."});
}

void add_unpack_limits(std::vector<Setting>& table, Settings& to)
{
    constexpr std::string_view section = "limits.unpack";
    auto& limits = to.unpack_limits;
    table.push_back({section, "depth_max", &limits.depth_max, 1, 64,
                     "Archives, documents and stored messages in each other."});
    table.push_back({section, "members_max", &limits.members_max, 1, 1'000'000,
                     "Members of all archives of one message together."});
    table.push_back({section, "member_bytes_max", &limits.member_bytes_max, 1'024, gibibyte / 2,
                     "One unpacked member. An inspector has 1 GiB of memory for everything."});
    table.push_back({section, "total_bytes_max", &limits.total_bytes_max, 1'024, 64 * gibibyte,
                     "All unpacked members of one message together."});
    table.push_back({section, "ratio_max", &limits.ratio_max, 2, 1'000'000,
                     "Unpacked size divided by packed size of one archive."});
    table.push_back({section, "ratio_free_bytes", &limits.ratio_free_bytes, 0, 4 * gibibyte,
                     "Unpacked size below which the ratio is not looked at."});
}

void add_report_limits(std::vector<Setting>& table, Settings& to)
{
    constexpr std::string_view section = "limits.report";
    auto& limits = to.report_limits;
    table.push_back({section, "parts_max", &limits.parts_max, 1, 1'000'000,
                     "Parts and archive members that are listed."});
    table.push_back({section, "findings_max", &limits.findings_max, 1, 100'000, "Findings."});
    table.push_back({section, "defects_max", &limits.defects_max, 1, 100'000,
                     "Defects of the message's form."});
    table.push_back({section, "not_inspected_max", &limits.not_inspected_max, 1, 100'000,
                     "Things that could not be looked at."});
}

} // namespace

const std::vector<Section>& section_table()
{
    static const std::vector<Section> sections{
        {"collector", "How many mailboxes are polled at once, and in which turns."},
        {"spool",
         "Where messages wait to be inspected; mail stays on the mail servers while there is "
         "no room in it."},
        {"engines", "Which engines inspect. One that is off changes nothing in a verdict."},
        {"clamav", "How to reach clamd."},
        {"yara", "Detection rules in the YARA language."},
        {"archives", "Archives and documents that are opened."},
        {"authentication", "What other servers found out about the sender."},
        {"inspectors", "The sandboxed processes that take messages apart."},
        {"limits.message",
         "Limits of the message reader. Reaching one makes the inspection partial."},
        {"limits.unpack", "Limits of unpacking, for one message. Reaching one makes the inspection "
                          "partial."},
        {"limits.report",
         "How much is written down of one message. Reaching one makes the inspection "
         "partial."},
    };
    return sections;
}

std::vector<Setting> setting_table(Settings& settings)
{
    std::vector<Setting> table;
    add_collector(table, settings);
    add_spool(table, settings);
    add_engines(table, settings);
    add_inspectors(table, settings);
    add_message_limits(table, settings);
    add_unpack_limits(table, settings);
    add_report_limits(table, settings);
    return table;
}

} // namespace watchpost::config
