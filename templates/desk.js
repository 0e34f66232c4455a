// The desk's pages work without this; with it they tell what happens while it happens.
"use strict";
const body = document.body;
const words = JSON.parse(body.dataset.words || "{}");
const filled = (pattern, facts) => pattern.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const byId = (id) => document.getElementById(id);
document.documentElement.classList.add("scripted");

// What happens
let shown = Number(body.dataset.board || 0);
let taking = false;
// what somebody sent is answered by a page that is not to be had again by its address
const posted = "posted" in body.dataset;

function news(text, button, lost) {
  const bar = byId("news");
  if (!bar) return;
  bar.replaceChildren(document.createTextNode(text));
  bar.classList.toggle("lost", Boolean(lost));
  delete bar.dataset.noted;
  hold(Boolean(lost));
  if (button) {
    const made = document.createElement("button");
    made.textContent = button;
    const here = document.querySelector("main nav [aria-current], .top [aria-current]");
    made.addEventListener("click", () => (posted && here ? location.assign(here.href) : renew(wanted, true)));
    bar.append(" ", made);
  }
  bar.hidden = false;
}

function quiet() {
  byId("news").hidden = true;
  hold(false);
}

// What would go nowhere is not sent: the browser would show a page of its own, and what was typed would be gone
function hold(lost) {
  for (const button of document.querySelectorAll("main form[method=post] button:not([type=button])")) {
    if (lost && !button.disabled) {
      button.disabled = true;
      button.dataset.held = "";
    } else if (!lost && "held" in button.dataset) {
      button.disabled = false;
      delete button.dataset.held;
    }
  }
}

// whether something was typed or chosen that is not sent yet
function isOther(field) {
  if (field.type === "file" || field.type === "search") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.options ? [...field.options].some((each) => each.selected && each.value && !each.defaultSelected) : field.value !== field.defaultValue;
}

// Tables that are left with what was typed into them: the browser asks. What was refused stands typed on the answer.
let sending = false;
const isUnsaved = () => [...document.querySelectorAll("form[data-table]")].some((table) => "refused" in table.dataset || [...table.elements].some((each) => each.matches("input:not([type=hidden]), select, textarea") && isOther(each)));
window.addEventListener("beforeunload", (event) => { if (!sending && isUnsaved()) event.preventDefault(); });
document.addEventListener("submit", (event) => { if (event.target.matches("form[data-table]")) sending = true; });

// A text that is too long is told before it is sent, where maxlength would cut what is pasted without a word
document.addEventListener("input", ({ target }) => {
  const most = target.form?.dataset.most;
  if (most) target.setCustomValidity(target.value.length > Number(most) ? target.form.dataset.tooLong : "");
});

function isBusyHere() {
  const active = document.activeElement;
  const writes = active && active.matches("input[type=text], input[type=search], select, textarea") && active.value;
  return taking || posted || Boolean(writes) || [...document.querySelectorAll("main input, main select, main textarea")].some(isOther) || document.querySelector("details[open]");
}

let wanted = shown, renewing = false;

function onBoard({ number, fault, checking }) {
  progress(checking ? { done: 0, count: 0 } : null);
  // what was noted is obeyed now, or why it is not is told
  if (!checking && number === shown && "noted" in byId("news").dataset) { if (fault) news(fault, "", false); else quiet(); }
  if (number !== shown || (byId("progress") && fault !== (body.dataset.fault || ""))) renew(number);
}

// The page as it is now takes the place of what it was. It is not loaded anew: that would call the clerk back from
// wherever she was just going, and a browser may hang over the two.
async function renew(number, asked) {
  wanted = number;
  if (renewing) return;
  renewing = true;
  try {
    do {
      // who is writing a reason is not interrupted: the new page is offered
      if (!asked && isBusyHere()) return news(words.renewed, words.reload);
      const answer = await fetch(location.href);
      if (answer.redirected) return location.assign(answer.url);
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!asked && isBusyHere()) return news(words.renewed, words.reload);
      put(made);
      shown = Number(body.dataset.board);
    } while (wanted > shown);
  } catch { news(words.lost, "", true); } finally { renewing = false; }
}

function put(made) {
  const had = document.activeElement, typed = [...document.querySelectorAll("input[type=search]")];
  const told = byId("log") ? [...byId("log").children] : [];
  document.title = made.title;
  for (const part of [".top", "main"]) document.querySelector(part).replaceChildren(...made.querySelector(part).childNodes);
  for (const name of ["board", "fault", "opened", "heard"]) body.dataset[name] = made.body.dataset[name];
  if (byId("log")) for (const each of told.reverse()) {
    // what was told since the new page was made, or here alone
    const number = Number(each.dataset.number);
    if (!number || number > Number(body.dataset.heard)) byId("log").prepend(each);
  }
  for (const each of typed) if (byId(each.id)) byId(each.id).value = each.value;
  quiet();
  byId("news").replaceWith(made.getElementById("news"));
  wire();
  const same = had.id ? `#${CSS.escape(had.id)}` : ["href", "name"].filter((each) => had.getAttribute(each)).map((each) => `${had.localName}[${each}="${CSS.escape(had.getAttribute(each))}"]`)[0];
  if (same && document.querySelector(same)) document.querySelector(same).focus({ preventScroll: true });
}

function progress(told, pattern) {
  byId("checking").hidden = told === null;
  const box = byId("progress");
  if (!box) return;
  box.hidden = told === null;
  if (told === null) return;
  const bar = box.querySelector("progress");
  if (told.count) { bar.max = told.count; bar.value = told.done; } else bar.removeAttribute("value");
  box.querySelector("span").textContent = told.done < told.count ? filled(pattern, told) : words.working;
}

function line({ at, text, tone }, number) {
  const log = byId("log");
  if (!log) return;
  const item = document.createElement("li");
  const time = document.createElement("time");
  item.className = tone;
  item.dataset.number = number || 0;
  time.textContent = at;
  item.append(time, " ", Object.assign(document.createElement("span"), { textContent: text }));
  log.prepend(item);
}

function listen() {
  const source = new EventSource(`/events?after=${body.dataset.heard}`);
  let wasLost = false;
  source.addEventListener("open", async () => {
    if (wasLost) quiet();
    wasLost = false;
    // a board that came between the making of the page and now was told to nobody here
    const answer = await fetch("/state");
    const state = answer.ok ? await answer.json() : {};
    // a desk that was killed and opened again counts its boards from one
    if (state.opened && state.opened !== body.dataset.opened) shown = -1;
    if (answer.ok) onBoard(state);
  });
  source.addEventListener("error", () => { wasLost = true; news(words.lost, "", true); });
  source.addEventListener("board", (event) => onBoard(JSON.parse(event.data)));
  source.addEventListener("progress", (event) => progress(JSON.parse(event.data), words.reading));
  source.addEventListener("line", (event) => line(JSON.parse(event.data), event.lastEventId));
  window.addEventListener("pagehide", () => source.close());
}
if (byId("main") && window.EventSource) listen();

// What is dropped
const stamp = () => {
  const now = new Date(), two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
};

async function below(entry, path, found) {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    found.push({ file, path: path + file.name });
    return;
  }
  const reader = entry.createReader();
  for (;;) { // a reader tells a hundred entries at a time
    const entries = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!entries.length) return;
    for (const each of entries) await below(each, `${path}${entry.name}/`, found);
  }
}

async function dropped(transfer) {
  const found = [];
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  if (entries.length) for (const each of entries) await below(each, "", found);
  else found.push(...[...transfer.files].map((file) => ({ file, path: file.name })));
  return found;
}

async function take(files) {
  if (!files.length) return;
  const batch = stamp();
  taking = true;
  for (const [done, { file, path }] of files.entries()) {
    progress({ done, count: files.length }, words.sending);
    const headers = { "x-kbxt-batch": encodeURIComponent(batch), "x-kbxt-path": encodeURIComponent(path) };
    let answer = null;
    try { answer = await fetch("/files", { method: "PUT", body: file, headers }); } catch { /* told below */ }
    // what the desk did not take it says itself, to every page
    if (!answer) line({ at: "", text: filled(words.notSent, { file: path }), tone: "error" });
  }
  taking = false;
  progress({ done: 0, count: 0 }, words.working);
  await fetch("/merge", { method: "POST", redirect: "manual" });
}

document.addEventListener("dragover", (event) => {
  if (!byId("drop")) return;
  event.preventDefault();
  byId("drop").classList.add("over");
});
document.addEventListener("dragleave", (event) => { if (byId("drop") && !event.relatedTarget) byId("drop").classList.remove("over"); });
document.addEventListener("drop", async (event) => {
  if (!byId("drop")) return;
  event.preventDefault();
  byId("drop").classList.remove("over");
  take(await dropped(event.dataTransfer));
});

// What the page's own parts do, each time that they come
function wire() {
  const drop = byId("drop");
  if (drop) {
    const chosen = (input) => take([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    for (const id of ["chosen", "chosen-folder"]) byId(id).addEventListener("change", (event) => chosen(event.target));
    byId("chosen-folder").hidden = false;
  }

  // Which schools are shown
  const matrix = byId("matrix");
  if (matrix) {
    const rows = [...matrix.querySelectorAll("tbody tr")];
    const buttons = [...matrix.querySelectorAll(".filter button")];
    const find = byId("find");
    let state = new URLSearchParams(location.search).get("state") || "";
    const show = () => {
      const text = find.value.trim();
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.state === state));
      for (const row of rows) {
        const fits = !state || row.dataset.state === state || (state === "changed" && "changed" in row.dataset);
        row.hidden = !fits || !row.cells[0].textContent.includes(text);
      }
    };
    for (const button of buttons) button.addEventListener("click", () => {
      state = button.dataset.state;
      history.replaceState(null, "", state ? `?state=${state}` : location.pathname);
      show();
    });
    find.addEventListener("input", show);
    show();
  }

  // Many at once
  const all = byId("all");
  if (all) {
    const boxes = [...document.querySelectorAll("input[name=finding]")];
    const told = () => {
      const count = boxes.filter((box) => box.checked).length;
      all.checked = count === boxes.length;
      byId("chosen-count").textContent = count ? filled(words.chosen, { count }) : "";
    };
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; told(); });
    for (const box of boxes) box.addEventListener("change", told);
  }

  // One more line of a table
  for (const button of document.querySelectorAll("[data-add-line]")) button.addEventListener("click", () => {
    const lines = [...button.form.querySelectorAll("tbody tr.new")];
    const made = lines[lines.length - 1].cloneNode(true);
    for (const field of made.querySelectorAll("input, textarea")) {
      field.name = field.name.replace(/^[^.]*/, `new${lines.length}`);
      field.value = field.defaultValue = "";
    }
    lines[lines.length - 1].after(made);
    made.querySelector("input").focus();
  });

  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", async () => {
    const area = byId(button.dataset.copy);
    area.select();
    try { await navigator.clipboard.writeText(area.value); } catch { document.execCommand("copy"); }
    button.textContent = words.copied;
  });
}
wire();
