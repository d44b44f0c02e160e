// The address bar is the state of a page: a path and its query, so that every view can be shared and
// the browser's buttons work. Small enough not to need a library.
import { type MouseEvent, type ReactNode, useSyncExternalStore } from "react";

const changed = "watchpost:navigated";

function subscribe(callback: () => void): () => void {
  window.addEventListener("popstate", callback);
  window.addEventListener(changed, callback);
  return () => {
    window.removeEventListener("popstate", callback);
    window.removeEventListener(changed, callback);
  };
}

export interface Address {
  path: string;
  query: URLSearchParams;
}

export function useAddress(): Address {
  const text = useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
  const [path, search] = text.split("?", 2);
  return { path: path ?? "/", query: new URLSearchParams(search ?? "") };
}

export function navigate(to: string, how: "push" | "replace" = "push"): void {
  if (how === "push") {
    window.history.pushState(null, "", to);
    window.scrollTo(0, 0);
  } else {
    window.history.replaceState(null, "", to);
  }
  window.dispatchEvent(new Event(changed));
}

/** True where the browser itself should follow the link: another tab, another window. */
function isForBrowser(event: MouseEvent): boolean {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

export function onLinkClick(to: string): (event: MouseEvent) => void {
  return (event) => {
    if (!isForBrowser(event)) {
      event.preventDefault();
      navigate(to);
    }
  };
}

export function Link({ to, children, className }: { to: string; children: ReactNode; className?: string }) {
  return (
    <a href={to} className={className} onClick={onLinkClick(to)}>
      {children}
    </a>
  );
}

/** `matchPath("/alerts/:id", "/alerts/01J")` is `{ id: "01J" }`. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.replace(/\/+$/, "").split("/");
  if (wanted.length !== given.length) {
    return undefined;
  }
  const values: Record<string, string> = {};
  for (const [index, word] of wanted.entries()) {
    const text = given[index] ?? "";
    if (word.startsWith(":")) {
      values[word.slice(1)] = text;
    } else if (word !== text) {
      return undefined;
    }
  }
  return values;
}
