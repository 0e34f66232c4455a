"use strict";
// The page's data: columns of numbers that point into short lists and into one list of texts.
const data = JSON.parse(document.getElementById("data").textContent);
const findings = data.findings;
const words = data.words;
const size = findings.rule.length;

const text = (position) => data.texts[position];
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const grouped = (number) => number.toLocaleString("en-US");

// A message is a sentence that others share, and its own facts between the sentence's parts.
function message(i) {
  const [sentence, ...facts] = data.messages[findings.message[i]];
  return data.sentences[sentence].map((part, at) => part + (at < facts.length ? text(facts[at]) : "")).join("");
}
const schoolName = (position) => data.schools[position] || words.no_school;
const formName = (position) => {
  const form = data.forms[position];
  return form.slug ? `${form.slug} ${form.title}` : words.no_form;
};
const place = (i) => [text(findings.file[i]), text(findings.sheet[i])].filter(Boolean).join(" › ");

// What a finding points at: a cell, or all of a sheet, a file, a school.
function pointedAt(i) {
  if (findings.cell[i]) return text(findings.cell[i]);
  if (findings.sheet[i]) return words.whole_sheet;
  return findings.file[i] ? words.whole_file : words.whole_school;
}

// The cells of a record as typed: [label, text, whether it is the one in question].
function rowCells(form, row, field) {
  const columns = data.rows[data.forms[form].slug];
  return data.forms[form].fields.map((label, at) => [label, text(columns[at][row]), at === field]);
}

let searchable = null;
function searchText(i) {
  if (!searchable) searchable = new Array(size);
  if (searchable[i] === undefined) {
    const parts = [message(i), place(i), text(findings.cell[i]), text(findings.value[i]), text(findings.suggestion[i]),
      data.rules[findings.rule[i]].title, schoolName(findings.school[i])];
    if (findings.row[i] >= 0) rowCells(findings.form[i], findings.row[i], -1).forEach((cell) => parts.push(cell[1]));
    searchable[i] = parts.join("\n").toLowerCase();
  }
  return searchable[i];
}
