// What is asked for: kept in the address, so that a view can be bookmarked and gone back to.
const NAMES = ["school", "form", "rule", "life"];
const slugs = { school: data.schools, form: data.forms.map((each) => each.slug), rule: data.rules.map((each) => each.slug),
  life: data.lives.map((each) => each.slug) };
const severitySlugs = data.severities.map((each) => each.slug);
const USUAL = ["error", "warning"];

// A filter that is absent asks for everything; a blank one for what has no school or no form.
function readFilter() {
  const given = new URLSearchParams(location.hash.slice(1));
  const severity = given.get("severity");
  const filter = { severity: severity === null ? USUAL : severity.split(",").filter((each) => severitySlugs.includes(each)) };
  NAMES.forEach((name) => { filter[name] = given.has(name) ? given.get(name) : null; });
  filter.q = given.get("q") || "";
  filter.group = given.get("group") || "";
  return filter;
}

function filterAddress(filter) {
  const parts = NAMES.filter((name) => filter[name] !== null).map((name) => [name, filter[name]]);
  if (filter.severity.join() !== USUAL.join()) parts.push(["severity", filter.severity.join()]);
  if (filter.q) parts.push(["q", filter.q]);
  if (filter.group) parts.push(["group", filter.group]);
  return parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

// Positions instead of names; -1 where the address names what is not here, which nothing fits.
function compiled(filter) {
  const wanted = { severity: new Set(filter.severity.map((each) => severitySlugs.indexOf(each))) };
  NAMES.forEach((name) => { wanted[name] = filter[name] === null ? null : slugs[name].indexOf(filter[name]); });
  return wanted;
}

function fits(columns, i, wanted, besides) {
  return NAMES.every((name) => name === besides || wanted[name] === null || columns[name][i] === wanted[name])
    && (besides === "severity" || wanted.severity.has(columns.severity[i]));
}

function matching(filter) {
  const wanted = compiled(filter);
  const needle = filter.q.trim().toLowerCase();
  const found = [];
  for (let i = 0; i < size; i += 1) {
    if (fits(findings, i, wanted) && (!needle || searchText(i).includes(needle))) found.push(i);
  }
  return found;
}

// How many there are, also of those that the page does not list; by the values of one filter while the others hold.
function countBy(name, filter) {
  const wanted = compiled(filter);
  const counts = new Map();
  data.counts.count.forEach((count, i) => {
    if (fits(data.counts, i, wanted, name)) counts.set(data.counts[name][i], (counts.get(data.counts[name][i]) || 0) + count);
  });
  return counts;
}

function countAll(filter) {
  const wanted = compiled(filter);
  return data.counts.count.reduce((sum, count, i) => sum + (fits(data.counts, i, wanted) ? count : 0), 0);
}
