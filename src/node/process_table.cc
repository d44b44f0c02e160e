#include "node/process_table.h"

#include <algorithm>
#include <array>
#include <utility>

namespace watchpost::node {

namespace {

constexpr std::array rows{
    ProcessRow{"supervisor", "watchpost serve", "root with 3 capabilities, or who started it",
               "none", "key files, handed to their owner", "none", "keys, lock"},
    ProcessRow{"control", "supervisor", "watchpost",
               "listens: console, API; control.sock for the others",
               "sessions, TLS key; public half of the mailbox key",
               "HTTP; previews of objects: bounded", "the store, which nobody else writes; rules"},
    ProcessRow{"collector", "supervisor", "watchpost-collector",
               "resolver, mail servers, token end points",
               "mailbox passwords: private half of their key",
               "POP3, TLS, token end points; message bytes pass unread", "the spool"},
    ProcessRow{"pipeline", "supervisor", "watchpost-pipeline",
               "none but unix sockets: control, clamd", "none",
               "inspectors' replies, clamd's replies: bounded", "kept content"},
    ProcessRow{"inspector", "pipeline, one a core", "its user without capabilities", "none", "none",
               "everything", "memory files only"},
    ProcessRow{"unpacker", "pipeline, one an inspector", "its user without capabilities", "none",
               "none", "what it has 7-Zip open; runs that program alone", "memory files only"},
};

constexpr std::size_t name_width = 11;
constexpr std::size_t label_width = 15;

std::string padded(std::string_view text, std::size_t width)
{
    std::string result{text};
    result.resize(std::max(width, text.size()), ' ');
    return result;
}

std::string row_as_text(const ProcessRow& row)
{
    const std::array<std::pair<std::string_view, std::string_view>, 6> cells{
        {{"started by", row.started_by},
         {"runs as", row.runs_as},
         {"network", row.network},
         {"secrets", row.secrets},
         {"hostile bytes", row.hostile_bytes},
         {"writes", row.writes}}};
    std::string text;
    std::string_view name = row.name;
    for (const auto& [label, value] : cells) {
        text += padded(name, name_width) + padded(label, label_width) + std::string{value} + '\n';
        name = {};
    }
    return text;
}

} // namespace

std::span<const ProcessRow> process_table() noexcept
{
    return rows;
}

const ProcessRow* find_process(std::string_view name) noexcept
{
    const auto* const row = std::ranges::find(rows, name, &ProcessRow::name);
    return row == rows.end() ? nullptr : row;
}

std::string table_as_text()
{
    std::string text;
    for (const ProcessRow& row : rows) {
        text += (text.empty() ? "" : "\n") + row_as_text(row);
    }
    return text;
}

} // namespace watchpost::node
