/* What the stock admin's own scripts leave unsaid to assistive technology: select2 forgets the field's label. */

const nameComboboxes = () => {
  for (const combobox of document.querySelectorAll(".select2-selection[role=combobox]")) {
    const select = combobox.closest(".select2")?.previousElementSibling;
    const label = select?.labels?.[0];
    if (!label) continue;
    label.id ||= `${select.id}-label`;
    const value = combobox.querySelector(".select2-selection__rendered");
    combobox.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
    value.setAttribute("aria-labelledby", label.id);
  }
};

nameComboboxes();
new MutationObserver(nameComboboxes).observe(document.body, { childList: true, subtree: true });

/* Copies that a form keeps in this browser (keep.js): a save that succeeded needs none, a person who leaves takes theirs along. */
const copies = () => Object.keys(localStorage).filter((key) => key.startsWith("desk:"));
const landed = () => {
  const succeeded = Boolean(document.querySelector(".messagelist .success"));
  for (const key of copies()) {
    const copy = JSON.parse(localStorage.getItem(key));
    if (!copy.submitted) continue;
    if (succeeded) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ ...copy, submitted: false }));
  }
};
try {
  landed();
  document.getElementById("logout-form")?.addEventListener("submit", () => { for (const key of copies()) localStorage.removeItem(key); });
} catch { /* storage is forbidden here: nothing was kept */ }
