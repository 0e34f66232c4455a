// A school's list as text, to be read over the telephone or pasted into a chat.
function groupText(key) {
  const { found, filter } = current;
  const own = found.filter((i) => groupKey(i, filter.group) === key);
  const lines = [`${data.school || groupTitle(own[0], filter.group)} ${data.title}`];
  let last = null;
  own.forEach((i, number) => {
    if (place(i) !== last && place(i)) lines.push(`【${place(i)}】`);
    last = place(i);
    const suggestion = text(findings.suggestion[i]);
    lines.push(`${number + 1}. ${pointedAt(i)} ${data.severities[findings.severity[i]].title}：${message(i)}`
      + (suggestion ? `（${words.suggestion}：${suggestion}）` : ""));
  });
  return lines.join("\n");
}

async function copyGroup(key, button) {
  const copied = groupText(key);
  try {
    await navigator.clipboard.writeText(copied);
    const before = button.textContent;
    button.textContent = words.copied;
    document.getElementById("announced").textContent = words.copied;
    setTimeout(() => { button.textContent = before; }, 2000);
  } catch (refused) {
    const dialog = document.getElementById("copy-dialog");
    const area = document.getElementById("copy-text");
    area.value = copied;
    if (dialog.showModal) dialog.showModal(); else dialog.setAttribute("open", "");
    area.select();
  }
}

document.getElementById("copy-close").addEventListener("click", () => {
  const dialog = document.getElementById("copy-dialog");
  if (dialog.close) dialog.close(); else dialog.removeAttribute("open");
});
