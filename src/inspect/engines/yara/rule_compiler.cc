#include "inspect/engines/yara/rule_compiler.h"

#include <string>

#include "diag/quote.h"

namespace watchpost::inspect::yara {

namespace {

using base::ErrorCode;
using base::Retry;

/// What the compiler says while it reads one source.
struct Messages {
    std::string_view source;
    std::string text;
    std::size_t count = 0;
};

/// Warnings are left out: they do not keep a rule from working.
void take_message(int level, const char* /*file*/, int line, const YR_RULE* /*rule*/,
                  const char* message, void* user_data) noexcept
{
    auto& messages = *static_cast<Messages*>(user_data);
    if (level != YARA_ERROR_LEVEL_ERROR || ++messages.count > RuleSet::messages_max) {
        return;
    }
    messages.text += '\n' + diag::quote(messages.source) + ':' + std::to_string(line) + ": " +
                     diag::quote(message);
}

base::Result<void> add_source(YR_COMPILER& compiler, const RuleSource& source)
{
    if (source.text.find('\0') != std::string::npos) {
        return base::fail(ErrorCode::invalid_argument, Retry::never,
                          diag::quote(source.name) +
                              " holds a NUL octet: give YARA source text, not compiled rules");
    }
    Messages messages{source.name, {}, 0};
    yr_compiler_set_callback(&compiler, take_message, &messages);
    const int errors = yr_compiler_add_string(&compiler, source.text.c_str(), source.name.c_str());
    yr_compiler_set_callback(&compiler, nullptr, nullptr);
    if (errors == 0) {
        return {};
    }
    if (messages.count > RuleSet::messages_max) {
        messages.text +=
            "\n… and " + std::to_string(messages.count - RuleSet::messages_max) + " more";
    }
    return base::fail(ErrorCode::invalid_argument, Retry::never,
                      "the YARA rules do not compile; mend or remove:" + messages.text);
}

} // namespace

base::Result<Rules> compile_rules(const std::vector<RuleSource>& sources)
{
    YR_COMPILER* raw_compiler = nullptr;
    if (const int code = yr_compiler_create(&raw_compiler); code != ERROR_SUCCESS) {
        return base::fail(ErrorCode::internal, Retry::later, describe_error(code));
    }
    const Compiler compiler{raw_compiler};
    // Without a callback `include` is an error: a rule file must not read the operator's disk.
    yr_compiler_set_include_callback(compiler.get(), nullptr, nullptr, nullptr);
    for (const RuleSource& source : sources) {
        if (auto added = add_source(*compiler, source); !added) {
            return base::fail(std::move(added.error()));
        }
    }
    YR_RULES* rules = nullptr;
    if (const int code = yr_compiler_get_rules(compiler.get(), &rules); code != ERROR_SUCCESS) {
        return base::fail(ErrorCode::internal, Retry::later, describe_error(code));
    }
    return Rules{rules};
}

} // namespace watchpost::inspect::yara
