// The parts of a message come as a list of paths; people want the tree.
import type { Schemas } from "../api/client";

export interface PartNode {
  part: Schemas["PartInfo"];
  children: PartNode[];
}

/** The longest path that is a beginning of this one at a border ("2" of "2.1", "2.1" of "2.1/a.zip"). */
function parentOf(path: string, known: Map<string, PartNode>): PartNode | undefined {
  for (let end = path.length - 1; end > 0; end -= 1) {
    const character = path[end];
    if (character === "/" || character === "." || character === "!" || character === "#") {
      const parent = known.get(path.slice(0, end));
      if (parent !== undefined) {
        return parent;
      }
    }
  }
  return path === "" ? undefined : known.get("");
}

/** Keeps the order of the list; a part whose container is not listed stands at the top. */
export function toPartTree(parts: Schemas["PartInfo"][]): PartNode[] {
  const known = new Map<string, PartNode>();
  const roots: PartNode[] = [];
  for (const part of parts) {
    const node: PartNode = { part, children: [] };
    const parent = parentOf(part.path, known);
    (parent?.children ?? roots).push(node);
    if (!known.has(part.path)) {
      known.set(part.path, node);
    }
  }
  return roots;
}
