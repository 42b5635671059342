// Suggestions under the search boxes: <form data-suggest="address">. A combobox with a list (ARIA APG); without this
// script, or when an answer does not come, the form works as it is. Also says how many results there are, once loaded.

const WAIT = 120; // milliseconds after the last key
const CARET = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const input = form.querySelector("input[name=q]");
  const list = document.createElement("ul");
  const cache = new Map();
  let timer = 0;
  let asked = null;
  let typed = "";
  let chosen = -1;

  list.id = `${input.id}-lista`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Sugerencias");
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const show = (words) => {
    list.replaceChildren(
      ...words.map((word, n) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${n}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = word;
        return option;
      }),
    );
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !words.length;
    input.setAttribute("aria-expanded", String(words.length > 0));
  };

  const choose = (n) => {
    const options = [...list.children];
    chosen = n < -1 ? options.length - 1 : n >= options.length ? -1 : n;
    options.forEach((option, at) => { option.setAttribute("aria-selected", String(at === chosen)); });
    if (chosen < 0) {
      input.removeAttribute("aria-activedescendant");
      input.value = typed;
    } else {
      input.setAttribute("aria-activedescendant", options[chosen].id);
      input.value = options[chosen].textContent;
      options[chosen].scrollIntoView({ block: "nearest" });
    }
  };

  // Until an answer comes, of the old list stands what still begins so: it never offers what does not fit.
  const narrow = () => {
    const start = plain(typed.trim());
    show(list.hidden || !start ? [] : [...list.children].map((option) => option.textContent).filter((word) => plain(word).startsWith(start)));
  };

  const forget = () => {
    clearTimeout(timer);
    asked?.abort();
  };

  const ask = async () => {
    const words = typed;
    if (words.trim().length < 2) return close();
    asked = new AbortController();
    try {
      if (!cache.has(words)) {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: asked.signal });
        if (!answer.ok) return close();
        cache.set(words, (await answer.json()).sugerencias);
      }
      if (document.activeElement === input && words === typed) show(cache.get(words));
    } catch {
      // given up by the next key, or offline: the form still works
    }
  };

  input.addEventListener("input", () => {
    typed = input.value; // whatever was chosen from the list is typed from now on
    forget();
    narrow();
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      forget();
      if (list.hidden) return; // the browser's own Escape empties the field
      event.preventDefault();
      choose(-1);
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && list.children.length) {
      event.preventDefault();
      if (list.hidden) {
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
      }
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen - 1);
    } else if (CARET.has(event.key) && chosen >= 0) {
      typed = input.value; // what was chosen is being edited: it counts as typed
      choose(-1);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  form.addEventListener("submit", () => {
    forget();
    close();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (!option) return;
    input.value = option.textContent;
    close();
    form.requestSubmit();
  });
}

for (const status of document.querySelectorAll("[data-announce]")) {
  setTimeout(() => (status.textContent = status.dataset.announce), 300);
}
