// How wrappers write the link that they carry. Private to message/.
//
// Each takes the address of the wrapper and gives what it may lead to, decoded, in the order in
// which the address has it; empty where the form is not met. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "message/web_address.h"

namespace watchpost::message {

/// Of which query parameter; forms without one leave it.
using WrappedForm = std::vector<std::string> (*)(const WebAddress& wrapper,
                                                 std::string_view parameter);

/// "?url=https%3A%2F%2F…".
std::vector<std::string> in_query(const WebAddress& wrapper, std::string_view parameter);

/// As in_query(), in base64 with the URL alphabet; also behind the "a1" of Bing.
std::vector<std::string> in_base64_query(const WebAddress& wrapper, std::string_view parameter);

/// The query as a whole, raw or percent-encoded: "/ddm/clk/1;2?https://…".
std::vector<std::string> whole_query(const WebAddress& wrapper, std::string_view parameter);

/// The path behind its first segment: "/1Xyz…/https%3A%2F%2F…".
std::vector<std::string> behind_first_segment(const WebAddress& wrapper,
                                              std::string_view parameter);

/// "/amp/s/host/path" and "/c/s/host/path": https with "s", http without.
std::vector<std::string> in_amp_path(const WebAddress& wrapper, std::string_view parameter);

/// Between three underscores: "/v2/___https://…___.Y…".
std::vector<std::string> between_underscores(const WebAddress& wrapper, std::string_view parameter);

/// URL Defense v1: as in_query(), with HTML's references for characters on top.
std::vector<std::string> in_proofpoint_v1(const WebAddress& wrapper, std::string_view parameter);

/// URL Defense v2: "-" for "%" and "_" for "/", then as v1.
std::vector<std::string> in_proofpoint_v2(const WebAddress& wrapper, std::string_view parameter);

/// URL Defense v3: "/v3/__URL__;BASE64!…" where each "*" stands for one character of the base64 and
/// "**" with a letter for a run of 2 (A) to 65 (_) of them.
std::vector<std::string> in_proofpoint_v3(const WebAddress& wrapper, std::string_view parameter);

} // namespace watchpost::message
