// Messages, archives and the EICAR test string of our making, for tests.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchpost::test {

/// The harmless test string that every engine calls malware. Put together when it is asked for, so
/// that no file of ours is taken for it.
[[nodiscard]] std::string eicar();

/// Lines of 76 characters with CRLF. RFC 2045 §6.8.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// A zip whose members are stored, not deflated.
[[nodiscard]] std::string
make_zip(const std::vector<std::pair<std::string, std::string>>& names_and_contents);

/// A part with a file name, sent base64.
[[nodiscard]] std::string attachment_part(std::string_view filename, std::string_view content,
                                          std::string_view type = "application/octet-stream");

/// A text part without a name.
[[nodiscard]] std::string text_part(std::string_view text);

/// A message/rfc822 part that is sent as it is.
[[nodiscard]] std::string message_part(std::string_view message);

/// A whole multipart/mixed message around these parts.
[[nodiscard]] std::string make_message(const std::vector<std::string>& parts,
                                       std::string_view subject = "test");

} // namespace watchpost::test
