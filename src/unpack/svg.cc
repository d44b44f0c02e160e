#include "unpack/svg.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "unpack/text_base64.h"
#include "unpack/xml_tags.h"

namespace watchpost::unpack {
namespace {

/// Browsers ignore case, and blanks and controls before and within a scheme.
std::string scheme_of(std::string_view address)
{
    std::string scheme;
    for (const char c : address.substr(0, 64)) {
        if (c == ':') {
            return scheme;
        }
        if (static_cast<unsigned char>(c) > ' ') {
            scheme += base::to_lower(c);
        }
    }
    return {};
}

/// RFC 3986 §2.1.
base::Bytes without_percent(std::string_view text)
{
    base::Bytes octets;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto pair = text[i] == '%' ? base::parse_hex(text.substr(i + 1, 2)) : std::nullopt;
        if (pair && pair->size() == 1) {
            octets.push_back(pair->front());
            i += 2;
        } else {
            octets.push_back(static_cast<std::byte>(text[i]));
        }
    }
    return octets;
}

/// Pictures and fonts from elsewhere are common; code and pages are not.
bool runs_what_it_loads(std::string_view tag)
{
    return tag == "script" || tag == "iframe" || tag == "embed" || tag == "object" || tag == "use";
}

class Reader {
public:
    explicit Reader(Meter& meter) : meter_{meter} {}

    void read(std::string_view text)
    {
        XmlTags tags{text};
        for (auto tag = tags.next(); tag && meter_.has_time(); tag = tags.next()) {
            for (const auto& attribute : tag->attributes) {
                read_attribute(*tag, attribute);
            }
            if (tag->name == "script") {
                deliver("script", ".js", base::as_bytes(tags.take_content(tag->name)));
            }
        }
    }

private:
    void read_attribute(const XmlTag& tag, const XmlAttribute& attribute)
    {
        const auto& name = attribute.name;
        if (name.starts_with("on")) {
            deliver("handler", ".js", base::as_bytes(attribute.value));
        } else if (name == "href" || name == "src" || name == "action" || name == "to" ||
                   name == "values") { // an animation can set an address: to, values
            read_address(tag, attribute.value);
        }
    }

    void read_address(const XmlTag& tag, const std::string& address)
    {
        const auto scheme = scheme_of(address);
        const auto behind = std::string_view{address}.substr(address.find(':') + 1);
        if (scheme == "javascript" || scheme == "vbscript") {
            deliver("script", ".js", without_percent(behind));
        } else if (scheme == "data") {
            read_data(behind);
        } else if (!scheme.empty() || address.starts_with("//")) {
            meter_.refer({address, runs_what_it_loads(tag.name) ? Reference::Kind::load
                                                                : Reference::Kind::link});
        }
    }

    /// RFC 2397: type, ";base64", a comma, the content.
    void read_data(std::string_view data)
    {
        const auto comma = std::min(data.find(','), data.size());
        const auto content = data.substr(std::min(comma + 1, data.size()));
        const bool is_base64 = data.substr(0, comma).find("base64") != data.npos;
        const auto plain = without_percent(content);
        deliver("data", "", is_base64 ? decode_text_base64(base::as_text(plain)) : plain);
    }

    void deliver(const std::string& kind, const std::string& extension, const base::Bytes& content)
    {
        deliver(kind, extension, base::ByteView{content});
    }
    void deliver(const std::string& kind, const std::string& extension, base::ByteView content)
    {
        if (!content.empty()) {
            meter_.deliver_whole({kind + ' ' + std::to_string(++number_) + extension, content});
        }
    }

    Meter& meter_;
    std::size_t number_ = 0;
};

} // namespace

void unpack_svg(base::ByteView bytes, Meter& meter)
{
    Reader{meter}.read(base::as_text(bytes));
}

} // namespace watchpost::unpack
