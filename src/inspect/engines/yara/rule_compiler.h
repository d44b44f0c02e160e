// From YARA source to compiled rules. Private to this target.
#pragma once

#include <vector>

#include "base/error.h"
#include "inspect/engines/yara/library.h"
#include "inspect/engines/yara/rule_set.h"

namespace watchpost::inspect::yara {

[[nodiscard]] base::Result<Rules> compile_rules(const std::vector<RuleSource>& sources);

} // namespace watchpost::inspect::yara
