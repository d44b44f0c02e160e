// Collects a Report within its limits: what does not fit is left out and said so, once a list.
//
// The only way into a Report inside the inspector, so that every text in it is valid UTF-8 and
// decode_report() takes what encode_report() makes of it. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "inspect/engine.h"
#include "inspect/report.h"

namespace watchpost::inspect {

class ReportBuilder final : public FindingSink {
public:
    /// A path, a name or a sentence; the message data model has its own limits.
    static constexpr std::size_t text_bytes_max = 8192;
    static constexpr std::size_t link_bytes_max = 2048; // of a document's link

    explicit ReportBuilder(const ReportLimits& limits) : limits_{limits} {}

    void add(verdict::Finding finding) override;
    void add(verdict::NotInspected gap) override;
    void add(PartInfo part);
    void add(DefectInfo defect);
    /// A link of a document or shortcut, not of a body of the message.
    void add(model::Link link);
    void add(model::QrCode code);
    void add(ReadingInfo reading);
    void add(model::HtmlDocument document);

    /// The links that were added; they are in the builder no longer.
    [[nodiscard]] std::vector<model::Link> take_links();

    /// The QR codes that were added; they are in the builder no longer.
    [[nodiscard]] std::vector<model::QrCode> take_qr_codes();

    /// The report; of its message nothing but the documents, and the links and codes that were
    /// not taken. The builder is empty afterwards.
    [[nodiscard]] Report take();

private:
    struct Overflow {
        bool parts = false;
        bool findings = false;
        bool defects = false;
        bool gaps = false;
        bool links = false;
        bool readings = false;
        bool html_documents = false;
        bool bytes = false;
    };

    static void keep(std::string& text, std::size_t bytes_max = text_bytes_max);
    std::size_t keep(PartInfo& part);
    [[nodiscard]] bool has_room(std::size_t count, std::size_t count_max, std::size_t bytes,
                                bool& overflow);
    void tell(bool happened, std::string_view reason, std::size_t most);

    ReportLimits limits_;
    Report report_;
    std::size_t bytes_ = 0;
    Overflow overflow_;
};

} // namespace watchpost::inspect
