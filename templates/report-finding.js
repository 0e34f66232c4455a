// A finding as it stands on the screen and on paper. Texts of schools become text nodes, never markup.
function element(name, classes, ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children.filter((each) => each !== null && each !== undefined));
  return made;
}

let onPaper = false;
const isolated = (string) => element("bdi", "", string);

function rowElement(form, row, field, label) {
  const list = element("dl", "row");
  list.setAttribute("aria-label", label);
  rowCells(form, row, field).forEach(([name, typed, marked]) => {
    if ((onPaper || data.forms[form].card) && !typed && !marked) return;
    const value = marked ? element("mark", "", isolated(typed || words.blank)) : isolated(typed);
    if (marked) value.append(element("span", "hidden", ` （${words.marked}）`));
    list.append(element("div", marked ? "marked" : "", element("dt", "", name), element("dd", "", value)));
  });
  return list;
}

function endElement([placeText, form, row, field]) {
  const end = element("div", "end", element("p", "place", `${words.other_end}：`, isolated(text(placeText))));
  if (row >= 0) end.append(rowElement(form, row, field, words.other_end));
  return end;
}

const severityElement = (i) => {
  const severity = data.severities[findings.severity[i]];
  return element("span", `severity ${severity.slug}`, severity.title);
};

function lifeElement(i) {
  const life = data.lives[findings.life[i]];
  if (!life.slug) return null;
  const made = element("span", `life ${life.slug}`, life.title);
  if (life.slug !== "new") made.append(` · ${fill(words.since, { day: text(findings.since[i]) })}`);
  return made;
}

function saidElement(i) {
  const said = element("p", "said", isolated(message(i)));
  const suggestion = text(findings.suggestion[i]);
  if (suggestion) said.append(element("span", "suggestion", `${words.suggestion}：`, element("b", "", isolated(suggestion))));
  return said;
}

function endsElement(i) {
  const ends = element("div", "ends");
  const form = findings.form[i];
  const value = text(findings.value[i]);
  if (findings.row[i] >= 0) {
    const here = findings.related[i] ? element("p", "place", `${words.this_end}：${text(findings.cell[i])}`) : null;
    ends.append(element("div", "end", here, rowElement(form, findings.row[i], findings.field[i], words.row)));
  } else if (value) {
    ends.append(element("p", "typed", `${words.typed}：`, isolated(value)));
  }
  (findings.related[i] || []).forEach((end) => ends.append(endElement(end)));
  return ends;
}

// A rule's title leads to what it means and how to put it right; the list stays as it is filtered.
function ruleElement(i) {
  const rule = data.rules[findings.rule[i]];
  const how = document.getElementById(`how-${rule.slug}`);
  if (!how || onPaper) return element("span", "rule", rule.title);
  const link = element("a", "", rule.title);
  link.href = `#how-${rule.slug}`;
  link.title = words.how_link;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    how.open = true;
    how.scrollIntoView();
    how.querySelector("summary").focus({ preventScroll: true });
  });
  return element("span", "rule", link);
}

function findingElement(i, group) {
  const head = element("p", "where", element("b", "cell", pointedAt(i)), severityElement(i));
  if (group === "rule") head.append(element("span", "place", isolated(`${schoolName(findings.school[i])} · ${place(i)}`)));
  else head.append(ruleElement(i));
  const life = lifeElement(i);
  if (life) head.append(life);
  return element("li", `finding ${data.severities[findings.severity[i]].slug}`, head, saidElement(i), endsElement(i));
}
