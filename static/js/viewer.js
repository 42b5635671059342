// Opens pictures large: <a href="picture" data-viewer="title">, in the page's <dialog id="visor">: zoom and pan by
// buttons, keyboard, mouse, wheel and fingers. Without this script the link simply opens the picture. Escape and the
// focus that stays inside are the dialog's own; the address does not change, so "back" leaves the page as always.

const dialog = document.getElementById("visor");
const links = [...document.querySelectorAll("a[data-viewer]")];
const MOST = 6; // times the size that fits the screen
const STEP = 1.5;

if (dialog?.showModal && links.length) {
  const pan = dialog.querySelector(".viewer-pan");
  const title = dialog.querySelector(".viewer-title");
  const page = dialog.querySelector("[data-viewer-page]"); // from a gallery: where its text and its file are
  const level = dialog.querySelector("output");
  const buttons = Object.fromEntries([...dialog.querySelectorAll("[data-viewer-do]")].map((b) => [b.dataset.viewerDo, b]));
  const picture = document.createElement("img");
  let current = 0;
  let zoom = 1;
  let opener = null;

  const show = (index) => {
    current = (index + links.length) % links.length;
    const link = links[current];
    const cover = link.closest(".card, .picture")?.querySelector("img");
    picture.alt = cover?.alt || link.dataset.viewer;
    picture.src = link.href;
    title.textContent = link.dataset.viewer;
    const own = link.closest(".card")?.querySelector(".card-title a");
    page.hidden = !own;
    page.href = own?.href ?? "";
    pan.replaceChildren(picture);
    scale(1);
  };

  // Zoom so that what lies under the point `at` stays there; without a point, what lies in the middle.
  const scale = (wanted, at) => {
    const frame = pan.getBoundingClientRect();
    const point = at ?? { x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 };
    const before = picture.getBoundingClientRect();
    const x = (point.x - before.left) / (before.width || 1);
    const y = (point.y - before.top) / (before.height || 1);
    zoom = Math.min(Math.max(wanted, 1), MOST);
    const fitted = Math.min(pan.clientWidth, pan.clientHeight * (picture.naturalWidth / picture.naturalHeight || 1));
    pan.classList.toggle("is-large", zoom > 1);
    picture.style.inlineSize = zoom > 1 ? `${fitted * zoom}px` : "";
    const after = picture.getBoundingClientRect();
    pan.scrollLeft += after.left + x * after.width - point.x;
    pan.scrollTop += after.top + y * after.height - point.y;
    level.textContent = `${Math.round(zoom * 100)} %`;
    for (const [name, end] of [["out", 1], ["in", MOST]]) buttons[name].setAttribute("aria-disabled", zoom === end);
  };

  const actions = {
    previous: () => show(current - 1),
    next: () => show(current + 1),
    out: () => scale(zoom / STEP),
    in: () => scale(zoom * STEP),
    fit: () => scale(1),
    close: () => dialog.close(),
  };
  const keys = { "+": "in", "=": "in", "-": "out", 0: "fit", PageUp: "previous", PageDown: "next" };
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", actions[name]);
  buttons.previous.hidden = buttons.next.hidden = links.length < 2;
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const name = keys[event.key];
    const way = arrows[event.key];
    if (way) pan.scrollBy(way[0] * 80, way[1] * 80);
    else if (name && !buttons[name]?.hidden) actions[name]();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    pan.replaceChildren();
    opener?.focus();
  });

  // A mouse drags; its wheel zooms where there is nothing to scroll, or with Ctrl (which a pinched touchpad sends too).
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
  pan.addEventListener("wheel", (event) => {
    if (zoom > 1 && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    scale(zoom * Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
  }, { passive: false });
  pan.addEventListener("dblclick", (event) => scale(zoom > 1 ? 1 : 2.5, { x: event.clientX, y: event.clientY }));

  // One finger scrolls by itself; two zoom around their middle.
  let pinch = null;
  const gap = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  const middle = ([a, b]) => ({ x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 });
  pan.addEventListener("touchstart", (event) => {
    pinch = event.touches.length === 2 ? { gap: gap(event.touches), zoom } : null;
  }, { passive: true });
  pan.addEventListener("touchmove", (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    scale(pinch.zoom * gap(event.touches) / pinch.gap, middle(event.touches));
  }, { passive: false });

  addEventListener("resize", () => { if (dialog.open) scale(zoom); });
  for (const [index, link] of links.entries()) link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opener = link;
    dialog.showModal();
    show(index);
  });
}
