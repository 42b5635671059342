/* The order of a section by dragging, with a mouse or a finger: it only writes the numbers; saving stays the person's. */

const STEP = 10;

for (const list of document.querySelectorAll("[data-order]")) {
  const status = document.querySelector("[data-order-status]");
  document.querySelector("[data-order-hint]").hidden = false;
  document.querySelector("[data-order-plain]").hidden = true;
  let dragged = null;

  const number = () => {
    [...list.children].forEach((row, place) => { row.querySelector("input").value = (place + 1) * STEP; });
    status.textContent = "Orden cambiado: falta guardarlo.";
  };

  const below = (y) => [...list.children].find((row) => {
    if (row === dragged) return false;
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2;
  }) ?? null;

  for (const handle of list.querySelectorAll("[data-order-handle]")) {
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      dragged = handle.closest("li");
      dragged.classList.add("desk-dragged");
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      const next = below(event.clientY);
      if (next !== dragged.nextElementSibling) {
        list.insertBefore(dragged, next);
        handle.setPointerCapture(event.pointerId);
      }
      if (event.clientY < 60) window.scrollBy(0, -20);
      if (event.clientY > window.innerHeight - 60) window.scrollBy(0, 20);
    });
    const drop = () => {
      if (!dragged) return;
      dragged.classList.remove("desk-dragged");
      dragged = null;
      number();
    };
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", drop);
  }
}
