#include "unpack/office_xml.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "unpack/dde_formula.h"
#include "unpack/field_code.h"
#include "unpack/remote_target.h"
#include "unpack/xml_tags.h"

namespace watchpost::unpack {
namespace {

using base::ByteView;
using std::string_view;

constexpr std::size_t field_depth_max = 100;
constexpr std::size_t field_bytes_max = 8'192;

/// Markup is ASCII: dropping the zero octets of UTF-16 is enough to read it. `kept` holds it then.
string_view narrow(string_view xml, std::string& kept)
{
    if (!xml.starts_with("\xFF\xFE") && !xml.starts_with("\xFE\xFF")) {
        return xml;
    }
    kept = xml.substr(2);
    std::erase(kept, '\0');
    return kept;
}

string_view value_of(const XmlTag& tag, string_view name)
{
    const auto found = std::ranges::find(tag.attributes, name, &XmlAttribute::name);
    return found == tag.attributes.end() ? string_view{} : string_view{found->value};
}

/// ECMA-376 part 1 §11.3, §15: the types whose targets are fetched without a click.
bool is_fetched(string_view type)
{
    constexpr std::array<string_view, 4> fetched{"attachedtemplate", "oleobject", "frame",
                                                 "subdocument"};
    const auto name = base::lower_case(type.substr(type.rfind('/') + 1));
    return std::ranges::find(fetched, name) != fetched.end();
}

class Reader {
public:
    explicit Reader(Meter& meter) : meter_{meter} {}

    void read(string_view xml)
    {
        XmlTags tags{xml};
        std::size_t count = 0;
        while (const auto tag = tags.next()) {
            if (++count % 4'096 == 0 && !meter_.has_time()) {
                return;
            }
            take(*tag, tags);
        }
        while (!fields_.empty()) { // that nothing ends
            end_field();
        }
    }

private:
    struct Field {
        std::string code;
        bool is_in_result = false;
    };

    void take(const XmlTag& tag, XmlTags& tags)
    {
        const auto& name = tag.name;
        if (name == "relationship") {
            take_relationship(tag);
        } else if (name == "fldsimple") {
            refer_field(value_of(tag, "instr"), meter_);
        } else if (name == "fldchar") {
            take_mark(base::lower_case(value_of(tag, "fldchartype")));
        } else if (name == "instrtext" || name == "delinstrtext") {
            add_code(tags.take_content(""));
        } else if (name == "ddelink") {
            meter_.refer({std::string{value_of(tag, "ddeservice")}.append("|").append(
                              value_of(tag, "ddetopic")),
                          Reference::Kind::dde});
        } else if (name == "cell") { // of Excel 2003
            if (const auto formula = value_of(tag, "formula"); is_dde_formula(formula)) {
                meter_.refer({formula, Reference::Kind::dde});
            }
        }
    }

    void take_relationship(const XmlTag& tag)
    {
        const auto target = value_of(tag, "target");
        if (!base::equals_ignoring_case(value_of(tag, "targetmode"), "external") ||
            target.empty()) {
            return;
        }
        const bool is_loaded =
            is_fetched(value_of(tag, "type")) && remote_target(target) != Remote::no;
        meter_.refer({target, is_loaded ? Reference::Kind::load : Reference::Kind::link});
    }

    void take_mark(string_view type)
    {
        if (type == "begin" && fields_.size() < field_depth_max) {
            fields_.emplace_back();
        } else if (type == "separate" && !fields_.empty()) {
            fields_.back().is_in_result = true;
        } else if (type == "end" && !fields_.empty()) {
            end_field();
        }
    }

    void add_code(string_view piece)
    {
        if (fields_.empty()) { // whose begin is missing: Word reads on from what it has
            fields_.emplace_back();
        }
        if (fields_.back().is_in_result) {
            return;
        }
        auto& code = fields_.back().code;
        code += piece.substr(0, field_bytes_max - std::min(field_bytes_max, code.size()));
    }

    void end_field()
    {
        const auto code = std::move(fields_.back().code);
        fields_.pop_back();
        refer_field(code, meter_);
        if (!fields_.empty()) {
            add_code(text_of_quote_field(code));
        }
    }

    Meter& meter_;
    std::vector<Field> fields_; // that are open, outermost first
};

} // namespace

bool is_office_xml(ByteView bytes)
{
    constexpr std::size_t looked_at_bytes = 4'096;
    constexpr std::array<string_view, 6> signs{
        "package/2006/relationships",       "wordprocessingml",
        "office/word/2003/wordml",          "office/2006/xmlpackage",
        "microsoft-com:office:spreadsheet", "<ddelink"};
    const auto head = base::as_text(base::slice(bytes, 0, looked_at_bytes));
    const auto begin = head.find_first_not_of("\xEF\xBB\xBF\xFE\xFF \t\r\n");
    if (begin == string_view::npos || head[begin] != (head.starts_with("\xFE\xFF") ? '\0' : '<')) {
        return false;
    }
    std::string kept;
    const auto text = base::lower_case(narrow(head, kept));
    const bool is_external_link = text.find("externallink") != std::string::npos &&
                                  text.find("spreadsheetml") != std::string::npos;
    return is_external_link || std::ranges::any_of(signs, [&](string_view sign) {
               return text.find(sign) != std::string::npos;
           });
}

void refer_office_xml(ByteView bytes, Meter& meter)
{
    std::string kept;
    const auto text = narrow(base::as_text(bytes), kept);
    constexpr std::array<string_view, 6> words{"Relationship", "instrText",    "fldSimple",
                                               "ddeLink",      "delInstrText", ":Formula"};
    const bool has_any = std::ranges::any_of(
        words, [&](string_view word) { return text.find(word) != std::string::npos; });
    if (has_any) { // XML minds the case; most parts have none of them
        Reader{meter}.read(text);
    }
}

} // namespace watchpost::unpack
