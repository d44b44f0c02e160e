// Bodies, links and HTML documents.
#include "model/json_reader.h"

namespace watchpost::model {

void ModelReader::read_link(const Json& json, Link& link)
{
    object(json, "links", 8, [&] {
        raw(json, "href_url", link.href, "url");
        text(json, "written", link.written);
        text(json, "display_text", link.display_text);
        raw(json, "display_url", link.shown_address, "url");
        truth(json, "mismatched", link.is_mismatched);
        text(json, "source", link.source);
        text(json, "part", link.part);
        list(json, "unwrapped", link.unwrapped, [&](const Json& item, UnwrappingStep& step) {
            object(item, "unwrapped", 2, [&] {
                text(item, "wrapper", step.wrapper);
                text(item, "url", step.url);
            });
        });
    });
}

void ModelReader::read_body(const Json& json, Body& body)
{
    object(json, "body", 4, [&] {
        raw(json, "plain", body.plain);
        if (const auto html = find(json, "html")) {
            object(*html, "html", 3, [&] {
                text(*html, "raw", body.html);
                text(*html, "display_text", body.html_text);
                text(*html, "hidden_text", body.hidden_text);
            });
        }
        truth(json, "was_cut", body.was_cut);
        list(json, "links", body.links,
             [&](const Json& item, Link& link) { read_link(item, link); });
    });
}

void ModelReader::read_form(const Json& json, HtmlForm& form)
{
    object(json, "forms", 3, [&] {
        text(json, "action", form.action);
        text(json, "method", form.method);
        number(json, "password_fields", form.password_fields);
    });
}

void ModelReader::read_scripts(const Json& json, HtmlScripts& scripts)
{
    object(json, "scripts", 5, [&] {
        number(json, "in_document", scripts.in_document);
        number(json, "loaded", scripts.loaded);
        number(json, "handlers", scripts.handlers);
        number(json, "addresses", scripts.addresses);
        number(json, "in_svg", scripts.in_svg);
    });
}

void ModelReader::read_html(const Json& json, HtmlDocument& document)
{
    object(json, "html_documents", 15, [&] {
        text(json, "part", document.part);
        text(json, "reading", document.reading);
        text(json, "display_text", document.text);
        text(json, "hidden_text", document.hidden_text);
        texts(json, "hidden_by", document.hidden_by);
        number(json, "invisible_characters", document.invisible_characters);
        text(json, "base_url", document.base);
        text(json, "refresh_url", document.refresh);
        list(json, "forms", document.forms,
             [&](const Json& item, HtmlForm& form) { read_form(item, form); });
        if (const auto scripts = find(json, "scripts")) {
            read_scripts(*scripts, document.scripts);
        }
        number(json, "data_urls", document.data_addresses);
        number(json, "blob_urls", document.blob_addresses);
        texts(json, "smuggling", document.smuggling);
        number(json, "objects", document.objects);
        truth(json, "was_cut", document.was_cut);
    });
}

} // namespace watchpost::model
