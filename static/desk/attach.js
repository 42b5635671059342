/* Files of a resource's form: dropped anywhere they are attached, limits are checked at once, and a save that carries
   files shows how far it has come. Without this script the same form is sent as any other. */

const work = document.querySelector("[data-work]");
const form = work.closest("form");
const uploads = () => [...form.querySelectorAll("input[data-upload]")].filter((field) => !field.name.includes("__prefix__"));
const status = document.createElement("p");
status.className = "desk-attached";
status.setAttribute("role", "status");
form.querySelector(".desk-files")?.append(status);

/* Limits */
const check = (field) => {
  const [file] = field.files;
  const names = (field.accept || "").split(",");
  const ending = `.${file?.name.split(".").pop().toLowerCase()}`;
  const said = !file ? ""
    : file.size > Number(work.dataset.max) ? `«${file.name}» pesa más de ${work.dataset.maxWords}, que es el máximo. Redúzcalo o divídalo en partes.`
      : field.accept && !names.includes(ending) ? `«${file.name}» no es de un tipo que se acepte aquí.`
        : "";
  field.setCustomValidity(said);
  show(field, said ? [said] : []);
  return !said;
};
const show = (field, messages) => {
  const place = field.closest(".form-row") ?? field.parentElement;
  place.classList.toggle("errors", messages.length > 0);
  place.querySelector("ul.errorlist[data-here]")?.remove();
  if (!messages.length) return;
  const list = document.createElement("ul");
  list.className = "errorlist";
  list.dataset.here = "";
  list.append(...messages.map((message) => Object.assign(document.createElement("li"), { textContent: message })));
  place.prepend(list);
};
form.addEventListener("change", (event) => { if (event.target.type === "file") check(event.target); });

/* Dropped anywhere */
const freeField = () => {
  const empty = uploads().filter((field) => !field.files.length && !field.closest(".has_original"));
  if (empty.length) return empty[0];
  form.querySelector(".desk-files .add-row a")?.click();
  return uploads().find((field) => !field.files.length && !field.closest(".has_original"));
};
const attach = (files) => {
  const names = [];
  for (const file of files) {
    const field = freeField();
    if (!field) break;
    const one = new DataTransfer();
    one.items.add(file);
    field.files = one.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    names.push(`«${file.name}»`);
  }
  if (names.length) {
    status.textContent = `${names.length === 1 ? "Se adjuntó" : "Se adjuntaron"} ${names.join(", ")}. Se ${names.length === 1 ? "subirá" : "subirán"} al guardar.`;
    status.scrollIntoView({ block: "center" });
  }
};
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
let inside = 0;
const mark = () => document.body.classList.toggle("desk-over", inside > 0);
document.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { inside += 1; mark(); } });
document.addEventListener("dragleave", (event) => { if (carriesFiles(event)) { inside -= 1; mark(); } });
document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  inside = 0;
  mark();
  if (event.target.type === "file") return;
  event.preventDefault();
  attach(event.dataTransfer.files);
});

/* Sent with progress */
const box = document.createElement("div");
box.className = "desk-sending";
box.hidden = true;
const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
bar.setAttribute("aria-label", "Carga de los archivos");
const words = document.createElement("span");
words.setAttribute("role", "status");
box.append(bar, words);
form.querySelector(".submit-row:last-of-type")?.prepend(box);
const buttons = () => form.querySelectorAll(".submit-row input[type=submit]");
const sending = (on) => {
  box.hidden = !on;
  bar.hidden = !on;
  for (const button of buttons()) button.disabled = on;
};
const failed = (said) => {
  sending(false);
  box.hidden = false;
  bar.hidden = true;
  words.textContent = said;
  work.dispatchEvent(new Event("desk:unsent"));
};
const tell = (errors) => {
  for (const old of form.querySelectorAll("ul.errorlist, .desk-problems")) old.remove();
  for (const old of form.querySelectorAll(".errors")) old.classList.remove("errors");
  const panel = document.createElement("div");
  panel.className = "desk-problems";
  panel.setAttribute("role", "alert");
  const heading = document.createElement("h2");
  heading.textContent = errors.length === 1 ? "Hay un error que corregir" : `Hay ${errors.length} errores que corregir`;
  const lead = document.createElement("p");
  lead.textContent = "Nada de lo que escribió se ha perdido, y los archivos siguen elegidos. ";
  const first = errors.find((error) => error.anchor);
  if (first) lead.append(Object.assign(document.createElement("a"), { href: `#${first.anchor}`, textContent: "Ir al primer error" }));
  const list = document.createElement("ul");
  for (const error of errors) {
    const item = document.createElement("li");
    const text = error.label ? `${error.label[0].toUpperCase()}${error.label.slice(1)}: ${error.message}` : error.message;
    if (error.anchor) item.append(Object.assign(document.createElement("a"), { href: `#${error.anchor}`, textContent: text }));
    else item.textContent = text;
    list.append(item);
    const field = error.anchor && document.getElementById(error.anchor);
    if (field) show(field, errors.filter((other) => other.anchor === error.anchor).map((other) => other.message));
  }
  panel.append(heading, lead, list);
  form.prepend(panel);
  panel.scrollIntoView({ block: "start" });
  (lead.querySelector("a") ?? panel).focus();
};

const send = (data, submitter, retried = false) => {
  const request = new XMLHttpRequest();
  request.open("POST", location.href);
  request.setRequestHeader("X-Desk", "upload");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const share = Math.round((100 * event.loaded) / event.total);
    bar.value = share;
    words.textContent = share < 100 ? `Subiendo: ${share} %` : "Revisando los archivos y guardando…";
  });
  request.addEventListener("loadend", async () => {
    const isAnswer = request.getResponseHeader("Content-Type")?.startsWith("application/json");
    const answer = isAnswer ? JSON.parse(request.responseText) : {};
    if (answer.url) { location.assign(answer.url); return; }
    if (answer.page) { form.noValidate = true; native(submitter); return; }
    if (answer.errors) { failed(""); tell(answer.errors); return; }
    const isDoor = request.status === 403 || request.getResponseHeader("X-Desk") === "login"
      || request.responseURL.includes(work.dataset.login);
    if (isDoor && !retried) {
      const asked = { done: null };
      work.dispatchEvent(new CustomEvent("desk:renew", { detail: asked }));
      try {
        await asked.done;
        data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        send(data, submitter, true);
        return;
      } catch { /* still signed out: said below */ }
    }
    failed(isDoor
      ? "Su sesión terminó y no se guardó nada todavía. Entre de nuevo en otra pestaña y vuelva a pulsar el botón aquí: lo escrito y los archivos siguen en esta página."
      : request.status === 0
        ? "Se cortó la conexión. Lo escrito y los archivos siguen aquí: vuelva a pulsar el botón."
        : request.status === 413 ? "Los archivos pesan juntos más de lo que cabe en un envío, y no se guardó nada. Lo escrito sigue aquí: quite algunos, guarde, y agréguelos después."
        : request.status === 408 ? "La conexión fue demasiado lenta y no se guardó nada. Lo escrito y los archivos siguen aquí: vuelva a pulsar el botón."
        : "El servidor no pudo guardar. Lo escrito y los archivos siguen aquí: intente otra vez en un minuto.");
  });
  request.send(data);
};
let passing = false;
const native = (submitter) => { passing = true; sending(false); form.requestSubmit(submitter); };

form.addEventListener("submit", (event) => {
  if (passing || ![...form.querySelectorAll("input[type=file]")].some((field) => field.files.length)) return;
  event.preventDefault();
  const wrong = uploads().find((field) => field.files.length && !check(field));
  if (wrong) {
    wrong.focus();
    work.dispatchEvent(new Event("desk:unsent"));
    return;
  }
  const data = new FormData(form, event.submitter);
  sending(true);
  words.textContent = "Subiendo…";
  send(data, event.submitter);
});
