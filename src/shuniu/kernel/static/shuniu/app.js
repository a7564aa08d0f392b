// What the pages do besides answering: everything here is an addition, no page needs it.
"use strict";

const words = document.documentElement.dataset;

// A session that ended answers htmx with the sign-in page: go there instead of putting it into a corner of this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname !== new URL(pathInfo.finalRequestPath, location).pathname) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

document.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.elt));

// Popovers are <details>; they close when one looks elsewhere.
document.addEventListener("click", (event) => {
  for (const one of document.querySelectorAll("details[data-popover][open]")) {
    if (!one.contains(event.target)) one.open = false;
  }
  const suggestions = document.getElementById("suggestions");
  if (suggestions && !suggestions.parentElement.contains(event.target)) suggestions.replaceChildren();
});

function closeAll() {
  for (const one of document.querySelectorAll("details[data-popover][open]")) {
    one.open = false;
    one.querySelector("summary").focus();
  }
  document.getElementById("suggestions")?.replaceChildren();
}

// Keyboard: / to search, g and a letter to go, Escape to close, arrows within the suggestions.
let going = 0;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeAll();
  if (event.target.closest(".top-search") && ["ArrowDown", "ArrowUp"].includes(event.key)) return moveInSuggestions(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "/") {
    const box = document.getElementById("top-search");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  } else if (event.key === "g") {
    going = Date.now();
  } else if (Date.now() - going < 1500) {
    going = 0;
    if (/^[a-z]$/.test(event.key)) document.querySelector(`.sidebar a[data-key="${event.key}"]`)?.click();
  }
});

function moveInSuggestions(event) {
  const places = [document.getElementById("top-search"), ...document.querySelectorAll("#suggestions a")];
  const here = places.indexOf(document.activeElement);
  const there = here + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  places[Math.max(0, Math.min(places.length - 1, there))].focus();
}

// A question before a button with data-confirm does its work.
document.addEventListener("submit", (event) => {
  const asking = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  const dialog = document.getElementById("confirm");
  if (!asking || !dialog || event.target.dataset.confirmed) return;
  event.preventDefault();
  dialog.querySelector("p").textContent = asking;
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    event.target.dataset.confirmed = "yes";
    event.target.requestSubmit(event.submitter);
    delete event.target.dataset.confirmed;
  };
  dialog.showModal();
});

// Drafts: what was typed into a form with data-draft outlives a closed window for a week, never a sign-out.
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const MAY_BE_KEPT = ":is(input, textarea, select)[name]:not([type=hidden], [type=password], [type=file], [type=submit], [data-secret], [autocomplete=one-time-code])";

function draftOf(form) { return `draft:${words.user}:${form.dataset.draft}`; }

function keepDraft(form) {
  const kept = [...form.querySelectorAll(MAY_BE_KEPT)].map((one) => [one.name, one.value, one.checked === true]);
  localStorage.setItem(draftOf(form), JSON.stringify({ at: Date.now(), kept }));
}

function offerDraft(form) {
  const stored = JSON.parse(localStorage.getItem(draftOf(form)) || "null");
  if (!stored || Date.now() - stored.at > KEPT_FOR || form.querySelector(".field-wrong")) return;
  const fields = [...form.querySelectorAll(MAY_BE_KEPT)];
  stored.kept.forEach(([name, value, checked], index) => {
    const one = fields[index];
    if (one?.name !== name) return;
    if (["checkbox", "radio"].includes(one.type)) one.checked = checked; else one.value = value;
  });
  const note = document.createElement("div");
  const drop = document.createElement("button");
  note.className = "notice draft-note";
  note.setAttribute("role", "status");
  note.textContent = words.draftKept;
  drop.type = "button";
  drop.className = "btn";
  drop.textContent = words.draftDrop;
  drop.addEventListener("click", () => { localStorage.removeItem(draftOf(form)); form.reset(); note.remove(); });
  note.append(drop);
  form.prepend(note);
}

function forgetDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
}

// Enhancements of what is on the page, and of what htmx puts there later.
function enhance(root) {
  for (const one of root.querySelectorAll("select[data-search]:not(.tomselected)")) {
    new TomSelect(one, { allowEmptyOption: true, maxOptions: 500, plugins: one.multiple ? ["remove_button"] : [],
      render: { no_results: () => { const none = document.createElement("div"); none.className = "no-results"; none.textContent = words.noMatch; return none; } } });
  }
  for (const one of root.querySelectorAll("select.tomselected")) one.setAttribute("aria-hidden", "true");
  for (const one of root.querySelectorAll("[data-fold]")) fold(one);
  for (const head of root.querySelectorAll("th.cell-choose:not(:has(input))")) {
    const all = document.createElement("input");
    all.type = "checkbox";
    all.className = "form-check-input";
    all.setAttribute("aria-label", words.chooseAll);
    all.addEventListener("change", () => {
      for (const box of head.closest("table").querySelectorAll("td.cell-choose input")) box.checked = all.checked;
    });
    const area = document.createElement("label");
    area.className = "choose";
    area.append(all);
    head.replaceChildren(area);
  }
}

// On a phone the conditions of a list would fill the screen: they fold away behind a button; those in force are named above the list.
function fold(conditions) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn fold";
  button.textContent = conditions.dataset.fold;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true")));
  conditions.before(button);
}

enhance(document);
for (const form of document.querySelectorAll("form[data-draft]")) {
  offerDraft(form);
  form.addEventListener("input", () => keepDraft(form));
  form.addEventListener("submit", () => localStorage.removeItem(draftOf(form)));
}
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
for (const form of document.querySelectorAll(".account form")) form.addEventListener("submit", forgetDrafts);
document.querySelector("[data-focus]")?.focus();
