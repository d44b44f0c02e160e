// Runs unpack() and keeps what it told, with the limits and passwords a test wants.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unpack/unpack.h"

namespace watchpost::unpack::test {

struct KeptMember {
    std::string name;
    std::string content;
    bool was_encrypted = false;
    std::string other_name = {}; // NOLINT(readability-redundant-member-init): g++
};

class Unpacked : public MemberSink {
public:
    struct Options {
        std::string filename = "sample";
        std::vector<std::string> passwords = {}; // NOLINT(readability-redundant-member-init): g++
        Limits limits = {};
        base::Deadline deadline = base::Deadline::max();
        Program* program = nullptr;
    };

    [[nodiscard]] static Unpacked of(std::string_view bytes) { return of(bytes, Options{}); }
    [[nodiscard]] static Unpacked of(std::string_view bytes, const Options& options)
    {
        Unpacked result;
        PasswordList passwords{options.passwords};
        unpack(base::as_bytes(bytes), options.filename, passwords, options.limits, result.usage,
               options.deadline, result, options.program);
        return result;
    }

    void on_member(const Member& member) override
    {
        members.push_back({std::string{member.name}, std::string{base::as_text(member.bytes)},
                           member.password != nullptr, std::string{member.other_name}});
    }
    void on_gap(Gap gap) override { gaps.push_back(std::move(gap)); }
    void on_reference(const Reference& reference) override
    {
        references.push_back(std::string{to_string(reference.kind)} + ' ' +
                             std::string{reference.target});
    }

    [[nodiscard]] std::vector<std::string> names() const
    {
        std::vector<std::string> result;
        result.reserve(members.size());
        for (const auto& member : members) {
            result.push_back(member.name);
        }
        return result;
    }
    /// "reason" or "reason: member", in the order told.
    [[nodiscard]] std::vector<std::string> reasons() const
    {
        std::vector<std::string> result;
        result.reserve(gaps.size());
        for (const auto& gap : gaps) {
            result.push_back(gap.member.empty() ? gap.reason : gap.reason + ": " + gap.member);
        }
        return result;
    }
    /// The first of this name.
    [[nodiscard]] std::optional<std::string> content(std::string_view name) const
    {
        for (const auto& member : members) {
            if (member.name == name) {
                return member.content;
            }
        }
        return std::nullopt;
    }

    std::vector<KeptMember> members;
    std::vector<Gap> gaps;
    std::vector<std::string> references; // "link https://a.example/", in the order told
    Usage usage;
};

} // namespace watchpost::unpack::test
