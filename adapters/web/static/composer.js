// The composer as an ARIA combobox: suggestions while typing, taken by Tab, Enter or a click.

const PAUSE = 80; // ms after a key before asking

export function combobox(input, list) {
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;
  let last = "";

  list.setAttribute("role", "listbox");
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    input.setAttribute(name, value);
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    options = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  function take(index) {
    input.value = options[index].text;
    input.setSelectionRange(input.value.length, input.value.length);
    close();
    input.focus();
    ask();
  }

  function show(found) {
    options = found.filter((each) => each.text !== input.value);
    list.replaceChildren(
      ...options.map((option, index) => {
        const item = document.createElement("div");
        item.id = `suggestion-${index}`;
        item.setAttribute("role", "option");
        const label = document.createElement("b");
        label.textContent = option.label;
        const note = document.createElement("span");
        note.textContent = option.note;
        item.append(label, note);
        item.addEventListener("pointerdown", (event) => event.preventDefault());
        item.addEventListener("click", () => take(index));
        return item;
      }),
    );
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    list.scrollTop = 0;
    mark(-1);
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const response = await fetch(`/suggest?${new URLSearchParams({ text: input.value })}`, {
        headers: { accept: "application/json" },
        signal,
      });
      const found = response.ok ? await response.json() : [];
      if (!signal.aborted && document.activeElement === input) show(found);
    } catch {
      if (!signal.aborted) close(); // unreachable: the stream's notice says so
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.startsWith("/")) timer = setTimeout(ask, PAUSE);
    else close();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = options.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (open) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark(active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length);
      } else if (event.key === "ArrowUp" && !input.value && last) {
        input.value = last;
      } else if (event.key === "ArrowDown" && input.value.startsWith("/")) {
        ask();
      } else return;
    } else if (event.key === "Tab" && open && !event.shiftKey) take(Math.max(active, 0));
    else if (event.key === "Enter" && open && active >= 0) take(active);
    else if (event.key === "Escape" && open) close();
    else return;
    event.preventDefault();
  });

  // "/" anywhere begins a command, unless it is being written somewhere.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    input.focus();
    if (!input.value) {
      input.value = "/";
      ask();
    }
  });

  return {
    sent() {
      last = input.value;
      input.value = "";
      close();
    },
    close,
  };
}
