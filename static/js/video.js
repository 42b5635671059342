// Plays a linked video in the page: <a data-player="address of the player" data-title="title">. The link becomes a
// button, since it no longer leads away; the platform is asked for nothing until somebody presses it.

for (const link of document.querySelectorAll("a[data-player]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.dataset.player = link.dataset.player; // static/js/transcript.js adds the second to begin at
  button.append(...link.childNodes);
  button.querySelector(".vh").textContent = `Reproducir el video: ${link.dataset.title}`;
  button.addEventListener("click", () => {
    const player = document.createElement("iframe");
    player.className = link.className;
    player.title = `Video: ${link.dataset.title}`;
    player.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    player.referrerPolicy = "strict-origin-when-cross-origin";
    player.src = button.dataset.player;
    // Another site's page comes in a frame of its own: what is focused before it stands loses the keyboard again.
    player.addEventListener("load", () => {
      if (document.activeElement === player || document.activeElement === document.body) {
        player.blur();
        player.focus();
      }
    });
    button.replaceWith(player);
    player.focus();
  });
  link.replaceWith(button);
}
