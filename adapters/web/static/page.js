// What makes the page live. Everything here also works without it, by plain forms.

import { combobox } from "./composer.js";
import { listen } from "./stream.js";

const { who, version } = document.body.dataset;
const log = document.getElementById("log");
const scroller = document.getElementById("scroller");
const news = document.getElementById("news");
const toast = document.getElementById("toast");
const dialogs = document.getElementById("dialogs");
const lost = document.getElementById("lost");
const input = document.getElementById("composer");
const composer = combobox(input, document.getElementById("suggestions"));
const tabs = new BroadcastChannel("studybot");
const drafts = new Map();
let since = Number(document.body.dataset.since);

// ------------------------------------------------ times

const language = document.documentElement.lang; // of the page; how it is written where the reader lives
const locale = navigator.languages.find((each) => each.split("-")[0] === language) || language;
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

const ahead = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** What people wait for counts down; its role keeps it from being read aloud each second. */
function countDown(root) {
  for (const time of root.querySelectorAll("time[role=timer]")) {
    time.textContent = ahead.format(Math.max(0, Math.round((new Date(time.dateTime) - Date.now()) / 1000)), "second");
  }
}

setInterval(() => countDown(document), 1000);

function localise(root) {
  countDown(root);
  for (const time of root.querySelectorAll("time:not([role=timer])")) {
    const at = new Date(time.dateTime);
    const today = at.toDateString() === new Date().toDateString();
    const long = !today || !time.closest(".by"); // in a text, as in “closes …”, the day matters
    time.textContent = (long ? `${day.format(at)}, ` : "") + clock.format(at);
    time.title = full.format(at);
  }
}

// ------------------------------------------------ messages

// In a reversed column the newest end is 0 and going up is negative.
const atEnd = () => scroller.scrollTop > -48;

function toEnd() {
  scroller.scrollTop = 0;
  news.hidden = true;
}

/** Does `change` and leaves what is being read where it is: the end stays the end, anything else stays put. */
function keepingPlace(change) {
  if (atEnd()) {
    change();
    toEnd();
    return;
  }
  const top = scroller.getBoundingClientRect().top;
  const anchor = [...log.children].find((entry) => entry.getBoundingClientRect().bottom > top);
  const before = anchor?.getBoundingClientRect().top;
  const id = anchor?.id;
  change();
  const after = id && document.getElementById(id)?.getBoundingClientRect().top;
  if (after !== undefined && after !== "") scroller.scrollTop += after - before;
}

/** Where the focus goes when the message that held it is replaced: the same control, or the first, or the message. */
function focusIn(entry, was) {
  const same = was?.value && [...entry.querySelectorAll("button, select")].find((each) => each.value === was.value);
  const next = same || entry.querySelector(".card button, .card select") || entry;
  next.focus({ preventScroll: true });
}

/** Gives the emojis under a message their new counts without replacing them, so that they keep the focus and the pointer. */
function recount(old, now) {
  const [buttons, counted] = [old, now].map((form) => [...form.querySelectorAll("button")]);
  if (buttons.length !== counted.length || buttons.some((button, index) => button.value !== counted[index].value)) {
    old.replaceWith(now);
    return;
  }
  buttons.forEach((button, index) => {
    for (const name of ["name", "aria-pressed", "aria-label"]) button.setAttribute(name, counted[index].getAttribute(name));
    button.lastElementChild.textContent = counted[index].lastElementChild.textContent;
  });
}

/** Puts a message's new version in its place. Where only reactions changed, the rest is neither touched nor read aloud again. */
function replace(known, entry) {
  const reactions = (each) => each.querySelector(":scope > .reactions");
  const rest = (each) => [...each.children].filter((part) => part !== reactions(each));
  const [old, now] = [reactions(known), reactions(entry)];
  const [was, is] = [rest(known), rest(entry)];
  if (!now || was.length !== is.length || was.some((part, index) => !part.isEqualNode(is[index]))) {
    known.replaceWith(entry);
    return;
  }
  known.dataset.changed = entry.dataset.changed;
  if (old) recount(old, now);
  else known.append(now);
}

function apply({ id, changed, html }) {
  const known = document.getElementById(`m${id}`);
  if (known && Number(known.dataset.changed) >= changed) return;
  // A message that stands on an earlier page is not for this one.
  if (!known && document.querySelector("[data-earlier]") && id < Number(log.firstElementChild?.dataset.id)) return;
  const focused = known?.contains(document.activeElement) ? document.activeElement : null;
  if (html === null) {
    if (!known) return;
    const beside = known.nextElementSibling ?? known.previousElementSibling;
    keepingPlace(() => known.remove());
    if (focused) (beside ?? input).focus({ preventScroll: true });
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = html; // escaped by the server
  const entry = template.content.querySelector(".entry");
  localise(entry);
  const wasAtEnd = atEnd();
  keepingPlace(() => {
    document.getElementById("empty")?.remove();
    if (known) {
      replace(known, entry);
    } else {
      entry.classList.add("fresh");
      const later = [...log.children].find((each) => Number(each.dataset.id) > id);
      log.insertBefore(entry, later ?? null);
    }
  });
  if (focused && !focused.isConnected) focusIn(document.getElementById(`m${id}`), focused);
  if (!known && !wasAtEnd) news.hidden = false;
}

scroller.addEventListener("scroll", () => atEnd() && (news.hidden = true), { passive: true });
news.addEventListener("click", () => {
  toEnd();
  log.lastElementChild?.focus({ preventScroll: true });
});

// ------------------------------------------------ dialogs

const filled = (dialog) => [...dialog.querySelectorAll("input:not([type=hidden]), textarea, select")];

function openDialog(html) {
  const opener = document.activeElement;
  const home = opener?.closest(".entry")?.id;
  if (html !== undefined) dialogs.innerHTML = html; // escaped by the server
  const dialog = dialogs.querySelector("dialog");
  dialogs.replaceChildren(dialog);
  dialog.removeAttribute("open");
  const kept = drafts.get(dialog.dataset.draft);
  for (const field of filled(dialog)) {
    if (kept?.has(field.name) && !field.value) field.value = kept.get(field.name);
  }
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "sent") {
      drafts.set(dialog.dataset.draft, new Map(filled(dialog).map((field) => [field.name, field.value])));
    }
    dialog.remove();
    if (document.activeElement !== document.body) return;
    // The stream may have replaced the message that the dialog was opened from before the answer came.
    const entry = home && document.getElementById(home);
    if (entry) focusIn(entry, opener);
    else (opener?.isConnected ? opener : input).focus({ preventScroll: true });
  });
  dialog.querySelector("[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  dialog.showModal();
  (dialog.querySelector("[aria-invalid]") ?? filled(dialog)[0])?.focus();
}

// ------------------------------------------------ sending

let hush = 0;
function say(sentence) {
  (document.querySelector("dialog[open]") ?? document.body).append(toast); // else it lies under the dialog's veil
  toast.textContent = sentence;
  clearTimeout(hush);
  hush = setTimeout(() => (toast.textContent = ""), 8000);
}

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  body.set("since", since);
  let answer;
  try {
    const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "application/json" } });
    answer = await response.json();
  } catch {
    say(toast.dataset.unheard);
    return;
  }
  if (answer.reload) {
    location.reload();
  } else if (answer.error) {
    say(answer.error);
  } else {
    show(form, answer);
  }
}

function show(form, answer) {
  toast.textContent = ""; // whatever went wrong before has been overcome
  const dialog = form.closest("dialog");
  const faulty = dialog && answer.dialog;
  if (form.id === "composer-form") composer.sent();
  if (dialog && !faulty) {
    drafts.delete(dialog.dataset.draft);
    dialog.close("sent");
  }
  for (const change of answer.changes) apply(change);
  const shown = answer.shown && document.getElementById(`m${answer.shown}`);
  if (shown) shown.scrollIntoView({ block: "nearest" });
  if (answer.dialog) {
    if (faulty) dialog.close("sent");
    openDialog(answer.dialog);
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if ("plain" in form.dataset) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  const { submitter } = event;
  const waiting = setTimeout(() => submitter?.classList.add("pending"), 250);
  form.setAttribute("aria-busy", "true");
  await send(form, submitter);
  clearTimeout(waiting);
  submitter?.classList.remove("pending");
  form.removeAttribute("aria-busy");
});

// ------------------------------------------------ who I am

const menu = document.getElementById("who");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("pointerdown", (event) => {
  if (menu.open && !menu.contains(event.target)) menu.open = false;
});
menu.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
// Another tab became someone else: this one would still show what the first person alone may see.
tabs.addEventListener("message", ({ data }) => data !== who && location.reload());
tabs.postMessage(who);
addEventListener("pageshow", (event) => event.persisted && location.reload());

// ------------------------------------------------ begin

localise(document);
if (dialogs.querySelector("dialog")) {
  history.replaceState(null, "", "/");
  openDialog();
}
if ("live" in document.body.dataset) {
  listen(() => `/stream?${new URLSearchParams({ who, since })}`, {
    hello: (now) => now !== version && location.reload(),
    change(change) {
      since = Math.max(since, change.changed);
      apply(change);
    },
    reload: () => location.reload(),
    lost: (isLost) => (lost.hidden = !isLost),
  });
}
