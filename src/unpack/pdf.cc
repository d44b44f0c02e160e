#include "unpack/pdf.h"

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "diag/quote.h"
#include "unpack/pdf_objects.h"
#include "unpack/pdf_text.h"
#include "unpack/qpdf_headers.h"

namespace watchpost::unpack {
namespace {

class Reader {
public:
    /// `password` is the one that was needed, or null; it outlives the reader.
    Reader(QPDF& pdf, Meter& meter, const Password* password)
        : pdf_{pdf}
        , meter_{meter}
        , password_{password}
    {
    }

    void read()
    {
        keep_warnings();
        const auto tables = damage_.empty() ? Tables::whole : Tables::rebuilt;
        for (const auto& [id, place] : pdf_.getXRefTable()) {
            if (!meter_.has_time()) {
                return;
            }
            read_object(id, tables);
        }
        for (auto& file : unnamed_files_) {
            if (delivered_.count(file.getObjGen()) == 0) {
                deliver(file, "embedded file " + std::to_string(file.getObjectID()), "");
            }
        }
        keep_warnings();
        if (!damage_.empty() && !meter_.is_over()) {
            meter_.tell("", "damaged_archive", "the PDF is damaged: " + diag::quote(damage_));
        }
    }

private:
    enum class Tables : std::uint8_t { whole, rebuilt };

    void read_object(QPDFObjGen id, Tables tables)
    {
        try {
            auto object = pdf_.getObjectByObjGen(id);
            visit(object);
            if (tables == Tables::rebuilt && object.isStreamOfType("/ObjStm")) {
                read_object_stream(object);
            }
        } catch (const std::exception& error) {
            tell_damage(error.what());
        }
    }

    void keep_warnings()
    {
        const auto warnings = pdf_.getWarnings(); // and clears them
        if (damage_.empty() && !warnings.empty()) {
            damage_ = warnings.front().getMessageDetail();
        }
    }

    void tell_damage(std::string_view why)
    {
        meter_.tell("", "damaged_archive",
                    "an object of the PDF cannot be read: " + diag::quote(why));
    }

    void read_object_stream(QPDFObjectHandle stream);
    void visit(const QPDFObjectHandle& root);
    void visit_dictionary(QPDFObjectHandle dictionary, QPDFObjectHandle holder);
    void visit_stream(QPDFObjectHandle stream);
    void visit_action(QPDFObjectHandle action);
    void read_specification(QPDFObjectHandle specification);
    void read_script(QPDFObjectHandle script);
    void read_form(QPDFObjectHandle form);
    void refer(const std::vector<std::string>& targets, Reference::Kind kind,
               const std::string& more = {});
    void deliver(const QPDFObjectHandle& stream, const std::string& name,
                 const std::string& other_name, PdfFilters filters = PdfFilters::undone);
    void deliver_text(const std::string& text, const std::string& name);

    QPDF& pdf_;
    Meter& meter_;
    const Password* password_;
    int object_ = 0;     // number of the one that is visited
    std::string damage_; // what qpdf warned of first
    std::set<QPDFObjGen> delivered_;
    std::set<std::string> told_;                  // targets of references
    std::vector<QPDFObjectHandle> unnamed_files_; // that no file specification may lead to
};

/// Without recursion; objects that are referred to are visited on their own.
void Reader::visit(const QPDFObjectHandle& root)
{
    auto first = root;
    object_ = first.getObjectID();
    std::vector<QPDFObjectHandle> open{first};
    while (!open.empty() && !meter_.is_over()) {
        auto here = open.back();
        open.pop_back();
        const auto push = [&open](const QPDFObjectHandle& item) {
            if (!item.isIndirect()) {
                open.push_back(item);
            }
        };
        if (here.isArray()) {
            std::ranges::for_each(here.getArrayAsVector(), push);
        } else if (here.isDictionary() || here.isStream()) {
            auto dictionary = here.isStream() ? here.getDict() : here;
            visit_dictionary(dictionary, here);
            for (const auto& [key, value] : dictionary.getDictAsMap()) {
                push(value);
            }
        }
    }
}

/// Where the tables are lost, qpdf finds the objects that stand in the file itself but not those
/// packed into object streams. ISO 32000-1 §7.5.7.
void Reader::read_object_stream(QPDFObjectHandle stream)
{
    if (!meter_.admit_entry()) {
        return;
    }
    const auto content = read_pdf_stream(stream, PdfFilters::undone, meter_);
    auto dictionary = stream.getDict();
    const auto first = dictionary.getKey("/First").isInteger()
                           ? dictionary.getKey("/First").getUIntValueAsUInt()
                           : 0U;
    for (const auto object : pdf_object_texts(base::as_text(content.bytes), first)) {
        if (!meter_.has_time()) {
            return;
        }
        try {
            visit(QPDFObjectHandle::parse(&pdf_, std::string{object}));
        } catch (const std::exception& error) {
            tell_damage(error.what());
        }
    }
}

void Reader::visit_dictionary(QPDFObjectHandle dictionary, QPDFObjectHandle holder)
{
    if (holder.isStream()) {
        visit_stream(holder);
    }
    if (dictionary.hasKey("/EF")) {
        read_specification(dictionary);
    }
    for (const char* key : {"/JS", "/OnInstantiate"}) { // an action's, a 3D stream's
        if (dictionary.hasKey(key)) {
            read_script(dictionary.getKey(key));
        }
    }
    if (dictionary.hasKey("/XFA")) {
        read_form(dictionary.getKey("/XFA"));
    }
    visit_action(dictionary);
}

void Reader::visit_stream(QPDFObjectHandle stream)
{
    auto dictionary = stream.getDict();
    if (dictionary.getKey("/Type").isNameAndEquals("/EmbeddedFile")) {
        unnamed_files_.push_back(stream);
    }
    auto filter = dictionary.getKey("/Filter");
    if (filter.isArray() && filter.getArrayNItems() == 1) {
        filter = filter.getArrayItem(0);
    }
    if (filter.isNameAndEquals("/DCTDecode") || filter.isNameAndEquals("/JPXDecode")) {
        deliver(stream, "image " + std::to_string(object_), "", PdfFilters::kept);
    }
}

/// ISO 32000-1 §12.6.4. An action is known by its keys: its type may be left out or wrong.
void Reader::visit_action(QPDFObjectHandle action)
{
    const auto type = action.getKey("/S").isName() ? action.getKey("/S").getName() : std::string{};
    if (action.getKey("/URI").isString()) {
        refer({action.getKey("/URI").getUTF8Value()}, Reference::Kind::link);
    }
    if (type == "/Launch") {
        auto windows = action.getKey("/Win");
        auto parameters = windows.isDictionary() ? windows.getKey("/P") : QPDFObjectHandle{};
        refer(pdf_names_of(action.getKey("/F")), Reference::Kind::launch);
        refer(pdf_names_of(windows), Reference::Kind::launch,
              parameters.isInitialized() && parameters.isString() ? parameters.getUTF8Value() : "");
    } else if (type == "/SubmitForm") {
        refer(pdf_names_of(action.getKey("/F")), Reference::Kind::form);
    } else if (type == "/GoToR" || type == "/GoToE" || type == "/ImportData" || type == "/Thread") {
        refer(pdf_names_of(action.getKey("/F")), Reference::Kind::link);
    } else if (action.getKey("/FS").isNameAndEquals("/URL")) { // §7.11.5
        refer(pdf_names_of(action), Reference::Kind::link);
    }
}

void Reader::read_specification(QPDFObjectHandle specification)
{
    const auto names = pdf_names_of(specification);
    const auto name = names.empty() ? "embedded file " + std::to_string(object_) : names[0];
    auto files = specification.getKey("/EF");
    if (!files.isDictionary()) {
        return;
    }
    for (auto& [key, stream] : files.getDictAsMap()) {
        if (stream.isStream() && delivered_.insert(stream.getObjGen()).second) {
            deliver(stream, name, names.size() > 1 ? names[1] : "");
        }
    }
}

void Reader::read_script(QPDFObjectHandle script)
{
    const auto name = "javascript/" + std::to_string(object_) + ".js";
    if (script.isString()) {
        deliver_text(script.getUTF8Value(), name);
    } else if (script.isStream() && delivered_.insert(script.getObjGen()).second) {
        deliver(script, name, "");
    }
}

/// One stream, or pieces with names between them. ISO 32000-1 §12.7.8.
void Reader::read_form(QPDFObjectHandle form)
{
    const auto pieces =
        form.isArray() ? form.getArrayAsVector() : std::vector<QPDFObjectHandle>{form};
    std::string name = "form";
    for (auto piece : pieces) {
        if (piece.isString()) {
            name = piece.getUTF8Value();
        } else if (piece.isStream() && delivered_.insert(piece.getObjGen()).second) {
            deliver(piece, std::string{"xfa/"}.append(name).append(".xml"), "");
        }
    }
}

void Reader::refer(const std::vector<std::string>& targets, Reference::Kind kind,
                   const std::string& more)
{
    for (const auto& target : targets) {
        auto whole = target;
        if (!more.empty()) {
            whole.append(" ").append(more);
        }
        const bool is_new = told_.insert(whole).second;
        if (is_new || kind != Reference::Kind::link) { // a form's address is a link's, too
            meter_.refer({whole, kind});
        }
    }
}

void Reader::deliver(const QPDFObjectHandle& stream, const std::string& name,
                     const std::string& other_name, PdfFilters filters)
{
    if (meter_.is_over() || !meter_.admit_entry()) {
        return;
    }
    keep_warnings();
    const auto content = read_pdf_stream(stream, filters, meter_);
    if (content.stop != Stop::none) {
        static_cast<void>(pdf_.getWarnings()); // that we left the stream
    }
    meter_.deliver({name, content.bytes, password_, other_name});
    if (content.stop != Stop::none) {
        meter_.tell(name, content.stop);
    } else if (!content.is_whole) {
        meter_.tell(name, "damaged_archive", "a filter of the stream cannot be undone");
    }
}

void Reader::deliver_text(const std::string& text, const std::string& name)
{
    meter_.deliver_whole({name, base::as_bytes(text), password_});
}

enum class Outcome : std::uint8_t { opened, encrypted, damaged };

Outcome open_pdf(QPDF& pdf, base::ByteView bytes, const std::string& password, std::string& why)
{
    pdf.setSuppressWarnings(true);
    try {
        const auto text = base::as_text(bytes);
        pdf.processMemoryFile("pdf", text.data(), text.size(), password.c_str());
        return Outcome::opened;
    } catch (const QPDFExc& error) {
        why = error.what();
        // A way of encryption that it does not know (certificates) is unsupported.
        const bool is_encrypted =
            error.getErrorCode() == qpdf_e_password || why.find("ncrypt") != std::string::npos;
        return is_encrypted ? Outcome::encrypted : Outcome::damaged;
    } catch (const std::exception& error) {
        why = error.what();
        return Outcome::damaged;
    }
}

Outcome open_and_read(base::ByteView bytes, const Password* password, Meter& meter,
                      std::string& why)
{
    QPDF pdf;
    const auto outcome =
        open_pdf(pdf, bytes, password == nullptr ? std::string{} : password->text, why);
    if (outcome == Outcome::opened) {
        Reader{pdf, meter, password}.read();
    }
    return outcome;
}

/// Without a password, as most encrypted files open, then with each until one fits.
Outcome try_to_open(base::ByteView bytes, Passwords& passwords, Meter& meter, std::string& why)
{
    auto outcome = open_and_read(bytes, nullptr, meter, why);
    if (outcome != Outcome::encrypted) {
        return outcome;
    }
    const auto known = passwords.known(); // a copy: what is delivered may add to it
    std::size_t tried = 0;
    for (; tried < known.size() && tried < password_tries_max; ++tried) {
        if (!meter.has_time()) {
            return Outcome::opened; // which has been told
        }
        outcome = open_and_read(bytes, &known[tried], meter, why);
        if (outcome != Outcome::encrypted) {
            return outcome;
        }
    }
    why = describe_failed_passwords(known.size(), tried) + "; " + diag::quote(why);
    return Outcome::encrypted;
}

} // namespace

void unpack_pdf(base::ByteView bytes, Passwords& passwords, Meter& meter)
{
    std::string why;
    try {
        auto outcome = try_to_open(bytes, passwords, meter, why);
        if (outcome == Outcome::damaged) {
            const auto repaired = with_pdf_trailer(bytes);
            outcome = try_to_open(base::as_bytes(repaired), passwords, meter, why);
        }
        if (outcome == Outcome::encrypted) {
            meter.tell("", "encrypted_document", "the PDF is encrypted: " + why);
        } else if (outcome == Outcome::damaged) {
            meter.tell("", "damaged_archive", "the PDF cannot be read: " + diag::quote(why));
        }
    } catch (const std::exception& error) {
        meter.tell("", "damaged_archive", "the PDF cannot be read: " + diag::quote(error.what()));
    }
}

} // namespace watchpost::unpack
