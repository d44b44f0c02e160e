#include "diag/log.h"

#include <unistd.h>

#include "base/assert.h"
#include "diag/log_catalogue.h"
#include "diag/quote.h"

namespace watchpost::diag {

namespace {

std::string in_quotes(std::string_view text)
{
    std::string result = "\"";
    for (const char character : quote(text)) {
        if (character == '"') {
            result += '\\';
        }
        result += character;
    }
    return result + '"';
}

} // namespace

std::string Log::line(base::Instant time, std::string_view id,
                      std::initializer_list<LogValue> values) const
{
    const LogMessage* const message = find_log_message(id);
    WP_ASSERT(message != nullptr);
    std::string text = base::to_rfc3339(time);
    text.append(" ").append(to_string(message->severity)).append(" ").append(process_);
    text.append(" ").append(id).append(" ").append(in_quotes(message->sentence));
    for (const auto& [name, value] : values) {
        text.append(" ").append(name).append("=").append(in_quotes(value));
    }
    return text + '\n';
}

void Log::write(std::string_view id, std::initializer_list<LogValue> values) const
{
    const std::string text = line(base::now(), id, values);
    if (::write(fd_, text.data(), text.size()) < 0) {
        return; // there is nobody left to tell
    }
}

} // namespace watchpost::diag
