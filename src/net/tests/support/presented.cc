#include "net/tests/support/presented.h"

#include <functional>
#include <map>

namespace watchpost::net::test {

namespace {

using Maker = std::function<Presented()>;

const CertificateSpec right{.names = "DNS:mail.example.test"};
const CertificateSpec other{.names = "DNS:other.example.test"};

CertificateSpec with(CertificateSpec spec, const std::function<void(CertificateSpec&)>& change)
{
    change(spec);
    return spec;
}

void expire(CertificateSpec& spec)
{
    spec.valid_from_days = -20;
    spec.valid_to_days = -10;
}
void begin_later(CertificateSpec& spec)
{
    spec.valid_from_days = 10;
}
void weaken_key(CertificateSpec& spec)
{
    spec.rsa_bits = 1024;
}
void weaken_digest(CertificateSpec& spec)
{
    spec.digest = EVP_sha1();
}
void make_client_only(CertificateSpec& spec)
{
    spec.extended_key_usage = "clientAuth";
}
void damage(CertificateSpec& spec)
{
    spec.signature = CertificateSpec::Signature::damaged;
}

/// The CA that the administrator uploaded.
const Identity& authority()
{
    static const Identity made = make_self_signed({.common_name = "Test CA", .is_ca = true});
    return made;
}

Identity intermediate(const Identity& issuer, const CertificateSpec& spec = {})
{
    CertificateSpec changed = spec;
    changed.common_name = "Test Intermediate";
    changed.is_ca = true;
    return make_issued(changed, issuer);
}

Maker issued(const CertificateSpec& spec)
{
    return [spec] {
        return Presented{.identity = make_issued(spec, authority()),
                         .uploaded = {authority().certificate}};
    };
}

Maker issued_for(const CertificateSpec& spec, const std::string& server,
                 const std::string& certificate_name = "")
{
    return [=] {
        Presented presented = issued(spec)();
        presented.server = server;
        presented.certificate_name = certificate_name;
        return presented;
    };
}

/// One for `name` where `server` is configured.
Maker named(const std::string& name, const std::string& server)
{
    return issued_for({.names = name}, server);
}

CertificateSpec named_with_a_nul()
{
    using namespace std::string_literals;
    return {.raw_dns_name = "mail.example.test\0.evil.test"s};
}

Maker self_signed(const CertificateSpec& spec)
{
    return [spec] { return Presented{.identity = make_self_signed(spec)}; };
}

/// Leaf, sent intermediate, uploaded root.
Maker through(const CertificateSpec& intermediate_spec)
{
    return [intermediate_spec] {
        const Identity between = intermediate(authority(), intermediate_spec);
        return Presented{.identity = make_issued(right, between),
                         .sent = {between.certificate},
                         .uploaded = {authority().certificate}};
    };
}

Presented intermediate_uploaded()
{
    const Identity between = intermediate(authority());
    return {.identity = make_issued(right, between), .uploaded = {between.certificate}};
}

Presented self_signed_uploaded()
{
    const Identity self = make_self_signed(right);
    return {.identity = self, .uploaded = {self.certificate}};
}

Presented leaf_uploaded()
{
    const Identity leaf =
        make_issued(right, make_self_signed({.common_name = "Unknown CA", .is_ca = true}));
    return {.identity = leaf, .uploaded = {leaf.certificate}};
}

Presented incomplete()
{
    return {.identity = make_issued(right, intermediate(authority())),
            .uploaded = {authority().certificate}};
}

/// An authority that is not uploaded; with an intermediate or not, its root sent or not.
Maker unknown_root(bool has_intermediate, bool sends_root)
{
    return [=] {
        const Identity root = make_self_signed({.common_name = "Unknown CA", .is_ca = true});
        const Identity issuer = has_intermediate ? intermediate(root) : root;
        Presented presented{.identity = make_issued(right, issuer)};
        if (has_intermediate) {
            presented.sent.push_back(issuer.certificate);
        }
        if (sends_root) {
            presented.sent.push_back(root.certificate);
        }
        return presented;
    };
}

Presented issuer_is_no_authority()
{
    const Identity neighbour =
        make_issued({.common_name = "neighbour", .names = "DNS:n.example.test"}, authority());
    return {.identity = make_issued(right, neighbour),
            .sent = {neighbour.certificate},
            .uploaded = {authority().certificate}};
}

/// A second authority of the same name: the signature cannot be right.
Presented forged()
{
    const Identity impostor = make_self_signed({.common_name = "Test CA", .is_ca = true});
    return {.identity = make_issued(right, impostor), .uploaded = {authority().certificate}};
}

/// So many names, against as many constraints, that the check gives up (CVE-2018-0739 and after).
Presented too_many_names()
{
    constexpr int many = 1100; // OpenSSL stops at 2^20 comparisons
    CertificateSpec leaf = right;
    std::string constraints = "permitted;DNS:example.test";
    for (int i = 0; i < many; ++i) {
        leaf.names += ",DNS:a" + std::to_string(i) + ".example.test";
        constraints += ",excluded;DNS:b" + std::to_string(i) + ".test";
    }
    const Identity between = intermediate(authority(), {.name_constraints = constraints});
    return {.identity = make_issued(leaf, between),
            .sent = {between.certificate},
            .uploaded = {authority().certificate}};
}

Presented signed_with_md5()
{
    const Identity rsa_authority =
        make_self_signed({.common_name = "RSA CA", .is_ca = true, .rsa_bits = 2048}); // no ECDSA
    return {.identity = make_issued({.names = right.names, .digest = EVP_md5()}, rsa_authority),
            .uploaded = {rsa_authority.certificate}};
}

/// The CA below which no other may stand, and one that does.
Presented path_too_long()
{
    const Identity last = intermediate(authority(), {.basic_constraints = "CA:TRUE,pathlen:0"});
    const Identity below = make_issued({.common_name = "One too many", .is_ca = true}, last);
    return {.identity = make_issued(right, below),
            .sent = {below.certificate, last.certificate},
            .uploaded = {authority().certificate}};
}

// NOLINTNEXTLINE(readability-function-size): a table, one line a row of the page
const std::map<std::string, Maker>& makers()
{
    static const std::map<std::string, Maker> table{
        {"good", issued(right)},
        {"intermediate", through({})},
        {"intermediate-uploaded", intermediate_uploaded},
        {"leaf-uploaded", leaf_uploaded},
        {"self-signed-uploaded", self_signed_uploaded},
        {"wildcard", issued({.names = "DNS:*.example.test"})},
        {"certificate-name",
         issued_for({.names = "DNS:pop.example.test"}, "mail.example.test", "pop.example.test")},
        {"address", issued_for({.names = "IP:127.0.0.1"}, "127.0.0.1")},
        {"address-and-certificate-name", issued_for(right, "127.0.0.1", "mail.example.test")},
        {"wrong-name", issued(other)},
        {"common-name-only", issued({.common_name = "mail.example.test"})},
        {"wildcard-two-labels", issued({.names = "DNS:*.test"})},
        {"wildcard-partial", issued({.names = "DNS:m*.example.test"})},
        {"wrong-address", issued_for({.names = "IP:192.0.2.1"}, "127.0.0.1")},
        {"address-as-name", issued_for({.names = "DNS:127.0.0.1"}, "127.0.0.1")},
        {"address-and-name-only", issued_for(right, "127.0.0.1")},
        {"self-signed", self_signed(right)},
        {"self-signed-wrong-name", self_signed(other)},
        {"self-signed-sha1", self_signed(with(right, weaken_digest))},
        {"unknown-root", unknown_root(false, true)},
        {"unknown-root-intermediate", unknown_root(true, true)},
        {"incomplete", incomplete},
        {"incomplete-root", unknown_root(true, false)},
        {"expired", issued(with(right, expire))},
        {"expired-self-signed", self_signed(with(right, expire))},
        {"expired-issuer", through(with({}, expire))},
        {"not-yet-valid", issued(with(right, begin_later))},
        {"weak-key", issued(with(right, weaken_key))},
        {"weak-key-self-signed", self_signed(with(right, weaken_key))},
        {"weak-issuer", through(with({}, weaken_key))},
        {"sha1", issued(with(right, weaken_digest))},
        {"client-only", issued(with(right, make_client_only))},
        {"client-only-self-signed", self_signed(with(right, make_client_only))},
        {"issuer-is-no-ca", issuer_is_no_authority},
        {"damaged", issued(with(right, damage))},
        {"damaged-self-signed", self_signed(with(right, damage))},
        {"forged", forged},
        {"upper-case", named("DNS:MAIL.example.TEST", "mail.example.test")},
        {"trailing-dot", named("DNS:mail.example.test", "mail.example.test.")},
        {"trailing-dot-inside", named("DNS:mail.example.test.", "mail.example.test")},
        {"underscore", named("DNS:my_mail.example.test", "my_mail.example.test")},
        {"international", named("DNS:xn--pst-sna.example.test", "pöst.example.test")},
        {"international-wildcard", named("DNS:*.example.test", "pöst.example.test")},
        {"wildcard-in-a-label", named("DNS:xn--*.example.test", "pöst.example.test")},
        {"wildcard-underscore", named("DNS:*.example.test", "my_mail.example.test")},
        {"wildcard-itself", named("DNS:*.example.test", "example.test")},
        {"wildcard-deeper", named("DNS:*.example.test", "pop.mail.example.test")},
        {"wildcard-inside", named("DNS:mail.*.test", "mail.example.test")},
        {"wildcard-alone", named("DNS:*", "mail")},
        {"wildcard-address", named("DNS:*.0.0.1", "127.0.0.1")},
        {"address-v6", named("IP:2001:db8::1", "[2001:DB8:0:0::1]")},
        {"mail-address-only", named("email:mail@example.test", "mail.example.test")},
        {"name-with-nul", issued(named_with_a_nul())},
        {"server-and-client",
         issued({.names = right.names, .extended_key_usage = "serverAuth,clientAuth"})},
        {"any-usage", issued({.names = right.names, .extended_key_usage = "anyExtendedKeyUsage"})},
        {"client-only-issuer", through({.extended_key_usage = "clientAuth"})},
        {"issuer-cannot-sign", through({.key_usage = "critical,cRLSign"})},
        {"path-too-long", path_too_long},
        {"path-length-kept", through({.basic_constraints = "critical,CA:TRUE,pathlen:0"})},
        {"constraint-kept", through({.name_constraints = "critical,permitted;DNS:example.test"})},
        {"constraint-outside", through({.name_constraints = "critical,permitted;DNS:other.test"})},
        {"constraint-excluded",
         through({.name_constraints = "critical,excluded;DNS:mail.example.test"})},
        {"too-many-names", too_many_names},
        {"md5", signed_with_md5},
        {"sha1-issuer", through({.digest = EVP_sha1()})},
        {"weak-curve-issuer", through({.curve = "P-192"})}};
    return table;
}

} // namespace

std::vector<std::string> presented_ids()
{
    std::vector<std::string> ids;
    for (const auto& [id, maker] : makers()) {
        ids.push_back(id);
    }
    return ids;
}

Presented present(const std::string& id)
{
    return makers().at(id)();
}

} // namespace watchpost::net::test
