// Refuses JSON that the message data model does not have before a tree is built of it. Private.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "model/json.h"

namespace watchpost::model {

/// Reads the text once without building anything, and stops at the first thing that the shape does
/// not have: so no deep and no huge tree is ever built. A doubled key has to be refused here, since
/// the tree keeps only the last one.
class Guard final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Guard(const JsonLimits& limits) : limits_{limits} {}

    bool null() override { return take_value(); }
    bool boolean(bool /*value*/) override { return take_value(); }
    bool number_integer(number_integer_t /*value*/) override { return take_value(); }
    bool number_unsigned(number_unsigned_t /*value*/) override { return take_value(); }
    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return false; }
    bool string(string_t& /*value*/) override { return take_value(); }
    bool binary(binary_t& /*value*/) override { return false; }
    bool start_array(std::size_t /*size*/) override { return open(); }
    bool end_array() override { return close(); }
    bool start_object(std::size_t /*size*/) override { return open(); }
    bool end_object() override { return close(); }
    bool key(string_t& name) override
    {
        auto& names = keys_.back();
        const bool is_new = std::find(names.begin(), names.end(), name) == names.end();
        if (!is_new || names.size() >= members_max) {
            return false;
        }
        names.push_back(name);
        return true;
    }
    bool parse_error(std::size_t /*place*/, const std::string& /*token*/,
                     const nlohmann::json::exception& /*error*/) override
    {
        return false;
    }

private:
    static constexpr std::size_t members_max = 16; // no object of the shape has more

    bool take_value() { return ++values_ <= limits_.values_max; }
    bool open()
    {
        keys_.emplace_back();
        return keys_.size() <= limits_.depth_max && take_value();
    }
    bool close()
    {
        keys_.pop_back();
        return true;
    }

    const JsonLimits& limits_;
    std::vector<std::vector<std::string>> keys_; // of the objects and lists that are open
    std::size_t values_ = 0;
};

} // namespace watchpost::model
