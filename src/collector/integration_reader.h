// Takes the fields of a POP3 integration out of its JSON and notes every fault. Private.
//
// A field that is wrong reads as its default, so that the others are still checked; what nobody
// asked for is a fault, too. Not thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/mailbox_settings.h"

namespace watchpost::collector {

enum class Presence : std::uint8_t { optional, required };

class IntegrationReader {
public:
    struct Range {
        std::uint64_t least = 0;
        std::uint64_t most = 0;
    };

    explicit IntegrationReader(const std::string& json);
    ~IntegrationReader();
    IntegrationReader(const IntegrationReader&) = delete;
    IntegrationReader& operator=(const IntegrationReader&) = delete;

    /// Required: not empty either.
    [[nodiscard]] std::string text(const char* field, std::uint64_t characters_max,
                                   Presence presence);
    [[nodiscard]] bool boolean(const char* field); // required
    /// Without a default the field is required.
    [[nodiscard]] std::uint64_t number(const char* field, Range range,
                                       std::optional<std::uint64_t> otherwise);
    /// The index of the word; the first one is the default.
    [[nodiscard]] std::size_t choice(const char* field,
                                     std::initializer_list<std::string_view> words);

    void add_fault(std::string field, std::string fault);
    /// Fields that no call has asked for.
    void refuse_others();

    /// One a field, the first that was found.
    [[nodiscard]] std::vector<SettingFault> take_faults();

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

} // namespace watchpost::collector
