/* The tags that exist become buttons that add them to the field, or take them away again. */

const fold = (text) => text.normalize("NFD").replace(/(?!\u0303)[\u0300-\u036f]/g, "").normalize("NFC").toLowerCase().trim();
const names = (field) => field.value.split(",").map((name) => name.trim()).filter(Boolean);

for (const list of document.querySelectorAll("[data-tags-known]")) {
  const field = list.closest(".desk-tags").querySelector("[data-tags]");
  const buttons = [...list.children].map((item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = item.textContent;
    item.replaceChildren(button);
    return button;
  });
  const show = () => {
    const chosen = new Set(names(field).map(fold));
    for (const button of buttons) button.setAttribute("aria-pressed", chosen.has(fold(button.textContent)));
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const name = button.textContent;
    const others = names(field).filter((other) => fold(other) !== fold(name));
    field.value = (button.getAttribute("aria-pressed") === "true" ? others : [...others, name]).join(", ");
    show();
  });
  field.addEventListener("input", show);
  show();
}
