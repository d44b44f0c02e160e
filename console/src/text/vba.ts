// The source of macros in pieces, so that what runs by itself and what reaches out stands out. Colours
// only: what was found is the engines' word.

export type VbaKind = "plain" | "comment" | "string" | "keyword" | "starts" | "suspicious";

export interface VbaPiece {
  text: string;
  kind: VbaKind;
}

const words = (list: string) => new Set(list.split(" "));

const keywords = words(
  "and as boolean byref byte byval call case const currency date declare dim do double each else elseif empty end enum erase error event exit false for friend function " +
    "get global gosub goto if implements in integer is let lib like long longlong longptr loop me mod new next not nothing null object on option optional or paramarray preserve " +
    "private property ptrsafe public raiseevent redim resume return select set single static step stop string sub then to true type typeof until variant wend while with withevents xor",
);

/** The names that attachment/vba_source.cc knows, and a few that only show. */
const starts = words(
  "autoexec autoopen auto_open autoclose auto_close autoexit autonew document_open documentopen document_close document_new document_beforeclose documentbeforeclose " +
    "document_change workbook_open workbook_activate workbook_close workbook_beforeclose worksheet_activate slideshowbegin onslideshowpagechange onload",
);
const suspicious = words(
  "shell shellexecute shellexecutea wscript createobject getobject winexec createprocessa createprocessw createthread virtualalloc virtualprotect rtlmovememory " +
    "callwindowproc urldownloadtofile urldownloadtofilea powershell mshta rundll32 callbyname environ kill adodb xmlhttp winhttp savetofile execute eval",
);

/** A string ends with its line; "" inside is a quotation mark. */
const token = /"(?:[^"\r\n]|"")*"?|'[^\r\n]*|[\p{L}_][\p{L}\p{N}_]*/gu;

function kindOf(text: string, startsLine: boolean): VbaKind {
  if (text.startsWith('"')) {
    return "string";
  }
  if (text.startsWith("'")) {
    return "comment";
  }
  const word = text.toLowerCase();
  if (word === "rem" && startsLine) {
    return "comment";
  }
  if (starts.has(word)) {
    return "starts";
  }
  return suspicious.has(word) ? "suspicious" : keywords.has(word) ? "keyword" : "plain";
}

/** All of the text, in order; neighbours of one kind are one piece. In a time that grows with its length. */
export function vbaPieces(source: string): VbaPiece[] {
  const pieces: VbaPiece[] = [];
  const add = (text: string, kind: VbaKind) => {
    const last = pieces.at(-1);
    if (text !== "" && last?.kind === kind) {
      last.text += text;
    } else if (text !== "") {
      pieces.push({ text, kind });
    }
  };
  let from = 0;
  let isAtBegin = true; // nothing but spaces since the line began
  token.lastIndex = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const between = source.slice(from, match.index);
    isAtBegin = /[\r\n][ \t]*$/.test(between) || (isAtBegin && between.trim() === "");
    const kind = kindOf(match[0], isAtBegin);
    isAtBegin = false;
    add(between, "plain");
    from = match.index + match[0].length;
    if (kind === "comment" && !match[0].startsWith("'")) {
      from = match.index + (/^[^\r\n]*/.exec(source.slice(match.index))?.[0].length ?? 0);
      token.lastIndex = from;
    }
    add(source.slice(match.index, from), kind);
  }
  add(source.slice(from), "plain");
  return pieces;
}
