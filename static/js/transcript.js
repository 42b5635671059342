// Plays a video from a time of its transcript: <a href="#t=205" data-second="205">. An address that ends in #t=205 sets the
// player there without playing. The passage that was chosen, or is heard in a file of this site, has aria-current.

const video = document.querySelector("video.poster");
const box = document.querySelector(".transcript");
const passages = box ? [...box.querySelectorAll(":scope > p")] : [];
const seconds = passages.map((passage) => Number(passage.id.slice(2)));
let current;

// Marks the passage of a second; `isFollowed`: and brings it into view within its box.
function mark(second, isFollowed) {
  const next = seconds.findIndex((each) => each > second);
  const now = passages[(next < 0 ? seconds.length : next) - 1];
  if (!now || now === current) return;
  current?.removeAttribute("aria-current");
  now.setAttribute("aria-current", "true");
  current = now;
  if (isFollowed) box.scrollTop = now.offsetTop - box.clientHeight / 3;
}

function play(second) {
  const frame = document.querySelector("iframe.poster");
  const button = document.querySelector("button[data-player]");
  if (video) {
    video.currentTime = second;
    video.play().catch(() => {}); // the browser may refuse; the time is set all the same
  } else if (frame) {
    const address = new URL(frame.src);
    address.searchParams.set("start", second);
    frame.src = address;
  } else if (button) {
    button.dataset.player += `&start=${second}`;
    button.click();
  }
}

// The jump of the browser to the passage would leave the player above the window.
function showPlayer() {
  document.querySelector(".poster").scrollIntoView({ block: "nearest" });
}

for (const link of document.querySelectorAll("a[data-second]")) {
  link.addEventListener("click", (event) => {
    const second = Number(link.dataset.second);
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    play(second);
    mark(second, !box?.contains(link));
    showPlayer();
  });
}

function goToAddress() {
  const second = location.hash.match(/^#t=(\d{1,6})$/)?.[1];
  if (!second) return;
  if (video?.paused) video.currentTime = Number(second);
  mark(Number(second), true);
  showPlayer();
}

addEventListener("hashchange", goToAddress);
addEventListener("load", goToAddress);

video?.addEventListener("timeupdate", () => {
  mark(video.currentTime, !video.paused && !box?.matches(":hover, :focus-within"));
});
