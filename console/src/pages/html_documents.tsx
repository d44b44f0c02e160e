// What the HTML documents of a message hold beside their text: facts, no verdict.
import { Button, Card, CardBody, CardTitle, DescriptionList } from "@patternfly/react-core";
import { useState } from "react";
import { HostileBlock, HostileText } from "../text/hostile_text";
import { Fact } from "../ui/parts";
import { hasFacts, hidingSentence, scriptSentence } from "./html_facts";
import type { HtmlView } from "./message_view";

/** Of the bodies: the hidden text of other documents stands with these. */
export function hiddenBy(documents: HtmlView[]): string {
  const ways = documents.filter((document) => document.hiddenText === "").flatMap((document) => document.hiddenBy);
  return hidingSentence([...new Set(ways)]);
}

function Forms({ forms }: { forms: HtmlView["forms"] }) {
  return forms.map((form, index) => (
    <div key={index}>
      {form.method === "" ? "Outside of a form" : <HostileText text={form.action} placeholder="no address" />}
      <span className="wp-faint">
        {form.method !== "" && `, ${form.method}`}
        {form.passwordFields > 0 && `, ${form.passwordFields === 1 ? "a password field" : `${form.passwordFields} password fields`}`}
      </span>
    </div>
  ));
}

function Document({ document }: { document: HtmlView }) {
  const scripts = scriptSentence(document.scripts);
  return (
    <Card isCompact>
      <CardTitle>
        HTML of part <HostileText text={document.part} />
        {document.reading !== "strict" && <span className="wp-faint"> (reading: {document.reading})</span>}
      </CardTitle>
      <CardBody className="wp-stack">
        <DescriptionList isHorizontal isCompact>
          {document.forms.length > 0 && (
            <Fact term="Forms lead to">
              <Forms forms={document.forms} />
            </Fact>
          )}
          {scripts !== "" && <Fact term="Scripts">{scripts}</Fact>}
          {document.smuggling.length > 0 && (
            <Fact term="Makes a download">
              A script puts a file together and hands it out (HTML smuggling):{" "}
              <span className="wp-mono">{document.smuggling.join(", ")}</span>
            </Fact>
          )}
          {document.objects > 0 && (
            <Fact term="Files inside">{document.objects}, inspected; they stand among the parts</Fact>
          )}
          {document.refresh !== "" && (
            <Fact term="Goes on to">
              <HostileText text={document.refresh} />
            </Fact>
          )}
          {document.base !== "" && (
            <Fact term="Links count from">
              <HostileText text={document.base} />
            </Fact>
          )}
          {document.blobUrls > 0 && <Fact term="blob: addresses">{document.blobUrls}</Fact>}
          {document.hiddenBy.length > 0 && <Fact term="Hidden text">{hidingSentence(document.hiddenBy)}</Fact>}
          {document.invisibleCharacters > 0 && (
            <Fact term="Invisible characters">{document.invisibleCharacters}, left out of the text</Fact>
          )}
          {document.wasCut && <Fact term="Cut">Longer or deeper than the limit; the rest was not read.</Fact>}
        </DescriptionList>
        {document.text !== "" && <HostileBlock text={document.text} label={`Text of part ${document.part}`} />}
        {document.hiddenText !== "" && (
          <>
            <p className="wp-faint">Hidden:</p>
            <HostileBlock text={document.hiddenText} label={`Hidden text of part ${document.part}`} />
          </>
        )}
      </CardBody>
    </Card>
  );
}

const documentsAPage = 50;

/** A page of them at a time; those without anything to tell are left out. */
export function HtmlDocuments({ documents }: { documents: HtmlView[] }) {
  const [page, setPage] = useState(0);
  const shown = documents.filter(hasFacts);
  const begin = page * documentsAPage;
  const end = Math.min(shown.length, begin + documentsAPage);
  return (
    <>
      {shown.slice(begin, end).map((document, index) => (
        <Document key={begin + index} document={document} />
      ))}
      {shown.length > documentsAPage && (
        <nav className="wp-actions" aria-label="HTML documents">
          <Button variant="secondary" isDisabled={page === 0} onClick={() => setPage(page - 1)}>
            Previous
          </Button>
          <Button variant="secondary" isDisabled={end >= shown.length} onClick={() => setPage(page + 1)}>
            Next
          </Button>
          <span className="wp-faint">
            HTML documents {begin + 1} to {end} of {shown.length}
          </span>
        </nav>
      )}
    </>
  );
}
