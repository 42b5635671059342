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
