#include "support/certificates.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "support/program.h"

namespace watchpost::test {

namespace {

std::string openssl(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), "openssl");
    const auto result = run_program(arguments);
    if (result.exit_code != 0) {
        std::fprintf(stderr, "openssl %s failed:\n%s", arguments[1].c_str(), result.err.c_str());
        std::abort();
    }
    return result.out;
}

CertificateFiles files_for(const std::filesystem::path& folder, const CertificateWish& wish)
{
    return {folder / (wish.name + ".pem"), folder / (wish.name + ".key")};
}

/// Key and signing request; the request lies beside them.
std::string make_request(const CertificateFiles& files, const CertificateWish& wish)
{
    const std::string request = files.certificate.string() + ".csr";
    openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
             "/CN=" + wish.name, "-keyout", files.key, "-out", request});
    std::ofstream extensions{request + ".ext"};
    extensions << (wish.is_ca
                       ? "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n"
                       : "basicConstraints=CA:FALSE\nsubjectAltName=" + wish.subject_names + "\n");
    return request;
}

} // namespace

CertificateFiles make_self_signed(const std::filesystem::path& folder, const CertificateWish& wish)
{
    const auto files = files_for(folder, wish);
    const auto request = make_request(files, wish);
    openssl({"x509", "-req", "-in", request, "-signkey", files.key, "-days",
             std::to_string(wish.days), "-extfile", request + ".ext", "-out", files.certificate});
    return files;
}

CertificateFiles make_issued(const std::filesystem::path& folder, const CertificateFiles& issuer,
                             const CertificateWish& wish)
{
    const auto files = files_for(folder, wish);
    const auto request = make_request(files, wish);
    openssl({"x509", "-req", "-in", request, "-CA", issuer.certificate, "-CAkey", issuer.key,
             "-CAcreateserial", "-days", std::to_string(wish.days), "-extfile", request + ".ext",
             "-out", files.certificate});
    return files;
}

std::string fingerprint_of(const std::filesystem::path& certificate)
{
    auto text = openssl({"x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"});
    text = text.substr(text.find('=') + 1); // "sha256 Fingerprint=AB:CD:…"
    std::erase_if(text, [](char c) { return c == ':' || c == '\n'; });
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

} // namespace watchpost::test
