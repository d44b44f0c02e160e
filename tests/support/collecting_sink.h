// Keeps what an engine says.
#pragma once

#include <string>
#include <vector>

#include "inspect/engine.h"

namespace watchpost::test {

class CollectingSink final : public inspect::FindingSink {
public:
    void add(verdict::Finding finding) override { findings.push_back(std::move(finding)); }
    void add(verdict::NotInspected gap) override { gaps.push_back(std::move(gap)); }

    std::vector<verdict::Finding> findings;
    std::vector<verdict::NotInspected> gaps;
};

} // namespace watchpost::test
