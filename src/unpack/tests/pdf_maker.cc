#include "unpack/tests/pdf_maker.h"

#include <functional>

#include "unpack/qpdf_headers.h"

namespace watchpost::unpack::test {
namespace {

std::string rewrite(const std::string& pdf, const std::function<void(QPDFWriter&)>& set_up)
{
    QPDF file;
    file.processMemoryFile("test", pdf.data(), pdf.size());
    QPDFWriter writer{file};
    writer.setOutputMemory();
    writer.setStaticID(true);
    writer.setPreserveUnreferencedObjects(true);
    set_up(writer);
    writer.write();
    const auto buffer = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

} // namespace

std::string make_pdf(const std::vector<std::string>& objects)
{
    std::string pdf = "%PDF-1.7\n";
    std::string table = "0000000000 65535 f \n";
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const auto offset = std::to_string(pdf.size());
        table += std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
        pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const auto count = std::to_string(objects.size() + 1);
    const auto begin = std::to_string(pdf.size());
    return pdf + "xref\n0 " + count + "\n" + table + "trailer\n<</Size " + count +
           "/Root 1 0 R>>\nstartxref\n" + begin + "\n%%EOF\n";
}

std::string pdf_stream(std::string_view entries, std::string_view content)
{
    return "<<" + std::string{entries} + "/Length " + std::to_string(content.size()) +
           ">>\nstream\n" + std::string{content} + "\nendstream";
}

std::string pack_pdf(const std::string& pdf)
{
    return rewrite(pdf, [](QPDFWriter& writer) { writer.setObjectStreamMode(qpdf_o_generate); });
}

std::string encrypt_pdf(const std::string& pdf, PdfCipher cipher, const std::string& password)
{
    const char* user = password.c_str();
    return rewrite(pdf, [&](QPDFWriter& writer) {
        switch (cipher) {
        case PdfCipher::rc4_40:
            return writer.setR2EncryptionParametersInsecure(user, "owner", true, true, true, true);
        case PdfCipher::rc4_128:
            return writer.setR3EncryptionParametersInsecure(user, "owner", true, true, true, true,
                                                            true, true, qpdf_r3p_full);
        case PdfCipher::aes_256:
            return writer.setR6EncryptionParameters(user, "owner", true, true, true, true, true,
                                                    true, qpdf_r3p_full, true);
        }
    });
}

std::string make_sample_pdf()
{
    return make_pdf({
        ("<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R/AcroForm<</XFA[(datasets) 6 0 R]>>"
         "/Names<</EmbeddedFiles<</Names[(a) 3 0 R]>>>>>>"),
        "<</Type/Pages/Kids[]/Count 0>>",
        "<</Type/Filespec/F(a.txt)/UF(invoice.exe)/EF<</F 4 0 R/UF 4 0 R>>>>",
        pdf_stream("/Type/EmbeddedFile", "MZ embedded"),
        "<</S/JavaScript/JS(app.alert\\(1\\))/Next<</S/Launch/Win<</F(cmd.exe)/P(/c calc)>>>>>>",
        pdf_stream("", "<xfa/>"),
        ("<</Type/Annot/A<</S/URI/URI(https://evil.example/x)>>/AA<</E<</S/SubmitForm"
         "/F<</FS/URL/F(https://form.example/)>>>>>>>>"),
        pdf_stream("/Subtype/Image/Filter/DCTDecode", "\xFF\xD8\xFF picture"),
    });
}

} // namespace watchpost::unpack::test
