// The text of a journal report alone, and a whole message in every setting: texts stay UTF-8 and
// bounded, what is shown is a part of the message.
#include <cstdint>
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
    if (report.recipients.size() > copies::Limits{}.recipients_max) {
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
