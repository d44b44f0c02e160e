// The mail servers and the clamd of a browser test, for programs that are not written in C++.
//
// browser_stage SERVER…   with SERVER of: trusted self_signed expired unknown_ca
//
// Says in one line of JSON where everything is, then does what the lines of its input say, each
// answered by one line: "deliver SERVER NAME FILE" and "deliver_forwarded_eicar SERVER NAME". Ends,
// and ends its servers, when its input does.
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "support/certificates.h"
#include "support/clamd.h"
#include "support/dovecot.h"
#include "support/mail_maker.h"
#include "support/temp_dir.h"

namespace watchpost::test {
namespace {

namespace fs = std::filesystem;

constexpr int skipped = 77; // for CTest: something is not installed

std::string to_hex(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        hex += digits[octet >> 4U];
        hex += digits[octet & 15U];
    }
    return hex;
}

/// What a colleague forwards: a message with a zip with the harmless test file.
std::string forwarded_eicar()
{
    const auto zip = make_zip({{"invoice.com", eicar()}});
    const auto inner =
        make_message({text_part("Please pay."), attachment_part("invoice.zip", zip)}, "Invoice");
    return make_message({text_part("Is this real?"), message_part(inner)}, "Fwd: Invoice 4711");
}

class Stage {
public:
    Stage() : authority_{make_self_signed(folder_.path(), authority_wish("authority"))}
    {
        // Others than the user of the test read here: clamd, and a pipeline with a uid of its own.
        fs::permissions(folder_.path(), fs::perms{0755});
        folder_.write("signatures/ours.ndb", "Eicar-Test-Signature:0:*:" + to_hex(eicar()) + '\n');
        fs::permissions(folder_ / "signatures", fs::perms{0755});
        fs::permissions(folder_ / "signatures/ours.ndb", fs::perms{0644});
        clamd_ = std::make_unique<Clamd>(folder_ / "signatures");
        fs::permissions(clamd_->socket().parent_path(), fs::perms{0755});
    }

    [[nodiscard]] bool is_ready() const { return clamd_->is_ready(); }

    bool add_server(const std::string& kind)
    {
        DovecotOptions options;
        if (kind == "trusted") {
            options.certificate = make_issued(folder_.path(), authority_, wish(kind));
        } else if (kind == "self_signed") {
            options.certificate = make_self_signed(folder_.path(), wish(kind));
        } else if (kind == "expired") {
            auto expired = wish(kind);
            expired.days = -1;
            options.certificate = make_self_signed(folder_.path(), expired);
        } else if (kind == "unknown_ca") {
            const auto other = make_self_signed(folder_.path(), authority_wish("other"));
            options.certificate = make_issued(folder_.path(), other, wish(kind));
        } else {
            return false;
        }
        servers_.emplace(kind, std::make_unique<Dovecot>(options));
        return true;
    }

    [[nodiscard]] std::string describe() const
    {
        nlohmann::json all = {{"clamd_socket", clamd_->socket().string()},
                              {"authority", authority_.certificate.string()},
                              {"servers", nlohmann::json::object()}};
        for (const auto& [kind, server] : servers_) {
            all["servers"][kind] = {
                {"port", server->port()},
                {"tls_port", server->tls_port()},
                {"fingerprint", fingerprint_of(server->certificate().certificate)}};
        }
        return all.dump();
    }

    /// Does what one line says; the answer is "done" or what is wrong with it.
    [[nodiscard]] std::string obey(const std::string& line) const
    {
        std::istringstream words{line};
        std::string verb;
        std::string kind;
        std::string name;
        std::string file;
        words >> verb >> kind >> name >> file;
        const auto server = servers_.find(kind);
        if (server == servers_.end() || name.empty()) {
            return "no such server, or no name: " + line;
        }
        if (verb == "deliver") {
            server->second->deliver("alice", name, read_file(file));
        } else if (verb == "deliver_forwarded_eicar") {
            server->second->deliver("alice", name, forwarded_eicar());
        } else {
            return "no such command: " + line;
        }
        return "done";
    }

private:
    static CertificateWish wish(const std::string& name)
    {
        CertificateWish made;
        made.name = name;
        return made;
    }

    static CertificateWish authority_wish(const std::string& name)
    {
        auto made = wish(name);
        made.is_ca = true;
        return made;
    }

    TempDir folder_; // outlives the servers, which read from it
    CertificateFiles authority_;
    std::unique_ptr<Clamd> clamd_;
    std::map<std::string, std::unique_ptr<Dovecot>> servers_;
};

int run(int count, char** arguments)
{
    if (!Dovecot::is_installed() || !Clamd::is_installed()) {
        std::cerr << "Dovecot or clamd is not installed (dovecot-pop3d, clamav-daemon)\n";
        return skipped;
    }
    Stage stage;
    if (!stage.is_ready()) {
        std::cerr << "clamd did not start\n";
        return 1;
    }
    for (int i = 1; i < count; ++i) {
        if (!stage.add_server(arguments[i])) {
            std::cerr << "no such server: " << arguments[i] << '\n';
            return 1;
        }
    }
    std::cout << stage.describe() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << stage.obey(line) << std::endl;
    }
    return 0;
}

} // namespace
} // namespace watchpost::test

int main(int count, char** arguments)
{
    return watchpost::test::run(count, arguments);
}
