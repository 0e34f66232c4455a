// The controls: the address leads, the form shows it, a change of the form changes the address.
const form = document.getElementById("filters");
const NONE = "\u0000none";

function option(value, label, count) {
  const made = element("option", "", count === undefined ? label : `${label}（${grouped(count)}）`);
  made.value = value;
  return made;
}

function fillSelect(name, everything, label, filter) {
  const select = form.elements[name];
  if (!select) return;
  const counts = countBy(name, filter);
  const chosen = filter[name];
  const options = [option("", everything)];
  slugs[name].forEach((slug, at) => {
    if (counts.has(at) || slug === chosen) options.push(option(slug === "" ? NONE : slug, label(at), counts.get(at) || 0));
  });
  select.replaceChildren(...options);
  select.value = chosen === null ? "" : chosen === "" ? NONE : chosen;
}

function showControls(filter) {
  fillSelect("school", words.all_schools, schoolName, filter);
  fillSelect("form", words.all_forms, formName, filter);
  fillSelect("rule", words.all_rules, (at) => data.rules[at].title, filter);
  fillSelect("life", words.all_lives, (at) => data.lives[at].title, filter);
  const counts = countBy("severity", filter);
  severitySlugs.forEach((slug, at) => {
    form.querySelector(`input[value="${slug}"]`).checked = filter.severity.includes(slug);
    form.querySelector(`output[data-severity="${slug}"]`).textContent = grouped(counts.get(at) || 0);
  });
  form.querySelector("button[type=reset]").hidden = filterAddress({ ...filter, group: "" }) === "";
  if (form.elements.q.value !== filter.q) form.elements.q.value = filter.q;
  if (form.elements.group) form.elements.group.value = filter.group;
}

function showCount(filter) {
  const listed = current.found.length;
  const all = filter.q ? listed : countAll(filter);
  const total = data.counts.count.reduce((sum, count) => sum + count, 0);
  let sentence = all === total ? fill(words.count_all, { n: grouped(all) }) : fill(words.count_some, { n: grouped(all), total: grouped(total) });
  if (listed < all) sentence += `；${fill(words.listed, { shown: grouped(listed) })}`;
  if (filter.q && data.share) sentence += words.searching_listed;
  document.getElementById("count").textContent = sentence;
}

function show() {
  const filter = readFilter();
  showList(filter);
  showControls(filter);
  showCount(filter);
}

function chosenFilter() {
  const value = (name) => {
    const control = form.elements[name];
    if (!control || control.value === "") return null;
    return control.value === NONE ? "" : control.value;
  };
  return {
    severity: severitySlugs.filter((slug) => form.querySelector(`input[value="${slug}"]`).checked),
    school: value("school"), form: value("form"), rule: value("rule"), life: value("life"),
    q: form.elements.q.value, group: form.elements.group ? form.elements.group.value : "",
  };
}

function apply() {
  history.replaceState(null, "", `#${filterAddress(chosenFilter())}`);
  show();
}

let waiting = 0;
form.addEventListener("input", (event) => {
  clearTimeout(waiting);
  if (event.target.type === "search") waiting = setTimeout(apply, 150);
  else apply();
});
form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
form.addEventListener("reset", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  history.replaceState(null, "", "#findings");
  show();
});

window.addEventListener("hashchange", () => {
  if (!location.hash.includes("=")) return;
  show();
  const section = document.getElementById("findings");
  section.scrollIntoView();
  section.focus({ preventScroll: true });
});

function sortMatrix(table, column, header) {
  const descending = header.getAttribute("aria-sort") === "ascending" || (column > 0 && !header.hasAttribute("aria-sort"));
  table.querySelectorAll("th[aria-sort]").forEach((each) => each.removeAttribute("aria-sort"));
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const key = (row) => Number(row.children[column].dataset.sort);
  const rows = Array.from(table.tBodies[0].rows);
  rows.sort((a, b) => (descending ? key(b) - key(a) : key(a) - key(b)));
  table.tBodies[0].append(...rows);
}

const table = document.getElementById("matrix-table");
if (table) {
  table.querySelectorAll("thead th").forEach((header, column) => {
    header.querySelector("button").addEventListener("click", () => sortMatrix(table, column, header));
  });
}

// What was fixed is a table of the page itself: its filter hides rows.
const fixed = document.getElementById("fixed-filters");

function filterFixed() {
  const school = fixed.elements.school ? fixed.elements.school.value : "";
  const needle = fixed.elements.q.value.trim().toLowerCase();
  const rows = Array.from(document.querySelectorAll("#fixed tbody tr"));
  rows.forEach((row) => {
    row.hidden = (school !== "" && row.dataset.school !== school) || (needle !== "" && !row.textContent.toLowerCase().includes(needle));
  });
  document.getElementById("fixed-count").textContent = fill(words.count_all, { n: grouped(rows.filter((row) => !row.hidden).length) });
}

if (fixed) {
  fixed.hidden = false;
  fixed.addEventListener("input", filterFixed);
  fixed.addEventListener("submit", (event) => event.preventDefault());
  filterFixed();
}

// #brief: the figures and the glance alone, on screen and as one printed page.
function showBrief() {
  document.body.classList.toggle("brief", location.hash === "#brief");
}
window.addEventListener("hashchange", showBrief);
showBrief();

window.addEventListener("beforeprint", printList);
window.addEventListener("afterprint", () => { document.getElementById("print-list").textContent = ""; });
form.hidden = false;
show();
