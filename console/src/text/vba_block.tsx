// The source of macros: as HostileBlock shows a text, with the words of the language apart.
import { HostileBlock, Pieces } from "./hostile_text";
import { vbaPieces } from "./vba";

const piecesMax = 20_000; // more than a module has: the browser is not to be held up

export function VbaBlock({ text, label }: { text: string; label: string }) {
  const pieces = vbaPieces(text);
  if (pieces.length > piecesMax) {
    return <HostileBlock text={text} label={label} />;
  }
  return (
    <pre className="wp-hostile wp-block" aria-label={label} tabIndex={0}>
      {pieces.map((piece, index) =>
        piece.kind === "plain" ? (
          <Pieces key={index} text={piece.text} keeps="lines" />
        ) : (
          <span key={index} className={`wp-vba-${piece.kind}`}>
            <Pieces text={piece.text} keeps="lines" />
          </span>
        ),
      )}
    </pre>
  );
}
