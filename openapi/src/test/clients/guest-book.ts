// What a program does with the guest book, by the types made of its document. Arguments: the site's URL, a picture.
import { readFile } from "node:fs/promises";
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

type Problem = components["schemas"]["Problem"];

const [baseUrl = "", picturePath = ""] = process.argv.slice(2);
let cookie = "";
let token = "";

// What a browser does by itself.
const session: Middleware = {
  onRequest({ request }) {
    if (cookie !== "") request.headers.set("Cookie", cookie);
    request.headers.set("X-CSRF-Token", token);
  },
  onResponse({ response }) {
    for (const set of response.headers.getSetCookie()) {
      cookie = set.split(";")[0] ?? "";
    }
  },
};

const client = createClient<paths>({ baseUrl, headers: { Accept: "application/json" } });
client.use(session);

function multipart(fields: Record<string, string | Blob | undefined>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.append(name, value);
  }
  return form;
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("no such answer");
  return value;
}

function say(problem: Problem): void {
  const errors = (problem.errors ?? []).map((error) => ` [${error.pointer ?? error.field}]`);
  console.log(`${problem.status} ${problem.title}: ${problem.detail}${errors.join("")}`);
}

const stranger = there((await client.GET("/visitor")).data);
token = stranger.csrfToken;
console.log("visitor:", stranger.name ?? "nobody");

const early = await client.POST("/entries", { body: { text: "one" }, bodySerializer: multipart });
say(there(early.error));

const wrong = await client.POST("/visitor", { body: { name: "Ada", password: "open" } });
say(there(wrong.error));

// @ts-expect-error: a password is needed, which the types know
const incomplete = await client.POST("/visitor", { body: { name: "Ada" } });
say(there(incomplete.error));

const ada = there((await client.POST("/visitor", { body: { name: "Ada", password: "welcome" } })).data);
token = ada.csrfToken;
console.log("visitor:", ada.name ?? "nobody");

const one = there((await client.POST("/entries", { body: { text: "one" }, bodySerializer: multipart })).data);
console.log("written:", one.id, one.picture ?? "without a picture");

const picture = new File([await readFile(picturePath)], "me.png", { type: "image/png" });
const body = { text: "5 < 6 & ü", picture };
const two = there((await client.POST("/entries", { body, bodySerializer: multipart })).data);
console.log("written:", two.id, two.picture ?? "without a picture");

const found = there((await client.GET("/entries", { params: { query: { order: "OLDEST", limit: 1 } } })).data);
console.log("found:", found.entries.map((entry) => entry.text).join(), "of", found.total);

const newest = there((await client.GET("/entries", { params: { query: { author: "Ada" } } })).data);
console.log("found:", newest.entries.map((entry) => entry.text).join(", "));

const tooMany = await client.GET("/entries", { params: { query: { limit: 101 } } });
say(there(tooMany.error));

const bytes = there((await client.GET("/picture/{id}", { params: { path: { id: two.id } }, parseAs: "blob" })).data);
console.log("picture:", bytes.size, "bytes");

const none = await client.GET("/picture/{id}", { params: { path: { id: 3 } } });
say(there(none.error));
