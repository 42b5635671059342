/* Nothing typed is lost: drafts save themselves at the server, and every form keeps a copy in this browser until a
   person's save has succeeded; after an expired session the copy is offered back. */

const work = document.querySelector("[data-work]");
const form = work.closest("form");
const SECONDS = 3;
const PREFIX = "desk:";
const TIME = new Intl.DateTimeFormat("es-EC", { dateStyle: "long", timeStyle: "short", hourCycle: "h23" });
let place = work.dataset.autosave;
let timer = 0;
let saving = false;
let again = false;
let stopped = false;

const storeKey = () => `${PREFIX}${work.dataset.user}:${location.pathname}`;
const unkept = () => new Set([...form.querySelectorAll("input[type=hidden], input[type=password]")].map((field) => field.name)); // tokens, keys of rows, secrets
const typed = () => {
  const values = {};
  const left = unkept();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || left.has(name) || name.includes("__prefix__")) continue;
    values[name] ??= [];
    values[name].push(value);
  }
  return values;
};
const same = (one, other) => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => JSON.stringify(one[name] ?? []) === JSON.stringify(other[name] ?? []) || (!(one[name] ?? [""])[0] && !(other[name] ?? [""])[0]));
};
const read = () => {
  try { return JSON.parse(localStorage.getItem(storeKey())); } catch { return null; }
};
const write = (copy) => {
  try { localStorage.setItem(storeKey(), JSON.stringify(copy)); } catch { /* full or forbidden: the form itself still holds everything */ }
};
const drop = (key = storeKey()) => {
  try { localStorage.removeItem(key); } catch { /* forbidden: there is nothing to remove */ }
};

/* What it says */
const row = form.querySelector(".submit-row:last-of-type") ?? form;
const status = document.createElement("p");
status.className = "desk-saved";
status.setAttribute("role", "status");
row.prepend(status);
const say = (words, bad = false) => {
  status.textContent = words;
  status.classList.toggle("desk-bad", bad);
};
if (place) say("Este borrador se guarda solo mientras escribe.");

/* The server's copy, of drafts only */
const renew = async () => {
  const answer = await fetch(work.dataset.token, { headers: { Accept: "application/json" } });
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("signed out");
  const fresh = (await answer.json()).token;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
};
work.addEventListener("desk:renew", (event) => { event.detail.done = renew(); });

const body = () => {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
  return data;
};
const post = async () => {
  const send = () => fetch(place, { method: "POST", body: body(), headers: { Accept: "application/json" } });
  let answer = await send();
  if (!answer.headers.get("Content-Type")?.startsWith("application/json") && (answer.redirected || answer.status === 403)) {
    await renew();
    answer = await send();
  }
  return answer;
};
const took = (answer) => {
  if (form.elements.read_revision) form.elements.read_revision.value = answer.revision;
  const address = document.querySelector("[data-address]");
  if (address) address.textContent = answer.address;
  document.querySelector("[data-findings]").innerHTML = answer.findings;
  document.querySelector("[data-count]").textContent = document.querySelectorAll("[data-findings] li").length;
  if (!location.pathname.endsWith("/change/")) {
    drop();
    history.replaceState(history.state, "", answer.url);
    place = answer.autosave;
    keep();
  }
};
const autosave = async () => {
  if (!place || stopped) return;
  if (saving) { again = true; return; }
  saving = true;
  try {
    const response = await post();
    const answer = await response.json();
    if (answer.saved) took(answer);
    stopped = response.status === 409;
    const later = response.status === 503; // the database is busy or the disk is full
    if (later) timer = setTimeout(autosave, 15000);
    say(answer.said, stopped || later);
  } catch (error) {
    say(error.message === "signed out"
      ? "Su sesión terminó. Lo escrito queda en este navegador: entre de nuevo en otra pestaña y siga aquí."
      : "Sin conexión con el servidor. Lo escrito queda en este navegador; se volverá a intentar.", true);
    timer = setTimeout(autosave, 15000);
  }
  saving = false;
  if (again) { again = false; autosave(); }
};

/* The browser's copy, of every form */
const served = typed();
const keep = () => {
  const now = typed();
  if (same(now, served)) drop();
  else write({ values: now, at: Date.now(), submitted: false });
};
const changed = () => {
  keep();
  clearTimeout(timer);
  timer = setTimeout(autosave, SECONDS * 1000);
};
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("click", (event) => { if (event.target.closest("[data-tags-known]")) changed(); });
form.addEventListener("submit", () => {
  clearTimeout(timer);
  stopped = true;
  const copy = read();
  if (copy) write({ ...copy, submitted: true });
});
work.addEventListener("desk:unsent", () => {
  stopped = false;
  const copy = read();
  if (copy) write({ ...copy, submitted: false });
});

/* Offered back */
const fill = (values) => {
  for (const [name, list] of Object.entries(values)) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
      else if (field.type !== "file") {
        if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === list[0])) continue;
        field.value = list[0];
      }
    }
  }
  for (const field of form.querySelectorAll("input[type=checkbox]")) if (!(field.name in values) && !field.name.includes("__prefix__")) field.checked = false;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.querySelector("[data-tags]")?.dispatchEvent(new Event("input", { bubbles: true }));
};
const offer = (copy) => {
  const box = document.createElement("div");
  box.className = "desk-notice desk-offer";
  box.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = `En este navegador hay cambios sin guardar (${TIME.format(copy.at)}). Los archivos hay que elegirlos de nuevo.`;
  const button = (label, act, second) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = second ? "button desk-second" : "button";
    made.textContent = label;
    made.addEventListener("click", () => { act(); box.remove(); });
    return made;
  };
  box.append(words, button("Recuperarlos", () => fill(copy.values)), button("Descartarlos", () => drop(), true));
  form.prepend(box);
};
const copy = read();
const cameBack = Boolean(document.querySelector(".desk-problems"));
const succeeded = copy?.submitted && document.querySelector(".messagelist .success");
if (succeeded) drop();
else if (copy && !cameBack && !same(copy.values, served)) offer(copy);
else if (copy && !cameBack) drop();
