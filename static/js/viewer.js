// Opens pictures large: <a href="picture" data-viewer="title">, in the page's <dialog id="visor">.
// Without this script the link simply opens the picture. Escape and the return of focus are the dialog's own.

const dialog = document.getElementById("visor");
const links = [...document.querySelectorAll("a[data-viewer]")];
const ZOOMS = [1, 1.5, 2, 3, 4];

if (dialog?.showModal && links.length) {
  const pan = dialog.querySelector(".viewer-pan");
  const title = dialog.querySelector(".viewer-title");
  const level = dialog.querySelector("output");
  const buttons = Object.fromEntries([...dialog.querySelectorAll("[data-viewer-do]")].map((b) => [b.dataset.viewerDo, b]));
  const picture = document.createElement("img");
  let current = 0;
  let zoom = 0;

  const show = (index) => {
    current = (index + links.length) % links.length;
    const link = links[current];
    const cover = link.closest(".card, .picture")?.querySelector("img");
    picture.alt = cover?.alt || link.dataset.viewer;
    picture.src = link.href;
    title.textContent = link.dataset.viewer;
    pan.replaceChildren(picture);
    scale(0);
  };

  const scale = (step) => {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = pan;
    const middle = [(scrollLeft + clientWidth / 2) / scrollWidth, (scrollTop + clientHeight / 2) / scrollHeight];
    zoom = Math.min(Math.max(step, 0), ZOOMS.length - 1);
    pan.classList.toggle("is-large", zoom > 0);
    const fitted = Math.min(clientWidth, clientHeight * (picture.naturalWidth / picture.naturalHeight || 1));
    picture.style.inlineSize = zoom ? `${fitted * ZOOMS[zoom]}px` : "";
    level.textContent = `${ZOOMS[zoom] * 100} %`;
    pan.scrollTo(middle[0] * pan.scrollWidth - clientWidth / 2, zoom ? middle[1] * pan.scrollHeight - clientHeight / 2 : 0);
    for (const [name, end] of [["out", 0], ["in", ZOOMS.length - 1]]) buttons[name].setAttribute("aria-disabled", zoom === end);
  };

  const actions = {
    previous: () => show(current - 1),
    next: () => show(current + 1),
    out: () => scale(zoom - 1),
    in: () => scale(zoom + 1),
    close: () => dialog.close(),
  };
  const keys = { "+": "in", "=": "in", "-": "out", PageUp: "previous", PageDown: "next" };

  for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", actions[name]);
  buttons.previous.hidden = buttons.next.hidden = links.length < 2;
  dialog.addEventListener("keydown", (event) => {
    const name = keys[event.key];
    if (!name || event.ctrlKey || event.metaKey || buttons[name].hidden) return;
    event.preventDefault();
    actions[name]();
  });
  dialog.addEventListener("close", () => pan.replaceChildren());

  let drag = null;
  pan.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button) return;
    drag = { x: event.clientX + pan.scrollLeft, y: event.clientY + pan.scrollTop };
    pan.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  pan.addEventListener("pointermove", (event) => {
    if (drag) pan.scrollTo(drag.x - event.clientX, drag.y - event.clientY);
  });
  pan.addEventListener("lostpointercapture", () => { drag = null; });

  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
    show(index);
  }));
}
