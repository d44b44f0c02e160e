// What a page reads about one mailbox and keeps current: anew at the end of each poll, and after a loss of events.
import { useEvent } from "../api/events";
import { type Loaded, useLoaded } from "../api/use_loaded";

export function useOfMailbox<T>(mailboxId: string, load: () => Promise<T>): Loaded<T> {
  const loaded = useLoaded(mailboxId, load);
  useEvent("mailbox", (changed) => {
    if (changed.id === mailboxId && changed.status.state !== "polling") {
      loaded.reload();
    }
  });
  useEvent("resync", loaded.reload);
  return loaded;
}
