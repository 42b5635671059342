// Opens the share sheet of the phone: <button data-share="address" data-title="what it is" hidden>.

if (navigator.share) {
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.share({ title: button.dataset.title, url: button.dataset.share });
      } catch (error) {
        if (error.name === "AbortError") return; // closed by the person
        button.parentElement.querySelector("[role=status]").textContent = "No se pudo compartir. Copie el enlace.";
      }
    });
  }
}
