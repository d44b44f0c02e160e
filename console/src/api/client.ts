// The one way to the REST API: typed by schema/openapi.yaml, with the session's CSRF token on every
// change and every failure turned into an ApiProblem.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "../generated/api";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

export class ApiProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
  get code(): string {
    return this.problem.code;
  }
  /** Messages by field; what has no field of the form is kept under its own name. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.problem.fields ?? []).map((entry) => [entry.field, entry.message]));
  }
}

let csrfToken = "";
let onSessionLost: (problem: ApiProblem) => void = () => undefined;

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called when the API says that nobody is signed in, or that the password must be changed first. */
export function setOnSessionLost(callback: (problem: ApiProblem) => void): void {
  onSessionLost = callback;
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET" && csrfToken !== "") {
      request.headers.set("X-CSRF-Token", csrfToken);
    }
    return request;
  },
};

export const client = createClient<paths>({ baseUrl: "/api/v1", credentials: "same-origin" });
client.use(csrf);

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "title" in value && "code" in value;
}

/** A failed request as a Problem, also where a proxy or nobody answered. */
export function toProblem(error: unknown, status: number): Problem {
  if (isProblem(error)) {
    return error;
  }
  return {
    title: `The Central Node answered ${status} without an explanation.`,
    status,
    code: "internal",
    detail: "Something between this browser and the Central Node may have answered instead of it.",
  };
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The data of an answer, or an ApiProblem thrown: `await call(client.GET("/alerts"))`. */
export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  let result: Answer<T>;
  try {
    result = await answer;
  } catch {
    throw new ApiProblem({
      title: "The Central Node does not answer.",
      status: 0,
      code: "unavailable",
      detail: "Check the network, and on the server `watchpost status`. The console tries again when you do.",
    });
  }
  if (!result.response.ok) {
    const failure = new ApiProblem(toProblem(result.error, result.response.status));
    if (failure.code === "not_signed_in" || failure.code === "password_change_required") {
      onSessionLost(failure);
    }
    throw failure;
  }
  return result.data as T;
}

/** Does something that the API may refuse: gives the refusal, and undefined where there is none. Other errors pass. */
export async function attempt(action: () => Promise<void>): Promise<ApiProblem | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiProblem)) {
      throw error;
    }
    return error;
  }
}
