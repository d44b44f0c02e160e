// Objects of an alert's message: previews, and the object itself in an encrypted zip.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"
#include "crypto/sha256.h"
#include "message/base64.h"

namespace watchpost::api {

namespace {

using base::ErrorCode;
using inspect::ObjectView;
using inspect::ObjectWish;
using inspect::ViewForm;

constexpr std::size_t part_bytes_max = std::size_t{64} << 10U; // of a path or a reading's name

http::Response no_such_object(const std::string& detail)
{
    return to_response({404, "not_found", "The message has no such object.", detail});
}

/// The digest by which the report knows the object; nullopt where it has none of that name.
std::optional<crypto::Sha256> find_digest(const store::AlertDetail& alert, const ObjectWish& wish)
{
    const Json report = report_of(alert);
    const auto parts = report.find("parts");
    if (parts == report.end() || !parts->is_array()) {
        return std::nullopt;
    }
    for (const Json& part : *parts) {
        if (part.value("path", "") != wish.path ||
            part.value("reading", "strict") != wish.reading) {
            continue;
        }
        crypto::Sha256 digest{};
        const auto octets = base::parse_hex(part.value("sha256", ""));
        if (octets && octets->size() == digest.size()) {
            std::ranges::transform(*octets, digest.begin(), [](std::byte octet) {
                return std::to_integer<std::uint8_t>(octet);
            });
            return digest;
        }
    }
    return std::nullopt;
}

/// What the query asks for, without form and digest; what is wrong with it goes to `faults`.
ObjectWish read_wish(const Call& call, std::vector<FieldError>& faults)
{
    ObjectWish wish;
    const auto take = [&](const char* name, std::string& to) {
        const auto value = call.request.query_value(name);
        if (value && value->size() <= part_bytes_max) {
            to = *value;
        } else if (value) {
            faults.push_back({name, "It is too long."});
        }
    };
    if (!call.request.query_value("part")) {
        faults.push_back({"part", "A value is needed."});
    }
    wish.reading = "strict";
    take("part", wish.path);
    take("reading", wish.reading);
    return wish;
}

http::Response explain(const base::Error& error)
{
    switch (error.code()) {
    case ErrorCode::not_found:
        return no_such_object(error.describe());
    case ErrorCode::engine_failed:
        return to_response({503, "unavailable", "The object could not be taken out of the message.",
                            "Try once more; where it fails again, take the raw message. (" +
                                error.describe() + ")"});
    default:
        return to_response(error);
    }
}

/// Finds alert and object, has it taken out, and answers with what `answer` makes of it.
template <typename Answer>
http::Response with_object(Call& call, ViewForm form, std::vector<FieldError> faults,
                           Answer&& answer)
{
    const auto alert = find_alert(call);
    if (!alert) {
        return to_response(alert.error());
    }
    ObjectWish wish = read_wish(call, faults);
    if (!faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    wish.form = form;
    const auto digest = find_digest(*alert, wish);
    if (!digest) {
        return no_such_object("The report of the alert lists all that there are.");
    }
    wish.sha256 = *digest;
    if (!alert->content_kept) {
        return no_longer_kept();
    }
    const auto view = call.service.backend.view_object(alert->alert.message, wish);
    return view ? answer(*alert, wish, *view) : explain(view.error());
}

Json to_json(const ObjectView& view, const ObjectWish& wish)
{
    Json json{{"part", wish.path},
              {"reading", wish.reading},
              {"as", inspect::to_string(view.form)},
              {"real_type", view.real_type},
              {"size", view.size},
              {"sha256", crypto::to_hex(wish.sha256)},
              {"sha1", view.sha1},
              {"md5", view.md5},
              {"was_cut", view.was_cut},
              {"fault", view.fault}};
    if (!view.fault.empty()) {
        return json;
    }
    if (view.form == ViewForm::text) {
        json["text"] = std::string{base::as_text(view.content)};
        json["charset"] = view.charset;
        return json;
    }
    json[view.form == ViewForm::image ? "png" : "octets"] = message::encode_base64(view.content);
    if (view.form == ViewForm::image) {
        json["width"] = view.width;
        json["height"] = view.height;
    }
    return json;
}

} // namespace

http::Response view_object(Call& call)
{
    std::vector<FieldError> faults;
    const auto form = inspect::parse_view_form(call.request.query_value("as").value_or("text"));
    if (!form || *form == ViewForm::whole) {
        faults.push_back({"as", "There is text, octets and image."});
    }
    return with_object(call, form.value_or(ViewForm::text), std::move(faults),
                       [](const store::AlertDetail&, const ObjectWish& wish,
                          const ObjectView& view) { return json_response(to_json(view, wish)); });
}

http::Response download_object(Call& call)
{
    return with_object(
        call, ViewForm::whole, {},
        [&](const store::AlertDetail& alert, const ObjectWish& wish, const ObjectView& view) {
            if (!view.fault.empty()) {
                return to_response({413, "too_large", "The object is too large.", view.fault});
            }
            const auto digest = crypto::to_hex(wish.sha256);
            // Its own name is an attacker's: nobody is to open it by a double click.
            const auto name = alert.alert.message.to_string() + '-' + digest.substr(0, 16) + ".bin";
            return hand_over(call, alert, name, base::as_text(view.content),
                             {store::AlertAction::object_downloaded, std::nullopt,
                              "part " + wish.path.substr(0, 512) + ", SHA-256 " + digest});
        });
}

} // namespace watchpost::api
