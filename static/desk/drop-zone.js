/* Files dropped anywhere on the page, or chosen, go one by one to the letter box; each answer is a line of its list. */

const box = document.querySelector("[data-drop]");
const field = box.querySelector("input[type=file]");
const progress = box.querySelector("[data-progress]");
const bar = progress.querySelector("progress");
const words = progress.querySelector("[data-progress-words]");
const said = box.querySelector("[data-said]");
const list = box.querySelector("[data-outcomes]");
let busy = false;

const refuse = (name, why) => {
  const item = document.createElement("li");
  item.className = "desk-outcome desk-refused";
  const title = document.createElement("p");
  title.append(Object.assign(document.createElement("strong"), { textContent: name }), ": no se pudo usar.");
  item.append(title, Object.assign(document.createElement("p"), { className: "desk-small", textContent: why }));
  list.append(item);
};

const send = (file) => new Promise((done) => {
  const body = new FormData(box);
  body.delete(field.name);
  body.append(field.name, file);
  const request = new XMLHttpRequest();
  request.open("POST", box.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const share = Math.round((100 * event.loaded) / event.total);
    bar.value = share;
    words.textContent = share < 100 ? `«${file.name}»: ${share} %` : `Revisando «${file.name}»…`;
  });
  request.addEventListener("loadend", () => {
    if (request.status === 200 && request.getResponseHeader("Content-Type")?.startsWith("application/json")) {
      const answer = JSON.parse(request.responseText);
      list.insertAdjacentHTML("beforeend", answer.html);
      done(answer.urls[0] ?? "");
      return;
    }
    refuse(file.name, request.status === 0
      ? "Se cortó la conexión. Compruébela y vuelva a soltar el archivo."
      : request.status === 200 || request.status === 403 || request.getResponseHeader("X-Desk") === "login"
        ? "Su sesión terminó. Entre de nuevo en otra pestaña y vuelva a soltar el archivo aquí."
        : request.status === 413 ? `Pesa más de ${box.dataset.maxWords}, que es el máximo. Redúzcalo o divídalo en partes.`
        : request.status === 408 ? "La conexión fue demasiado lenta. Vuelva a soltar el archivo."
        : "El servidor no pudo recibirlo. Intente otra vez en un minuto; si sigue igual, avise a quien lo administra.");
    done("");
  });
  request.send(body);
});

const take = async (files) => {
  if (busy || !files.length) return;
  busy = true;
  list.replaceChildren();
  said.textContent = "";
  progress.hidden = false;
  const urls = [];
  for (const file of files) {
    bar.value = 0;
    words.textContent = `«${file.name}»`;
    if (file.size > Number(box.dataset.max)) refuse(file.name, `Pesa más de ${box.dataset.maxWords}, que es el máximo. Redúzcalo o divídalo en partes.`);
    else urls.push(await send(file));
  }
  progress.hidden = true;
  field.value = "";
  busy = false;
  const made = urls.filter(Boolean);
  if (files.length === 1 && made.length === 1) {
    location.assign(made[0]);
    return;
  }
  const refused = files.length - made.length;
  said.textContent = [
    made.length && `${made.length} ${made.length === 1 ? "borrador listo" : "borradores listos"}.`,
    refused && `${refused} ${refused === 1 ? "archivo rechazado" : "archivos rechazados"}.`,
  ].filter(Boolean).join(" ");
  list.focus();
};

box.querySelector("button[type=submit]").hidden = true;
field.addEventListener("change", () => take([...field.files]));
box.addEventListener("submit", (event) => event.preventDefault());

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
let inside = 0;
const show = () => box.classList.toggle("desk-over", inside > 0);
document.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { inside += 1; show(); } });
document.addEventListener("dragleave", (event) => { if (carriesFiles(event)) { inside -= 1; show(); } });
document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  inside = 0;
  show();
  take([...event.dataTransfer.files]);
});
