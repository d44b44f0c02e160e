// The table of docs/mime-conformance.md: where we read a message of a foreign corpus differently,
// and why. A difference that is not in the table fails the test, and so does a row that no longer
// differs.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace watchpost::message::test {

class Differences {
public:
    explicit Differences(std::string corpus) : corpus_{std::move(corpus)} {}

    /// One difference: the file, the part ("2.1" or "-") and the aspect ("content", "parts" …).
    void add(std::string_view file, std::string_view part, std::string_view aspect);

    template <typename T, typename U>
    void compare(std::string_view file, std::string_view part, std::string_view aspect,
                 const T& ours, const U& theirs)
    {
        if (!(ours == theirs)) {
            add(file, part, aspect);
        }
    }

    /// "" where exactly the rows of the table differ; else what is new and what is stale.
    [[nodiscard]] std::string check_against_table() const;

private:
    std::string corpus_;
    std::set<std::string> found_; // "file part aspect"
};

} // namespace watchpost::message::test
