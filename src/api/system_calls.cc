// The console's certificate, the state of the service, live updates.
#include "api/body.h"
#include "api/call.h"
#include "api/json.h"
#include "api/problem.h"

namespace watchpost::api {

namespace {

constexpr std::size_t certificate_characters_max = 200'000;
constexpr std::size_t key_characters_max = 50'000;

Json to_json(const ConsoleCertificate& certificate)
{
    return {{"subject", certificate.subject},
            {"issuer", certificate.issuer},
            {"names", certificate.names},
            {"not_before", base::to_rfc3339(certificate.not_before)},
            {"not_after", base::to_rfc3339(certificate.not_after)},
            {"fingerprint_sha256", certificate.fingerprint_sha256},
            {"self_made", certificate.is_self_made}};
}

} // namespace

http::Response get_tls_certificate(Call& call)
{
    return json_response(to_json(call.service.certificates.current()));
}

http::Response upload_tls_certificate(Call& call)
{
    Body body{call.request.body};
    const auto certificate =
        body.text("certificate_pem", certificate_characters_max, Body::Presence::required, 1);
    const auto key = body.text("key_pem", key_characters_max, Body::Presence::required, 1);
    if (auto faults = body.faults(); !faults.empty()) {
        return to_response(invalid_fields(std::move(faults)));
    }
    const auto used = call.service.certificates.replace(certificate, key);
    if (!used) {
        return used.error().code() == base::ErrorCode::invalid_argument
                   ? to_response(invalid_fields({{"certificate_pem", used.error().message()}}))
                   : to_response(used.error());
    }
    if (call.service.log != nullptr) {
        call.service.log->write(
            "control.certificate_changed",
            {{"fingerprint", used->fingerprint_sha256}, {"user", call.user.name}});
    }
    const auto noted = call.service.writer.run([&](store::Store& store) {
        return store.audit(
            {call.now, call.actor, "certificate.replaced", used->fingerprint_sha256, "{}"});
    });
    return noted ? json_response(to_json(*used)) : to_response(noted.error());
}

http::Response get_status(Call& call)
{
    return json_response(to_json(call.service.backend.status()));
}

http::Response stream_events(Call& call)
{
    http::Response response;
    response.events = call.service.events.subscribe(call.token);
    if (!response.events) {
        return to_response({429,
                            "unavailable",
                            "Too many consoles listen for live updates.",
                            "Close some of them.",
                            {},
                            30});
    }
    response.headers = {{"cache-control", "no-store"}};
    return response;
}

} // namespace watchpost::api
