#include <gtest/gtest.h>

#include <algorithm>

#include <zlib.h>

#include "unpack/tests/library_maker.h"
#include "unpack/tests/pdf_maker.h"
#include "unpack/tests/unpacked.h"
#include "unpack/tests/zip_maker.h"

namespace watchpost::unpack::test {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

const std::string catalog = "<</Type/Catalog/Pages 2 0 R>>";
const std::string pages = "<</Type/Pages/Kids[]/Count 0>>";

std::string deflated(std::string_view content)
{
    auto size = compressBound(content.size());
    std::string packed(size, '\0');
    compress(reinterpret_cast<Bytef*>(packed.data()), &size,
             reinterpret_cast<const Bytef*>(content.data()), content.size());
    packed.resize(size);
    return packed;
}

/// A file that a stream of this dictionary and content is embedded in.
std::string pdf_with_file(std::string_view entries, std::string_view content)
{
    return make_pdf(
        {catalog, pages, "<</Type/Filespec/F(a)/EF<</F 4 0 R>>>>", pdf_stream(entries, content)});
}

TEST(Pdf, EmbeddedFilesScriptsFormsAndPicturesAreMembers)
{
    const auto unpacked = Unpacked::of(make_sample_pdf());
    EXPECT_EQ(unpacked.names(),
              (Names{"xfa/datasets.xml", "invoice.exe", "javascript/5.js", "image 8"}));
    EXPECT_EQ(unpacked.content("invoice.exe"), "MZ embedded");
    EXPECT_EQ(unpacked.members[1].other_name, "a.txt");
    EXPECT_EQ(unpacked.content("javascript/5.js"), "app.alert(1)");
    EXPECT_EQ(unpacked.content("image 8"), "\xFF\xD8\xFF picture");
    EXPECT_EQ(unpacked.reasons(), Names{});
}

TEST(Pdf, ActionsAreReferences)
{
    const auto unpacked = Unpacked::of(make_sample_pdf());
    EXPECT_EQ(unpacked.references, (Names{"launch cmd.exe /c calc", "form https://form.example/",
                                          "link https://evil.example/x"}));
}

TEST(Pdf, NamesWrittenInHexadecimalAndTextsInUtf16AreRead)
{
    const auto unpacked = Unpacked::of(
        make_pdf({catalog, pages, "<</#53/#4Aava#53cript/J#53<FEFF0061006C006500720074>>>"}));
    EXPECT_EQ(unpacked.content("javascript/3.js"), "alert");
}

TEST(Pdf, FileWithAnEmptyNameHasOne)
{
    const auto unpacked = Unpacked::of(make_pdf(
        {catalog, pages, "<</F()/EF<</F 4 0 R>>>>", pdf_stream("/Type/EmbeddedFile", "MZ")}));
    EXPECT_EQ(unpacked.names(), Names{"embedded file 3"});
}

TEST(Pdf, FileThatNothingLeadsToIsAMember)
{
    const auto unpacked =
        Unpacked::of(make_pdf({catalog, pages, pdf_stream("/Type/EmbeddedFile", "MZ")}));
    EXPECT_EQ(unpacked.content("embedded file 3"), "MZ");
}

TEST(Pdf, ChainsOfFiltersAreUndone)
{
    const auto unpacked =
        Unpacked::of(pdf_with_file("/Filter[/ASCIIHexDecode/FlateDecode]",
                                   base::to_hex(base::as_bytes(deflated("content"))) + ">"));
    EXPECT_EQ(unpacked.content("a"), "content");
}

TEST(Pdf, ObjectsInObjectStreamsAreFound)
{
    const auto unpacked = Unpacked::of(pack_pdf(make_sample_pdf()));
    EXPECT_EQ(unpacked.content("invoice.exe"), "MZ embedded");
    EXPECT_EQ(unpacked.references.size(), 3U);
}

TEST(Pdf, LostTablesAreRebuiltWithObjectStreams)
{
    auto packed = pack_pdf(make_sample_pdf());
    packed.replace(packed.rfind("startxref"), 9, "startxxxx");
    const auto unpacked = Unpacked::of(packed);
    EXPECT_EQ(unpacked.content("invoice.exe"), "MZ embedded");
    EXPECT_EQ(unpacked.references.size(), 3U);
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive"});
    auto secret = encrypt_pdf(pack_pdf(make_sample_pdf()), PdfCipher::aes_256, "");
    secret.replace(secret.rfind("startxref"), 9, "startxxxx");
    EXPECT_EQ(Unpacked::of(secret).content("invoice.exe"), "MZ embedded");
}

TEST(Pdf, EncryptedWithoutAPasswordForReadersIsOpenedAndNotCalledEncrypted)
{
    const auto unpacked = Unpacked::of(encrypt_pdf(make_sample_pdf(), PdfCipher::aes_256, ""));
    EXPECT_EQ(unpacked.content("invoice.exe"), "MZ embedded");
    EXPECT_FALSE(unpacked.members[0].was_encrypted);
}

TEST(Pdf, EncryptedIsOpenedWithAKnownPasswordElseAGap)
{
    for (const auto cipher : {PdfCipher::rc4_40, PdfCipher::rc4_128, PdfCipher::aes_256}) {
        const auto pdf = encrypt_pdf(make_sample_pdf(), cipher, "sesame");
        EXPECT_EQ(Unpacked::of(pdf).reasons(), Names{"encrypted_document"});
        Unpacked::Options known;
        known.passwords = {"wrong", "sesame"};
        const auto opened = Unpacked::of(pdf, known);
        EXPECT_EQ(opened.content("invoice.exe"), "MZ embedded");
        EXPECT_TRUE(opened.members.at(0).was_encrypted);
    }
}

TEST(Pdf, BombIsCutAtTheLimits)
{
    const auto bomb = pdf_with_file("/Filter/FlateDecode", deflated(std::string(8'000'000, 'x')));
    Unpacked::Options options;
    options.limits.ratio_free_bytes = 100'000;
    options.limits.ratio_max = 100;
    EXPECT_EQ(Unpacked::of(bomb, options).reasons(), Names{"limit_ratio: a"});
    options.limits = {};
    options.limits.member_bytes_max = 1000;
    const auto by_size = Unpacked::of(bomb, options);
    EXPECT_EQ(by_size.members.at(0).content.size(), 1000U);
    EXPECT_EQ(by_size.reasons(), Names{"limit_member_bytes: a"});
    options.limits = {};
    options.limits.members_max = 0;
    EXPECT_EQ(Unpacked::of(bomb, options).reasons(), Names{"limit_members"});
    options.limits = {};
    options.deadline = base::Deadline::min();
    EXPECT_EQ(Unpacked::of(bomb, options).reasons(), Names{"timed_out"});
}

TEST(Pdf, ArrayOfAHundredThousandLevelsNeedsNoStack)
{
    const auto unpacked = Unpacked::of(make_pdf(
        {catalog, pages, std::string(100'000, '['), "<</S/URI/URI(https://x.example/)>>"}));
    EXPECT_EQ(unpacked.references, Names{"link https://x.example/"});
    EXPECT_EQ(unpacked.reasons(), Names{"damaged_archive"});
}

TEST(Pdf, ZipAtItsEndIsOpenedToo)
{
    const auto unpacked =
        Unpacked::of(make_sample_pdf() + make_archive({"zip"}, {{"a.exe", "MZ"}}));
    EXPECT_EQ(unpacked.content("invoice.exe"), "MZ embedded");
    EXPECT_EQ(unpacked.content("a.exe"), "MZ");
}

TEST(Pdf, TextThatSpeaksOfPdfIsNone)
{
    EXPECT_EQ(container_format(base::as_bytes("The header %PDF-1.7 stands first, objects follow.")),
              "");
    EXPECT_EQ(container_format(base::as_bytes("%PDF-1.7\n")), "");
    const auto behind = "junk before\n" + make_sample_pdf();
    EXPECT_EQ(container_format(base::as_bytes(behind)), "pdf");
    EXPECT_EQ(Unpacked::of(behind).content("invoice.exe"), "MZ embedded");
}

TEST(Pdf, WithoutAnythingThatHoldsIsToldAsDamaged)
{
    EXPECT_EQ(Unpacked::of("%PDF-1.7\n1 0 obj junk").reasons(), Names{"damaged_archive"});
}

} // namespace
} // namespace watchpost::unpack::test
