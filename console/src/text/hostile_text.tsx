// Shows text of a message: isolated from the direction of its surroundings, never as markup.
import { hostilePieces } from "./hostile";

/** For blocks that mark words of their own: see HostileText and HostileBlock. */
export function Pieces({ text, keeps }: { text: string; keeps: "one line" | "lines" }) {
  return hostilePieces(text, keeps).map((piece, index) =>
    piece.isVisibleControl ? (
      <span key={index} className="wp-control" title="A character that cannot be seen">
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  );
}

export function HostileText({ text, placeholder }: { text: string; placeholder?: string }) {
  if (text === "") {
    return placeholder === undefined ? null : <span className="wp-faint">{placeholder}</span>;
  }
  return (
    <bdi className="wp-hostile">
      <Pieces text={text} keeps="one line" />
    </bdi>
  );
}

/** A body or a rule file: lines are kept, everything else as in HostileText. */
export function HostileBlock({ text, label }: { text: string; label: string }) {
  return (
    <pre className="wp-hostile wp-block" dir="auto" aria-label={label} tabIndex={0}>
      <Pieces text={text} keeps="lines" />
    </pre>
  );
}
