// Live updates: one EventSource for the whole console, shared by whoever listens.
import { useEffect, useRef, useState } from "react";
import type { Schemas } from "./client";

export interface LiveEvents {
  alert: Schemas["Alert"];
  mailbox: Schemas["Mailbox"];
  status: Schemas["Status"];
  resync: unknown;
}
type Name = keyof LiveEvents;
type Listener = (data: never) => void;

const names: Name[] = ["alert", "mailbox", "status", "resync"];
const listeners = new Map<Name, Set<Listener>>(names.map((name) => [name, new Set<Listener>()]));
const stateListeners = new Set<(isLive: boolean) => void>();
let source: EventSource | undefined;
let isLive = false;
let wasLost = false;
let flows: Promise<void> = Promise.resolve();

/** Something between that keeps the stream back delays a page by so much, no more. */
const openingMsMax = 1000;

/**
 * What is read after this misses nothing: the stream is open, or it was given up to wait for it, and then `resync`
 * follows when it opens.
 */
export function whenEventsFlow(): Promise<void> {
  return flows;
}

function setLive(value: boolean): void {
  isLive = value;
  stateListeners.forEach((listener) => listener(value));
}

function tell(name: Name, data: unknown): void {
  listeners.get(name)?.forEach((listener) => (listener as (value: unknown) => void)(data));
}

/** Starts the stream; the browser itself connects again after a loss. */
export function startEvents(): void {
  stopEvents();
  const stream = new EventSource("/api/v1/events");
  source = stream;
  let goOn: () => void = () => undefined;
  flows = new Promise((resolve) => (goOn = resolve));
  const lose = () => {
    wasLost = true;
    goOn();
  };
  const waiting = setTimeout(lose, openingMsMax);
  stream.onopen = () => {
    clearTimeout(waiting);
    setLive(true);
    if (wasLost) {
      tell("resync", undefined); // what happened meanwhile was not sent to us
    }
    wasLost = false;
    goOn();
  };
  stream.onerror = () => {
    clearTimeout(waiting);
    lose();
    setLive(false);
  };
  for (const name of names) {
    stream.addEventListener(name, (event) => {
      const text = (event as MessageEvent<string>).data;
      tell(name, text === "" ? undefined : JSON.parse(text));
    });
  }
}

export function stopEvents(): void {
  source?.close();
  source = undefined;
  wasLost = false;
  flows = Promise.resolve();
  setLive(false);
}

/** Calls back with each event of that name; the callback may change from one rendering to the next. */
export function useEvent<N extends Name>(name: N, callback: (data: LiveEvents[N]) => void): void {
  const latest = useRef(callback);
  useEffect(() => {
    latest.current = callback;
  });
  useEffect(() => {
    const listener: Listener = (data) => latest.current(data as LiveEvents[N]);
    listeners.get(name)?.add(listener);
    return () => {
      listeners.get(name)?.delete(listener);
    };
  }, [name]);
}

export function useIsLive(): boolean {
  const [value, setValue] = useState(isLive);
  useEffect(() => {
    setValue(isLive);
    stateListeners.add(setValue);
    return () => {
      stateListeners.delete(setValue);
    };
  }, []);
  return value;
}
