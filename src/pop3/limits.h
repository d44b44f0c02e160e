// Every limit of the POP3 client, by name. A server that passes one ends the session.
#pragma once

#include <cstddef>
#include <cstdint>

namespace watchpost::pop3 {

// RFC 1939 §3 allows 512 octets a reply line, RFC 2449 §4 as well; servers are longer where they
// put account names or tokens into a reply.
inline constexpr std::size_t line_bytes_max = 8192;
inline constexpr std::size_t capability_lines_max = 256;
inline constexpr std::uint32_t listing_lines_max = 1'000'000;
inline constexpr std::size_t listing_bytes_max = std::size_t{96} << 20U; // UIDL and LIST together
inline constexpr std::size_t uid_bytes_max =
    1024; // RFC 1939 §7 says 70; the field knows longer ones
inline constexpr std::size_t empty_lines_max = 1; // before a reply; Microsoft 365 sends one at DELE

// RFC 2449 §4: a command has at most 255 octets, CRLF included.
inline constexpr std::size_t command_bytes_max = 255;
inline constexpr std::size_t credential_bytes_max =
    16384; // user name or password, each; tokens of Microsoft 365 pass 4 KiB

// SCRAM: how often a password is digested, as the server says. RFC 5802 §5.1 wants 4096 at least;
// OWASP advises 1.3 million for SHA-1. The most costs about a second of one core.
inline constexpr std::uint32_t scram_iterations_min = 4096;
inline constexpr std::uint32_t scram_iterations_max = 2'000'000;

} // namespace watchpost::pop3
