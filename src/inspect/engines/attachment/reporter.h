// Makes findings of one leaf: fills in part and reading, and says a thing about a document once.
#pragma once

#include <string>
#include <string_view>

#include "inspect/engine.h"
#include "inspect/engines/attachment/containers.h"

namespace watchpost::inspect::attachment {

/// Borrows the leaf and the sink for the call of on_leaf. Not thread-safe.
class Reporter {
public:
    Reporter(const Leaf& leaf, Containers& containers, FindingSink& sink)
        : leaf_{leaf}
        , containers_{containers}
        , sink_{sink}
    {
    }

    static constexpr std::size_t told_a_container_max = 20;

    /// About the leaf; of the members of one archive at most told_a_container_max for each id.
    /// `detail` must be quoted already.
    void about_leaf(std::string_view id, std::string detail);

    /// About the document that the leaf lies in; once for each id.
    void about_document(std::string_view id, std::string detail);

    /// Nobody can look into that document.
    void not_inspected_document(std::string_view reason, std::string detail);

private:
    const Leaf& leaf_;
    Containers& containers_;
    FindingSink& sink_;
};

} // namespace watchpost::inspect::attachment
