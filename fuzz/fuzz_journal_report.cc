// A report's text alone, a message in every setting: bounded UTF-8, a part of the message shown.
#include <cstdlib>

#include "copies/copy_reading.h"
#include "copies/journal_report.h"
#include "message/model_builder.h"
#include "model/json.h"

using namespace watchpost;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto report = copies::parse_journal_report(base::as_text(bytes));
    std::size_t kept = 0; // no text of a line is kept once for each of its addresses
    for (const auto& it : report.recipients) {
        kept += it.mailbox.email.email.size() + it.expanded_from.size() + it.forwarded_from.size();
    }
    const auto count = report.recipients.size();
    if (count > copies::Limits{}.recipients_max || kept > 4 * size + count * 2'048) {
        std::abort();
    }
    const auto message = message::Message::parse(bytes);
    auto reading = copies::read_copy(message, model::all_copy_settings.at(size % 5));
    message::ModelOptions options;
    options.root = reading.shown;
    auto shown = message::build_model(message, {}, options);
    copies::complete(shown, std::move(reading));
    return model::from_json(model::to_json(shown)) ? 0 : (std::abort(), 1);
}
