// Copies an address or a checksum: <button data-copy="text" hidden>. What happened is said in [data-copy-status].

const status = document.querySelector("[data-copy-status]");

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      let said = "Copiado.";
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
      } catch {
        said = "No se pudo copiar. Seleccione el texto y cópielo.";
      }
      const place = button.parentElement.querySelector("[role=status]") ?? status;
      place.textContent = "";
      requestAnimationFrame(() => { place.textContent = said; });
    });
  }
}
