// The parameters of Content-Type and Content-Disposition, put together from every notation.
//
// RFC 2045 §5.1, RFC 2231 §3-4 (continuations, charsets, percent encoding), and RFC 2047 words
// where they should not be. Tolerant; what it had to guess is a defect. Not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "message/defect_log.h"

namespace watchpost::message {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Empty where there is none of that name.
[[nodiscard]] std::string_view find_parameter(const Parameters& parameters,
                                              std::string_view name) noexcept;

/// `text` is what follows the type. Names lower-case and distinct, values UTF-8.
[[nodiscard]] Parameters parse_parameters(std::string_view text, std::size_t count_max,
                                          DefectLog& defects, Departures departures = {});

} // namespace watchpost::message
