// The list: groups of findings, a stretch at a time, so that twenty thousand are as quick as twenty.
const STRETCH = 40;
const MOST_PRINTED = 5000;
const list = document.getElementById("list");
let current = { found: [], filter: null, sizes: new Map(), shown: 0, lastGroup: null, lastPlace: null };

function groupKey(i, group) {
  if (data.school) return findings.file[i];
  return group === "rule" ? findings.rule[i] : findings.school[i];
}

function groupTitle(i, group) {
  if (data.school) return text(findings.file[i]) || words.no_form;
  return group === "rule" ? data.rules[findings.rule[i]].title : schoolName(findings.school[i]);
}

function inGroups(found, group) {
  if (group !== "rule") return found;
  return found.slice().sort((a, b) => findings.severity[a] - findings.severity[b] || findings.rule[a] - findings.rule[b] || a - b);
}

function groupElement(i, filter, total) {
  const heading = element("h3", "", isolated(groupTitle(i, filter.group)), element("span", "n", ` ${grouped(total)}`));
  const top = element("div", "group-top", heading);
  if (filter.group !== "rule" || data.school) {
    const button = element("button", "copy", words.copy);
    button.type = "button";
    button.setAttribute("aria-label", `${words.copy}：${groupTitle(i, filter.group)}`);
    button.addEventListener("click", () => copyGroup(groupKey(i, filter.group), button));
    top.append(button);
  } else if (data.rules[findings.rule[i]].when) {
    top.append(element("p", "note", data.rules[findings.rule[i]].when));
  }
  return element("section", "group", top);
}

function showMore() {
  const { found, filter } = current;
  const until = Math.min(current.shown + STRETCH, found.length);
  const button = document.getElementById("more");
  if (button) button.remove();
  for (; current.shown < until; current.shown += 1) appendFinding(found[current.shown], filter);
  if (until < found.length) list.append(moreButton(found.length - until));
}

function appendFinding(i, filter) {
  const key = groupKey(i, filter.group);
  if (key !== current.lastGroup) {
    list.append(groupElement(i, filter, current.sizes.get(key)));
    current.lastGroup = key;
    current.lastPlace = null;
  }
  const section = list.lastElementChild;
  if (place(i) !== current.lastPlace || filter.group === "rule") {
    const inFile = data.school ? text(findings.sheet[i]) : place(i);
    if (filter.group !== "rule" && inFile) section.append(element("h4", "", isolated(inFile)));
    if (filter.group !== "rule" || !section.querySelector("ul")) section.append(element("ul", "items"));
    current.lastPlace = place(i);
  }
  section.lastElementChild.append(findingElement(i, filter.group));
}

function moreButton(left) {
  const button = element("button", "more", fill(words.more, { n: grouped(Math.min(left, STRETCH)) }));
  button.type = "button";
  button.id = "more";
  button.addEventListener("click", showMore);
  if ("IntersectionObserver" in window) {
    const watcher = new IntersectionObserver((seen) => {
      if (seen.some((each) => each.isIntersecting)) { watcher.disconnect(); showMore(); }
    }, { rootMargin: "600px" });
    watcher.observe(button);
  }
  return button;
}

function showList(filter) {
  const sizes = new Map();
  const found = inGroups(matching(filter), filter.group);
  found.forEach((i) => sizes.set(groupKey(i, filter.group), (sizes.get(groupKey(i, filter.group)) || 0) + 1));
  current = { found, filter, sizes, shown: 0, lastGroup: null, lastPlace: null };
  list.textContent = "";
  if (!current.found.length) list.append(element("p", "empty", size ? words.none : words.no_findings));
  showMore();
}

// On paper: a school a page, its name repeated over every page of it.
function printList() {
  const paper = document.getElementById("print-list");
  paper.textContent = "";
  const found = current.found.slice(0, MOST_PRINTED);
  if (found.length < current.found.length) paper.append(element("p", "note", fill(words.print_cut, { n: grouped(MOST_PRINTED) })));
  onPaper = true;
  let last = null;
  let body = null;
  found.forEach((i) => {
    const key = groupKey(i, current.filter.group);
    if (key !== last) {
      body = element("tbody", "");
      paper.append(element("table", "sheet", printHead(i), body));
      last = key;
    }
    const where = [place(i), pointedAt(i)].filter(Boolean).join(" › ");
    body.append(element("tr", "", element("td", "place", isolated(where), severityElement(i)), element("td", "", saidElement(i), endsElement(i))));
  });
  onPaper = false;
}

function printHead(i) {
  const title = element("th", "", isolated(groupTitle(i, current.filter.group)));
  title.colSpan = 2;
  title.scope = "colgroup";
  const columns = [words.place, words.message].map((name) => { const th = element("th", "", name); th.scope = "col"; return th; });
  return element("thead", "", element("tr", "title", title), element("tr", "", ...columns));
}
